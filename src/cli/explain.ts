import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { Command } from 'commander';
import { type Explained, explainMessage } from '../core/explain.ts';
import { examples } from './examples.ts';
import { reasonOf } from './files.ts';
import { type Act, done, failed } from './outcome.ts';
import { fields, indented, person, say, sayJson, table } from './output.ts';

/**
 * `explain FILE.eml…`: no environment, no database, no effect. A file that cannot be read is named at the end (exit 1);
 * the others are explained all the same.
 */
export function explainCommand(program: Command, act: Act): void {
  program
    .command('explain')
    .description('say what each message says, as the desk would read it; changes nothing, needs no settings')
    .argument('<file.eml...>', 'messages as files, - for standard input')
    .option('--json', 'as a JSON array')
    .addHelpText('after', examples('kticket explain reply.eml', 'kticket explain --json *.eml'))
    .action(
      act(async (paths: string[], options: { json?: true }) => {
        // loaded when it is needed: the other commands start faster without it
        const { parseMessage } = await import('../mail/parse.ts');
        const explained: Explained[] = [];
        const unread: string[] = [];
        for (const path of paths) {
          const read = await readInput(path);
          if (read.ok) explained.push(explainMessage(await parseMessage(read.raw), path));
          else unread.push(read.why);
        }
        if (options.json === true) {
          sayJson(explained.map((one) => ({ ...one, from: one.from && withName(one.from) })));
        } else if (explained.length > 0) say(explained.map(inWords).join('\n\n'));
        return unread.length === 0 ? done : failed(unread.join('\n'));
      }),
    );
}

/** The bytes of a file or of standard input (`-`): one that cannot be read keeps nobody from reading the others. */
async function readInput(path: string): Promise<{ ok: true; raw: Uint8Array } | { ok: false; why: string }> {
  try {
    return { ok: true, raw: await (path === '-' ? buffer(process.stdin) : readFile(path)) };
  } catch (error) {
    return { ok: false, why: `${path} cannot be read: ${reasonOf(error)}.` };
  }
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
