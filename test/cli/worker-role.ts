import { readFile } from 'node:fs/promises';
import type { Client } from 'pg';

const page = new URL('../../docs/threat-model.md', import.meta.url);

/**
 * Makes the role of docs/threat-model.md as its page says, under another name.
 * @param admin connected as the owner of the tables
 * @param url the owner's
 * @returns the role's own URL
 */
export async function makeWorkerRole(admin: Client, url: string, role: string): Promise<string> {
  const block = /```sql\n([^`]*create role kticket_worker[^`]*)```/u.exec(await readFile(page, 'utf8'))?.[1];
  if (block === undefined) throw new Error('the page no longer says how to make the role');
  await admin.query(block.replaceAll('kticket_worker', role).replaceAll("'…'", "'secret'"));
  const own = new URL(url);
  own.username = role;
  own.password = 'secret';
  return own.href;
}
