import { constants, existsSync, statSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { needs } from '../../../config/config.ts';
import { openEmbedded } from '../../../store/embedded/embedded.ts';
import { backUpEmbedded, restoreEmbedded } from '../../../store/embedded/backup.ts';
import { noteRestore } from '../../../desk/watch/seen-database.ts';
import { wrongConfiguration } from '../../terminal/with-configuration.ts';
import { whyNotWritten } from '../../terminal/files.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { printText } from '../../terminal/print.ts';
import { loadConfig } from '../../../config/load.ts';

/** `backup` */
export async function backup(file: string): Promise<Outcome> {
  return embeddedOnly('pg_dump --format=custom --file=FILE "$DATABASE_URL"', async (dataDirectory) => {
    if (existsSync(file)) return failed(`${file} exists already; name a new file.`);
    try {
      await access(dirname(resolve(file)), constants.W_OK);
    } catch (error) {
      return failed(`${file} cannot be written: ${whyNotWritten(error)}.`);
    }
    const embedded = await openEmbedded(dataDirectory);
    try {
      printText(`${file}: ${await backUpEmbedded(embedded.url, resolve(file))} bytes`);
      return succeeded;
    } finally {
      await embedded.close();
    }
  });
}

/** `restore` */
export async function restore(file: string): Promise<Outcome> {
  return embeddedOnly('pg_restore --dbname="$DATABASE_URL" FILE', async (dataDirectory) => {
    const why = notAFile(file);
    if (why !== null)
      return failed(`${why}. Expected the file that \`kticket backup\` wrote. Nothing was changed.`);
    const restored = await restoreEmbedded(dataDirectory, resolve(file));
    if (!restored.ok) return failed(restored.why);
    noteRestore(dataDirectory);
    printText(`${file} is the database now`);
    if (restored.before !== null) printText(`the database from before is kept in ${restored.before}`);
    printText('next: kticket restored');
    return succeeded;
  });
}

/** For the embedded database alone; a server of the admin's own has its own tools. */
async function embeddedOnly(
  instead: string,
  command: (dataDirectory: string) => Promise<Outcome>,
): Promise<Outcome> {
  const loaded = loadConfig(needs.database);
  if (!loaded.ok) return wrongConfiguration(loaded.problems);
  const { databaseUrl, dataDirectory } = loaded.config;
  return databaseUrl === null
    ? command(dataDirectory)
    : failed(`DATABASE_URL names your own server; use its own tools: ${instead}`);
}

function notAFile(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return `There is no file ${path}`;
  return found.isFile() ? null : `${path} is no file`;
}
