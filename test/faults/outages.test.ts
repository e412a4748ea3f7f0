/** Servers that go away under a worker at work: it says so once, stays, and catches up by itself. */
import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/store/db/database.ts';
import { dovecotAvailable, systemPostgresAvailable } from '../harness/servers.ts';
import { startSmtpServer } from '../harness/smtp-server.ts';
import { startSystemPostgres, type SystemPostgres } from '../harness/system-postgres.ts';
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.ts';
import { openStage, type Stage, type StageOptions } from './stage.ts';
import { deskAddress } from './traffic.ts';
import type { Line, Worker } from './worker.ts';

const opened = async (options: StageOptions = {}): Promise<Stage> => {
  const stage = await openStage(options);
  onTestFinished(() => stage.close());
  return stage;
};

/** So many new clients' mails. */
const write = async (stage: Stage, mails: number, more = ''): Promise<void> => {
  for (let n = 0; n < mails; n += 1) await stage.traffic.open(more);
};

const begins =
  (loop: string) =>
  (line: Line): boolean =>
    line.level === 'error' && line.loop?.startsWith(loop) === true;
const ends =
  (loop: string) =>
  (line: Line): boolean =>
    line.msg.startsWith('works again') && line.loop?.startsWith(loop) === true;

/**
 * Repairs what was broken, waits until all is done, and holds the worker to its word: one outage, said once when it
 * began and once when it ended, with how much waited.
 */
async function catchesUp(
  stage: Stage,
  worker: Worker,
  loop: string,
  repair: () => Promise<void>,
): Promise<{ said: string; waited: number }> {
  const repaired = performance.now();
  await repair();
  const over = await worker.heard(ends(loop));
  const backAfter = performance.now() - repaired;
  await stage.rest();
  const restAfter = performance.now() - repaired;
  process.stderr.write(
    `${expect.getState().currentTestName}: "${over.msg}"; back after ${seconds(backAfter)} s, all done after ${seconds(restAfter)} s\n`,
  );
  expect(worker.runs()).toBe(true);
  const outages = worker.lines().filter((line) => begins('')(line) || ends('')(line));
  expect(outages.map(({ msg }) => msg)).toHaveLength(2);
  return { said: outages[0]?.msg ?? '', waited: over.waited ?? 0 };
}

/** The worker met no outage, and nothing is missing. */
const goesOn = async (stage: Stage, worker: Worker): Promise<void> => {
  const began = performance.now();
  await stage.rest();
  const name = expect.getState().currentTestName;
  process.stderr.write(`${name}: all done after ${seconds(performance.now() - began)} s\n`);
  expect(worker.runs()).toBe(true);
  expect(worker.lines().filter(begins(''))).toEqual([]);
};

/** While some mails take long, new ones that come in are decided as ever, and answered. */
async function staysPrompt(stage: Stage): Promise<void> {
  const began = performance.now();
  const before = stage.received.length;
  await write(stage, 3);
  const written = stage.traffic.expected.length;
  await stage.until('decisions', async () => {
    const { decided } = await stage.db
      .selectFrom('message')
      .select((eb) => eb.fn.countAll<number>().as('decided'))
      .where('disposition', '<>', 'pending')
      .executeTakeFirstOrThrow();
    return decided >= written;
  });
  const decidedAfter = performance.now() - began;
  await stage.until('mails to others', () => stage.received.length > before);
  process.stderr.write(
    `${expect.getState().currentTestName}: new mails decided after ${seconds(decidedAfter)} s, the next mail out after ${seconds(performance.now() - began)} s\n`,
  );
  expect(decidedAfter).toBeLessThan(20_000);
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

/** A desk whose mailbox is behind a wire that can be cut. */
const withProxy = async (options: StageOptions = {}): Promise<{ stage: Stage; proxy: TcpProxy }> => {
  const proxies: TcpProxy[] = [];
  const stage = await opened({
    ...options,
    imapPort: async (port) => {
      const proxy = await startTcpProxy(port);
      proxies.push(proxy);
      onTestFinished(() => proxy.close());
      return proxy.port;
    },
  });
  const [proxy] = proxies;
  if (proxy === undefined) throw new Error('there is no proxy');
  return { stage, proxy };
};

/** A PostgreSQL of the test, with a desk's database in it. */
async function ownPostgres(
  prepare: (postgres: SystemPostgres, admin: Client) => Promise<string> = async (_, admin) => {
    await admin.query('create database desk');
    return 'desk';
  },
) {
  const postgres = await startSystemPostgres();
  onTestFinished(() => postgres.stop());
  const admin = new Client({ connectionString: postgres.url });
  await admin.connect();
  const name = await prepare(postgres, admin);
  await admin.end();
  const url = postgres.url.replace(/\/postgres$/u, `/${name}`);
  const db = await openDatabase({ databaseUrl: url, dataDirectory: '' });
  onTestFinished(() => db.close());
  return { postgres, database: { db, url } };
}

/** True if this machine allows mounting a file system of a few megabytes. */
const canMount = ((): boolean => {
  const place = execFileSync('mktemp', ['-d']).toString().trim();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', place], { stdio: 'ignore' });
    execFileSync('umount', [place]);
    return true;
  } catch {
    return false;
  } finally {
    execFileSync('rmdir', [place]);
  }
})();

