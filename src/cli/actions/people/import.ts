import { readFile } from 'node:fs/promises';
import { counted } from '../../../core/letters/text.ts';
import type { Database } from '../../../store/db/database.ts';
import { writing } from '../../terminal/with-database.ts';
import { type ImportEntry, type LineError, readEntries } from '../../import/file.ts';
import type { ImportKind } from '../../import/kinds.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { printText } from '../../terminal/print.ts';
import { showProgress } from '../../terminal/progress.ts';
import { whyNotRead, whyNotReadable } from '../../terminal/files.ts';
import { registerQueue } from './queue.ts';
import { addCategory } from '../../../store/directory/categories.ts';
import { addCompany, endCompany } from '../../../store/directory/companies.ts';
import { addContact, disableContact } from '../../../store/directory/contacts.ts';
import { addStaff, disableStaff } from '../../../store/directory/staff.ts';

/** `import` */
export async function importFile(path: string, options: { kind: ImportKind }): Promise<Outcome> {
  const why = await whyNotReadable(path);
  if (why !== null) return failed(why);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    return failed(`${path} cannot be read: ${whyNotRead(error)}.`);
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
    printText(
      `${path}: ${counted(file.entries.length, singular[options.kind], options.kind)} registered or updated`,
    );
    return succeeded;
  });
}

const singular: Record<ImportKind, string> = {
  companies: 'company',
  contacts: 'contact',
  staff: 'staff member',
  queues: 'queue',
  categories: 'category',
};

type Registered = { ok: true } | { ok: false; why: string };

function report(path: string, errors: LineError[]): string {
  const lines = errors.map(({ line, why }) => `  line ${line}: ${why}`);
  return `${path}: nothing was imported.\n${lines.join('\n')}`;
}

async function register(db: Database, entry: ImportEntry): Promise<Registered> {
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
    case 'queues':
      return registerQueue(db, entry, entry);
    case 'categories':
      return addCategory(db, entry);
    default:
      return entry satisfies never;
  }
}
