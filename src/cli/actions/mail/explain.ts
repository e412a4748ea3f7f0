import { type Explained, explainMessage } from '../../../core/ticket/explain.ts';
import { defaultMessageMegabytes } from '../../../config/limits.ts';
import { parseMessage } from '../../../mail/parse/parse.ts';
import { openInput, whyNotRead, whyNotReadable } from '../../terminal/files.ts';
import { readBounded } from '../../terminal/message-file.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { fields, indented, person, table } from '../../terminal/output.ts';
import { printText, sayJson } from '../../terminal/print.ts';

/** `explain`. A file that cannot be read is named at the end (exit 1); the others are explained all the same. */
export async function explain(paths: string[], options: { json?: true }): Promise<Outcome> {
  const explained: Explained[] = [];
  const unread: string[] = [];
  for (const path of paths) {
    const read = await readInput(path);
    if (read.ok)
      explained.push(explainMessage(await parseMessage(read.raw, { truncated: read.truncated }), path));
    else unread.push(read.why);
  }
  if (options.json === true) {
    sayJson(explained.map((one) => ({ ...one, from: one.from && withName(one.from) })));
  } else if (explained.length > 0) printText(explained.map(inWords).join('\n\n'));
  return unread.length === 0 ? succeeded : failed(unread.join('\n'));
}

const longest = defaultMessageMegabytes * 1024 * 1024;

type Read = { ok: true; raw: Uint8Array; truncated: boolean } | { ok: false; why: string };

/** The bytes of a file or of standard input (`-`): one that cannot be read keeps nobody from reading the others. */
async function readInput(path: string): Promise<Read> {
  const why = await whyNotReadable(path);
  if (why !== null) return { ok: false, why };
  try {
    return { ok: true, ...(await readBounded(openInput(path), longest)) };
  } catch (error) {
    return { ok: false, why: `${path} cannot be read: ${whyNotRead(error)}.` };
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
