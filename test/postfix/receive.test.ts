import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { kticket, launcher } from '../cli/kticket.ts';
import { scratchDatabase } from '../harness/database.ts';
import { type Postfix, startPostfix } from '../harness/postfix.ts';
import { postfixAvailable } from '../harness/servers.ts';
import { startTcpProxy } from '../harness/tcp-proxy.ts';
import { eventually, sendThrough } from './desk.ts';
import { addCompany } from '../../src/store/directory/companies.ts';

vi.setConfig({ testTimeout: 120_000 });

const guide = await readFile(new URL('../../docs/postfix.md', import.meta.url), 'utf8');

/** A file that docs/postfix.md shows, with this machine's paths and user. */
function shown(path: string, here: { folder: string; databaseUrl: string }): string {
  const block = new RegExp(`^\`\`\`(?:sh)?\\n# ${path}\\n([^]*?)^\`\`\``, 'm').exec(guide)?.[1];
  if (block === undefined) throw new Error(`docs/postfix.md shows no ${path}`);
  return block
    .replaceAll('user=kticket', 'user=nobody')
    .replaceAll('/usr/local/bin/kticket', join(here.folder, 'program'))
    .replaceAll('/etc/postfix/kticket', join(here.folder, 'table'))
    .replaceAll('/etc/kticket', here.folder)
    .replace(/^DATABASE_URL=.*$/m, `DATABASE_URL=${here.databaseUrl}`);
}

/** Postfix as docs/postfix.md has it; the database is reached through a wire that can be cut. */
async function start() {
  const { db, url } = await scratchDatabase();
  const wire = await startTcpProxy(Number(new URL(url).port));
  onTestFinished(() => wire.close());
  const folder = await mkdtemp(join(tmpdir(), 'kticket-pipe-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const databaseUrl = Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(wire.port) }).href;
  const here = { folder, databaseUrl };
  await chmod(folder, 0o755);
  const program = join(folder, 'program');
  const settings = join(folder, '.env');
  await writeFile(program, `#!/bin/sh\nexec ${process.execPath} ${launcher} "$@"\n`, { mode: 0o755 });
  await writeFile(join(folder, 'table'), shown('/etc/postfix/kticket', here));
  await writeFile(settings, shown('/etc/kticket/.env', here));
  const postfix = await startPostfix({
    master: shown('/etc/postfix/master.cf', here),
    main: shown('/etc/postfix/main.cf', here),
  });
  onTestFinished(() => postfix.stop());
  const messages = () =>
    db
      .selectFrom('message')
      .select(['envelope_recipient as recipient', 'envelope_sender as sender', 'raw', 'disposition'])
      .orderBy('id')
      .execute();
  return { db, wire, folder, program, settings, postfix, messages };
}

const send = (
  postfix: Postfix,
  to: string | string[] = 'assistenza@example.it',
  from = 'anna@rossi.example',
) => sendThrough(postfix, { from: 'anna@rossi.example', envelope: { from, to } });

describe.skipIf(!postfixAvailable())(
  'kticket receive in a pipe of Postfix, as docs/postfix.md has it',
  () => {
    test('while the database is away mail waits in the queue, and comes by itself when it is back: once', async () => {
      const { wire, postfix, messages } = await start();
      await wire.refuse();
      await send(postfix);
      const deferred = await postfix.logged(/relay=kticket, .*status=/);
      expect(deferred).toContain('status=deferred');
      expect(deferred).toContain('Not taken in, try again');
      await wire.accept();
      await postfix.logged(/relay=kticket, .*status=sent/);
      expect(await messages()).toMatchObject([
        { recipient: 'assistenza@example.it', sender: 'anna@rossi.example', disposition: 'pending' },
      ]);
    });

    test('wrong settings, and a program that fails in whatever way, send no mail back to its writer either', async () => {
      const { program, settings, postfix, messages } = await start();
      const [right, good] = [await readFile(settings, 'utf8'), await readFile(program, 'utf8')];
      await writeFile(settings, `${right}MAX_MESSAGE_MB=many\n`);
      await send(postfix);
      expect(await postfix.logged(/relay=kticket, .*status=/)).toMatch(/status=SOFTBOUNCE.*MAX_MESSAGE_MB/);
      await writeFile(program, '#!/bin/sh\nexit 1\n');
      await writeFile(settings, right);
      expect(await postfix.logged(/relay=kticket, .*died with status 1/)).not.toContain('status=bounced');
      await writeFile(program, good);
      await postfix.logged(/relay=kticket, .*status=sent/);
      expect(await messages()).toHaveLength(1);
    });

    test('a sender with letters beyond ASCII comes in as it is', async () => {
      const { postfix, messages } = await start();
      await send(postfix, 'assistenza@example.it', 'müller@rossi.example');
      await postfix.logged(/relay=kticket, .*status=sent/);
      expect(await messages()).toMatchObject([{ sender: 'müller@rossi.example' }]);
    });

    test('the plus-address and the null sender are kept; a mail to two queues comes twice and is decided once', async () => {
      const { db, folder, postfix, messages } = await start();
      await db
        .transaction()
        .execute((tx) => addCompany(tx, { name: 'Rossi', domains: ['rossi.example'], contracts: [] }));
      await send(postfix, ['Assistenza+ABC234@example.it', 'pda@example.it'], '');
      await eventually(async () => expect(await messages()).toHaveLength(2));
      const [first, second] = (await messages()).toSorted((a, b) =>
        (a.recipient ?? '').localeCompare(b.recipient ?? ''),
      );
      expect(first).toMatchObject({ recipient: 'assistenza+abc234@example.it', sender: '' });
      expect(second).toMatchObject({ recipient: 'pda@example.it', sender: '' });
      const head = first?.raw.toString('latin1') ?? '';
      expect(head).toMatch(/^Return-Path: <>$/m);
      expect(head).toMatch(/^X-Original-To: Assistenza\+ABC234@example\.it$/m);
      expect(head).toMatch(/^Delivered-To: Assistenza\+ABC234@example\.it$/m);

      const ran = await kticket(['run', '--once'], {
        cwd: folder,
        env: { SMTP_URL: `smtp://127.0.0.1:${postfix.smtpPort}` },
      });
      expect(ran.code).toBe(0);
      expect((await messages()).map(({ disposition }) => disposition)).toEqual(['opened', 'duplicate']);
    });
  },
);