describe.skipIf(!dovecotAvailable() || !systemPostgresAvailable())('PostgreSQL', { timeout: 400_000 }, () => {
  test.each(['fast', 'immediate'] as const)('stopped in mode %s and started again', async (mode) => {
    const { postgres, database } = await ownPostgres();
    const stage = await opened({ database });
    const worker = await stage.start();
    await write(stage, 3);
    await stage.until('a first mail', () => stage.received.length > 2);
    await postgres.halt(mode);
    const { msg } = await worker.heard(begins('database'));
    expect(msg).toMatch(/^the database cannot be used: /u);
    await write(stage, 5);
    const { waited } = await catchesUp(stage, worker, 'database', () => {
      // what was locked before the end may be handed over after it: all up to now could not be recorded
      stage.happenings.push({ what: 'unrecorded', messageId: null });
      return postgres.resume();
    });
    expect(waited).toBeGreaterThan(0);
  });

  test('frozen, which closes no connection', async () => {
    const { postgres, database } = await ownPostgres();
    const stage = await opened({ database });
    const worker = await stage.start();
    await write(stage, 3);
    await stage.until('a first mail', () => stage.received.length > 2);
    const froze = performance.now();
    postgres.freeze();
    await write(stage, 5);
    const { msg } = await worker.heard(begins('database'));
    const saidAfter = performance.now() - froze;
    process.stderr.write(`frozen: said after ${seconds(saidAfter)} s: ${msg}\n`);
    expect(saidAfter).toBeLessThan(25_000);
    // the fault is that time passes: mailboxes are held for 30 s, messages for 20 s, and idle connections end after 30 s
    await pause(froze + 75_000 - performance.now());
    const { waited } = await catchesUp(stage, worker, 'database', async () => postgres.goOn());
    expect(waited).toBeGreaterThan(0);
  });

  test.skipIf(!canMount)('out of disk', async () => {
    const disk = await mkdtemp(join(tmpdir(), 'kticket-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'none', disk]);
    onTestFinished(async () => {
      // the server has ended by then: what is registered last runs first
      execFileSync('umount', [disk]);
      await rm(disk, { recursive: true });
    });
    const { database } = await ownPostgres(async ({ user }, admin) => {
      const place = join(disk, 'tables');
      await mkdir(place);
      if (user !== null) await chown(place, user.uid, user.gid);
      await chmod(disk, 0o755);
      await admin.query(`create tablespace small location '${place}'`);
      await admin.query('create database desk tablespace small');
      return 'desk';
    });
    const stage = await opened({ database });
    const worker = await stage.start();
    await write(stage, 1);
    await stage.until('a first mail', () => stage.received.length > 2);
    const ballast = join(disk, 'ballast');
    await expect(writeFile(ballast, Buffer.alloc(40 * 1024 * 1024))).rejects.toThrow('ENOSPC');
    // so large, and such, that it fits into no page that is there
    await write(
      stage,
      3,
      `\r\n${randomBytes(60_000)
        .toString('hex')
        .replaceAll(/(.{70})/gu, '$1\r\n')}`,
    );
    const { msg } = await worker.heard(begins('database'));
    expect(msg).toContain('No space left on device');
    await catchesUp(stage, worker, 'database', () => {
      stage.happenings.push({ what: 'unrecorded', messageId: null });
      return rm(ballast);
    });
  });
});

describe.skipIf(!dovecotAvailable())('IMAP', { timeout: 400_000 }, () => {
  test('gone, and back', async () => {
    const { stage, proxy } = await withProxy();
    const worker = await stage.start();
    await write(stage, 1);
    await stage.until('a first mail', () => stage.received.length > 0);
    await proxy.refuse();
    await worker.heard(begins('reading'));
    await write(stage, 5);
    const { waited } = await catchesUp(stage, worker, 'reading', () => proxy.accept());
    expect(waited).toBeGreaterThanOrEqual(5);
  });

  test('frozen, which closes no connection', async () => {
    const stage = await opened();
    const worker = await stage.start({ env: { POLL_SECONDS: '5' } });
    await write(stage, 1);
    await stage.rest();
    const froze = performance.now();
    stage.dovecot.freeze();
    const written = write(stage, 3);
    const { msg } = await worker.heard(begins('reading'));
    process.stderr.write(`frozen: said after ${Math.round((performance.now() - froze) / 1000)} s: ${msg}\n`);
    const { said } = await catchesUp(stage, worker, 'reading', async () => {
      stage.dovecot.goOn();
      await written;
    });
    expect(said).toBe(msg);
  });

  test('refusing the login, try after try', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kticket-passwords-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await chmod(folder, 0o755);
    const passwords = join(folder, 'passwords');
    const becomes = (password: string): Promise<void> =>
      writeFile(passwords, `${deskAddress}:{PLAIN}${password}\n`);
    await becomes('secret');
    const { stage, proxy } = await withProxy({ dovecot: { passwords } });
    const alerts = await startSmtpServer();
    onTestFinished(() => alerts.close());
    const worker = await stage.start({
      env: { ALERT_SMTP_URL: `smtp://127.0.0.1:${alerts.settings.port}` },
    });
    await write(stage, 1);
    await stage.until('a first mail', () => stage.received.length > 0);
    await becomes('another');
    proxy.drop();
    const { msg } = await worker.heard(begins('reading'));
    expect(msg).toContain('refuses the login');
    for (let tries = 0; tries < 2; tries += 1) await proxy.sent(/LOGIN|AUTHENTICATE/u);
    await write(stage, 3);
    const { waited } = await catchesUp(stage, worker, 'reading', () => becomes('secret'));
    expect(waited).toBeGreaterThanOrEqual(3);
    expect(alerts.received).toHaveLength(1);
  });
});

describe.skipIf(!dovecotAvailable())('SMTP', { timeout: 400_000 }, () => {
  test('gone, and back', async () => {
    const proxies: TcpProxy[] = [];
    const stage = await opened({
      smtpPort: async (port) => {
        const proxy = await startTcpProxy(port);
        proxies.push(proxy);
        onTestFinished(() => proxy.close());
        return proxy.port;
      },
    });
    const [proxy] = proxies;
    const worker = await stage.start();
    await proxy?.refuse();
    await write(stage, 5);
    const { msg } = await worker.heard(begins('sending'));
    expect(msg).toContain('cannot be reached');
    const { waited } = await catchesUp(stage, worker, 'sending', async () => proxy?.accept());
    expect(waited).toBeGreaterThan(0);
  });

  test('refusing one recipient for now, and one for good', async () => {
    const stage = await opened({ isRefused: (recipient) => recipient === 'cliente1@rossi.example' });
    let later = 0;
    stage.smtp.replies.rcptTo = (address) => {
      if (address === 'cliente1@rossi.example') return { code: 550, text: '5.1.1 no such user' };
      if (address !== 'cliente0@rossi.example' || later > 0) return null;
      later += 1;
      return { code: 450, text: '4.2.1 try again later' };
    };
    await write(stage, 3);
    await goesOn(stage, await stage.start());
    const told = await stage.db
      .selectFrom('outbox')
      .select('state')
      .where('template', '=', 'delivery-failed-staff')
      .execute();
    // the client's two mails
    expect(told).toEqual([{ state: 'sent' }, { state: 'sent' }]);
  });

  test('hanging up after the data, before its answer', async () => {
    const stage = await opened();
    const accept = stage.smtp.replies.data;
    let hungUp = 0;
    stage.smtp.replies.data = (bytes, to) => {
      if (hungUp > 0) return accept(bytes, to);
      hungUp += 1;
      const messageId = /^Message-ID:\s+(<[^>\s]+>)/imu.exec(bytes.toString('latin1'))?.[1] ?? '';
      stage.happenings.push({ what: 'unrecorded', messageId });
      return 'hang_up';
    };
    await write(stage, 3);
    await goesOn(stage, await stage.start());
    expect(hungUp).toBe(1);
  });

  test('answering one byte a second', async () => {
    const stage = await opened();
    let slow = 0;
    const worker = await stage.start({
      fateOf: (_, service, direction, text) => {
        if (slow >= 4 || service !== 'smtp' || direction !== 'in' || !/^250 .*queued/mu.test(text))
          return 'passes';
        slow += 1;
        return 'trickles';
      },
    });
    await write(stage, 3);
    await stage.until('mails that take long', () => slow >= 2);
    await staysPrompt(stage);
    await goesOn(stage, worker);
    expect(slow).toBe(4);
  });

  test('reading one byte a second', { timeout: 700_000 }, async () => {
    const stage = await opened();
    let slow: string | null = null;
    const worker = await stage.start({
      fateOf: (_, service, direction, text) => {
        const messageId = /^Message-ID:\s+(<[^>\s]+>)/imu.exec(text)?.[1];
        if (slow !== null || service !== 'smtp' || direction !== 'out' || messageId === undefined)
          return 'passes';
        slow = messageId;
        return 'trickles';
      },
    });
    await write(stage, 3);
    await stage.until('a mail that takes long', () => slow !== null);
    await staysPrompt(stage);
    const given = performance.now();
    const { outbox } = await worker.heard(({ msg }) => msg === 'mail not sent');
    stage.happenings.push({ what: 'unrecorded', messageId: slow });
    const name = expect.getState().currentTestName;
    process.stderr.write(`${name}: mail ${outbox} given up after ${seconds(performance.now() - given)} s\n`);
    await goesOn(stage, worker);
  });
});
