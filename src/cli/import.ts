import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  addCompany,
  addContact,
  addStaff,
  disableContact,
  disableStaff,
  endCompany,
} from '../store/directory.ts';
import type { Database } from '../store/database.ts';
import { oneOf } from './arguments.ts';
import { writing } from './database.ts';
import { examples } from './examples.ts';
import { type Entry, type ImportKind, importKinds, type LineError, readEntries } from './import-file.ts';
import { type Act, done, failed } from './outcome.ts';
import { say } from './output.ts';
import { showProgress } from './progress.ts';
import { reasonOf } from './files.ts';

/** `import FILE.csv --kind companies|contacts|staff` */
export function importCommand(program: Command, act: Act): void {
  program
    .command('import')
    .description('register many at once from a CSV file: all of them, or none where a line is wrong')
    .argument('<file.csv>', 'UTF-8, comma or semicolon, the first line names the columns')
    .requiredOption('--kind <kind>', `what it holds: ${importKinds.join(', ')}`, oneOf(importKinds))
    .addHelpText(
      'after',
      `
Columns, by their first line; those in brackets may be missing. Several values in one cell are separated by
spaces or |. What exists is updated.
  companies  name [domains] [contracts] [ended]
  contacts   email company [name] [disabled]
  staff      email name role [aliases] [disabled]
${examples('kticket import companies.csv --kind companies', 'kticket import clients.csv --kind contacts')}`,
    )
    .action(
      act(async (path: string, options: { kind: ImportKind }) => {
        let bytes: Uint8Array;
        try {
          bytes = await readFile(path);
        } catch (error) {
          return failed(`${path} cannot be read: ${reasonOf(error)}.`);
        }
        const file = readEntries(bytes, options.kind);
        if (!file.ok) return failed(report(path, file.errors));
        return writing(async (db) => {
          const errors: LineError[] = [];
          const progress = showProgress();
          for (const [i, { line, entry }] of file.entries.entries()) {
            progress.at(`${options.kind}: ${Math.floor((100 * i) / file.entries.length)} %`);
            const result = await register(db, entry);
            if (!result.ok) errors.push({ line, why: result.why });
          }
          progress.end();
          if (errors.length > 0) return failed(report(path, errors));
          say(`${path}: ${file.entries.length} ${options.kind} registered or updated`);
          return done;
        });
      }),
    );
}

type Registered = { ok: true } | { ok: false; why: string };

function report(path: string, errors: LineError[]): string {
  const lines = errors.map(({ line, why }) => `  line ${line}: ${why}`);
  return `${path}: nothing was imported.\n${lines.join('\n')}`;
}

async function register(db: Database, entry: Entry): Promise<Registered> {
  switch (entry.kind) {
    case 'companies': {
      const added = await addCompany(db, entry);
      return added.ok && entry.ended ? endCompany(db, entry.name) : added;
    }
    case 'contacts': {
      const added = await addContact(db, entry);
      return added.ok && entry.disabled ? disableContact(db, entry.email) : added;
    }
    case 'staff': {
      const added = await addStaff(db, entry);
      return added.ok && entry.disabled ? disableStaff(db, entry.email) : added;
    }
    default:
      return entry satisfies never;
  }
}
