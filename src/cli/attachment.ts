import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { fittingFilename, splitFilename } from '../core/filename.ts';
import { attachmentContent, listAttachments } from '../store/files.ts';
import { ordinal } from './arguments.ts';
import { withDatabase } from './database.ts';
import { examples } from './examples.ts';
import { whyNotWritten } from './files.ts';
import { type Act, done, failed } from './outcome.ts';
import { say, sayJson, sayTable } from './output.ts';

/** `attachment list | save` */
export function attachmentCommands(program: Command, act: Act): void {
  const attachment = program
    .command('attachment')
    .description('files that clients sent, whether they were passed on or not')
    .helpCommand(false);

  attachment
    .command('list')
    .description('files of a ticket, oldest first')
    .argument('<ticket>', 'its number, as in [#1042]', ordinal)
    .option('--json', 'as a JSON array')
    .addHelpText('after', examples('kticket attachment list 1042'))
    .action(
      act(async (ticket: number, options: { json?: true }) =>
        withDatabase(async (db) => {
          const files = await listAttachments(db, { ticket, id: null });
          if (options.json === true) sayJson(files);
          else {
            const rows = files.map((one) => [
              one.id,
              one.filename,
              one.contentType,
              one.size,
              one.message,
              one.sha256,
            ]);
            sayTable(
              ['id', 'name', 'type', 'bytes', 'message', 'sha256'],
              rows,
              `Ticket #${ticket} has no files.`,
            );
          }
          return done;
        }),
      ),
    );

  attachment
    .command('save')
    .description('writes files of a ticket into a folder, all or one; nothing that is there is written over')
    .argument('<ticket>', 'its number, as in [#1042]', ordinal)
    .option('--id <id>', 'only this one, as `attachment list` shows it', ordinal)
    .option('--to <folder>', 'where to', '.')
    .addHelpText(
      'after',
      examples('kticket attachment save 1042', 'kticket attachment save 1042 --id 7 --to /tmp'),
    )
    .action(
      act(async (ticket: number, options: { id?: number; to: string }) =>
        withDatabase(async (db) => {
          const files = await listAttachments(db, { ticket, id: options.id ?? null });
          if (files.length === 0) {
            return failed(
              options.id === undefined
                ? `Ticket #${ticket} has no files, or there is no such ticket.`
                : `Ticket #${ticket} has no file ${options.id}. \`kticket attachment list ${ticket}\` shows all.`,
            );
          }
          if (!existsSync(options.to)) {
            return failed(`There is no folder ${options.to}. Make it, or name another one with --to.`);
          }
          const failures: string[] = [];
          for (const { id, filename } of files) {
            const content = await attachmentContent(db, id);
            try {
              say(await writeNew(options.to, filename, content));
            } catch (error) {
              failures.push(`file ${id}, ${filename}, cannot be written: ${whyNotWritten(error)}.`);
            }
          }
          return failures.length === 0 ? done : failed(failures.join('\n'));
        }),
      ),
    );
}

/** Writes a file nobody may run, under the first of `a.pdf`, `a (2).pdf` … that is free; its path. */
async function writeNew(folder: string, filename: string, content: Uint8Array): Promise<string> {
  const { stem, extension } = splitFilename(filename);
  for (let count = 1; ; count += 1) {
    const path = join(folder, fittingFilename(stem, `${count === 1 ? '' : ` (${count})`}${extension}`));
    try {
      await writeFile(path, content, { flag: 'wx', mode: 0o600 });
      return path;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}
