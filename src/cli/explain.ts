import { buffer } from 'node:stream/consumers';
import type { Command } from 'commander';
import { type Explained, explainMessage } from '../core/explain.ts';
import { examples } from './examples.ts';
import { openInputs } from './files.ts';
import { type Act, done, failed } from './outcome.ts';
import { fields, indented, person, say, sayJson, table } from './output.ts';

/** `explain FILE.eml…`: no environment, no database, no effect. */
export function explainCommand(program: Command, act: Act): void {
  program
    .command('explain')
    .description('say what each message says, as the desk would read it; changes nothing, needs no settings')
    .argument('<file.eml...>', 'messages as files, - for standard input')
    .option('--json', 'as a JSON array')
    .addHelpText('after', examples('kticket explain reply.eml', 'kticket explain --json *.eml'))
    .action(
      act(async (paths: string[], options: { json?: true }) => {
        const inputs = await openInputs(paths);
        if (!inputs.ok) return failed(inputs.why);
        // loaded when it is needed: the other commands start faster without it
        const { parseMessage } = await import('../mail/parse.ts');
        const explained: Explained[] = [];
        for (const input of inputs.inputs) {
          explained.push(explainMessage(await parseMessage(await buffer(input.stream())), input.name));
        }
        if (options.json === true) {
          sayJson(explained.map((one) => ({ ...one, from: one.from && withName(one.from) })));
        } else say(explained.map(inWords).join('\n\n'));
        return done;
      }),
    );
}

/** In JSON a name that is not there is null. */
function withName(from: { name: string; email: string }): { name: string | null; email: string } {
  return { ...from, name: from.name === '' ? null : from.name };
}

function inWords(one: Explained): string {
  const commands = one.commands.map(({ name, argument }) =>
    argument === null ? name : `${name} ${argument}`,
  );
  const parts = [
    fields({
      file: one.file,
      kind: one.kind,
      from: one.from === null ? null : person(one.from),
      subject: one.subject,
      commands: commands.length === 0 ? 'none' : commands.join(', '),
    }),
    `text:\n${one.replyText === '' ? '    (none)' : indented(one.replyText)}`,
  ];
  if (one.attachments.length > 0) {
    const rows = one.attachments.map((file) => [file.filename, file.contentType, file.size]);
    parts.push(table(['attachment', 'type', 'bytes'], rows, ''));
  }
  if (one.warnings.length > 0) parts.push(`warnings:\n${indented(one.warnings.join('\n'))}`);
  return parts.join('\n\n');
}
