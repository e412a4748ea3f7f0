import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemPostgresAvailable } from '../harness/servers.ts';
import { startSystemPostgres } from '../harness/system-postgres.ts';
import { type CliDesk, clientMail, startCliDesk, workOnce } from './desk.ts';
import { kticket, launcher } from './kticket.ts';
import { makeWorkerRole } from './worker-role.ts';

const page = readFileSync(new URL('../../docs/backup-and-restore.md', import.meta.url), 'utf8');

/** The commands of one block of the page, as they stand there. */
function block(name: string): string {
  const found = new RegExp(`^ *\`\`\`sh ${name}\\n([\\s\\S]*?)^ *\`\`\``, 'mu').exec(page)?.[1];
  if (found === undefined) throw new Error(`the page has no block ${name}`);
  return found;
}

let desk: CliDesk;
let folder: string;
beforeEach(async () => {
  desk = await startCliDesk();
  folder = mkdtempSync(join(tmpdir(), 'kticket-backup-'));
  // the embedded database's user must reach its data
  chmodSync(folder, 0o711);
  mkdirSync(join(folder, 'bin'));
  symlinkSync(launcher, join(folder, 'bin/kticket'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await desk.stop();
});

/** Runs commands in a shell as an administrator types them; what they printed. Throws where one of them fails. */
async function shell(commands: string, env: Record<string, string>, path = ''): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-ec', commands], {
    cwd: folder,
    env: { ...env, PATH: `${join(folder, 'bin')}:${dirname(process.execPath)}:${path}:${process.env.PATH}` },
  });
  return stdout;
}

/**
 * The page from beginning to end: a backup, mail after it, the backup back, mail let go. To whom that went.
 * @param owner whose environment the database's own tools are used in
 */
async function walkThrough(
  kind: 'embedded' | 'server',
  env: Record<string, string>,
  owner: Record<string, string> = env,
  path = '',
): Promise<string[]> {
  await shell('kticket company add "Rossi S.r.l." --domain rossi.example', env);
  await desk.mailbox.deliver([clientMail('Prima')]);
  await workOnce(env);
  await shell(block(`backup-${kind}`), owner, path);
  await desk.mailbox.deliver([clientMail('Persa')]);
  await workOnce(env);

  await shell(block(`restore-${kind}`), owner, path);
  expect(await shell(block('restored'), env)).toContain('taken in: 1 message that');
  const before = desk.smtp.received.length;
  await shell(block('decide'), env);
  expect(desk.smtp.received).toHaveLength(before);
  const looked = await shell(block('look'), env);
  expect(looked).toContain('2 filed on the server, all of them in the database');
  expect(looked).toMatch(/anna@rossi\.example +opened-client +awaiting_release +#1103/u);
  expect(await shell(block('release'), env)).toContain('1 outgoing mail: queued');
  await workOnce(env);
  return desk.smtp.received.slice(before).flatMap(({ to }) => to);
}

test('a backup that cannot be written is refused in words, and nothing is begun', async () => {
  const data = join(folder, 'data');
  const env = { KTICKET_DATA: data };
  const missing = join(folder, 'nowhere/kticket.tar.gz');
  expect(await kticket(['backup', missing], { env })).toMatchObject({
    code: 1,
    stderr: `${missing} cannot be written: its folder does not exist; make it first.\n`,
  });
  expect(existsSync(data)).toBe(false);
});

test('what is no backup is not restored: what was found and what is expected is said', async () => {
  const env = { KTICKET_DATA: join(folder, 'data') };
  const notes = join(folder, 'notes.txt');
  writeFileSync(notes, 'no backup');
  const empty = join(folder, 'empty.tar.gz');
  writeFileSync(empty, gzipSync(Buffer.alloc(10_240)));
  for (const [file, found] of [
    ['/nope', 'There is no file /nope.'],
    [folder, `${folder} is no file.`],
    [notes, `${notes} is no whole backup of an embedded database (`],
    [empty, `${empty} is no whole backup of an embedded database (no backup_label in it).`],
  ] as const) {
    const { code, stderr } = await kticket(['restore', file], { env });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(found) });
    expect(stderr).toContain('Expected the file that `kticket backup` wrote');
    expect(stderr).toContain('Nothing was changed.');
    expect(stderr.trimEnd()).not.toContain('\n');
  }
});

test('a backup that is whole is restored, however soon its archive has ended', async () => {
  const env = { KTICKET_DATA: join(folder, 'data') };
  writeFileSync(join(folder, 'backup_label'), '');
  const archive = execFileSync('tar', ['-cf', '-', '-C', folder, 'backup_label']);
  const file = join(folder, 'filled-up.tar.gz');
  writeFileSync(file, gzipSync(Buffer.concat([archive, Buffer.alloc(20_000_000)])));
  expect(await kticket(['restore', file], { env })).toMatchObject({ code: 0, stderr: '' });
});

describe('the page on backup and restore does what it says', () => {
  test('with the embedded database', { timeout: 900_000 }, async () => {
    const env = { ...desk.env, DATABASE_URL: '', KTICKET_DATA: join(folder, 'data') };
    expect(await walkThrough('embedded', env)).toEqual(['anna@rossi.example']);
  });

  test.skipIf(!systemPostgresAvailable())(
    'with a PostgreSQL server, the desk under a login that may create and drop nothing',
    { timeout: 900_000 },
    async () => {
      const postgres = await startSystemPostgres();
      try {
        const owner = { ...desk.env, DATABASE_URL: postgres.url };
        await shell('kticket migrate', owner);
        const admin = new Client({ connectionString: postgres.url });
        await admin.connect();
        const url = await makeWorkerRole(admin, postgres.url, 'kticket_worker');
        await admin.end();
        const env = { ...desk.env, DATABASE_URL: url };
        expect(await walkThrough('server', env, owner, postgres.programs)).toEqual(['anna@rossi.example']);
      } finally {
        await postgres.stop();
      }
    },
  );
});
