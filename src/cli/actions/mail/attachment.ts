import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fittingFilename, splitFilename } from '../../../core/message/filename.ts';
import { attachmentContent, listAttachments } from '../../../store/snapshot/files.ts';
import { withDatabase } from '../../terminal/with-database.ts';
import { whyNotWritten } from '../../terminal/files.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { sayTable } from '../../terminal/output.ts';
import { printText, sayJson } from '../../terminal/print.ts';
import { codeOf } from '../../../log/errors.ts';

/** `attachment list` */
export async function list(ticket: number, options: { json?: true }): Promise<Outcome> {
  return withDatabase(async (db) => {
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
      sayTable(['id', 'name', 'type', 'bytes', 'message', 'sha256'], rows, `Ticket #${ticket} has no files.`);
    }
    return succeeded;
  });
}

/** `attachment save` */
export async function save(ticket: number, options: { id?: number; to: string }): Promise<Outcome> {
  return withDatabase(async (db) => {
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
        printText(await writeNew(options.to, filename, content));
      } catch (error) {
        failures.push(`file ${id}, ${filename}, cannot be written: ${whyNotWritten(error)}.`);
      }
    }
    return failures.length === 0 ? succeeded : failed(failures.join('\n'));
  });
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
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}
