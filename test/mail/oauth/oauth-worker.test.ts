import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { needs } from '../../../src/config/config.ts';
import { openDesk } from '../../../src/desk/desk.ts';
import { runWorker } from '../../../src/desk/worker.ts';
import { kticket } from '../../cli/kticket.ts';
import { type ScratchDatabase, scratchDatabase } from '../../harness/database.ts';
import { type Dovecot, startDovecot } from '../../harness/dovecot.ts';
import { dovecotAvailable } from '../../harness/servers.ts';
import { startSmtpServer, type TestSmtpServer } from '../../harness/smtp-server.ts';
import { startTcpProxy, type TcpProxy } from '../../harness/tcp-proxy.ts';
import { clientId, startTokenEndpoint, type TokenEndpoint } from '../../harness/token-endpoint.ts';
import type { Config } from '../../../src/config/settings.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { addCompany } from '../../../src/store/directory/companies.ts';
import { addStaff } from '../../../src/store/directory/staff.ts';

const user = 'desk@desk.example';

type Line = { level: string; msg: string; kind?: string };

describe.skipIf(!dovecotAvailable())('a desk that logs in by OAuth2', () => {
  let directory: string;
  let endpoint: TokenEndpoint;
  let dovecot: Dovecot;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kticket-oauth-'));
    endpoint = await startTokenEndpoint();
    const { extra, file } = endpoint.dovecot(join(directory, 'oauth2.conf'));
    await writeFile(join(directory, 'oauth2.conf'), file);
    dovecot = await startDovecot({ extra });
  });
  afterAll(async () => {
    await dovecot.stop();
    await endpoint.close();
    await rm(directory, { recursive: true });
  });

  let scratch: ScratchDatabase;
  let wire: TcpProxy;
  let smtp: TestSmtpServer;
  let alertSmtp: TestSmtpServer;
  let logged: Line[];
  let happened: EventEmitter<{ logged: [Line] }>;
  let refreshTokenFile: string;
  let environment: Record<string, string>;
  let stop: () => Promise<void>;
  beforeEach(async () => {
    scratch = await scratchDatabase();
    wire = await startTcpProxy(dovecot.imapPort);
    smtp = await startSmtpServer(null, 'none', (token) => endpoint.ownerOf(token));
    alertSmtp = await startSmtpServer();
    refreshTokenFile = join(directory, 'refresh-token');
    await writeFile(refreshTokenFile, endpoint.consent(user));
    environment = {
      DATABASE_URL: scratch.url,
      MAILBOX_URL: `imap://desk%40desk.example@127.0.0.1:${wire.port}`,
      SMTP_URL: `smtp://desk%40desk.example@${smtp.settings.name}`,
      DESK_ADDRESS: `Assistenza <${user}>`,
      UNDO_MINUTES: '0',
      OAUTH_PROVIDER: 'custom',
      OAUTH_TOKEN_URL: endpoint.tokenUrl,
      OAUTH_CLIENT_ID: clientId,
      OAUTH_REFRESH_TOKEN_FILE: refreshTokenFile,
      ALERT_SMTP_URL: `smtp://${alertSmtp.settings.name}`,
    };
    await addCompany(scratch.db, { name: 'Rossi', domains: ['rossi.example'], contracts: [] });
    await addStaff(scratch.db, {
      email: 'adm@desk.example',
      name: 'Ada',
      role: 'administrator',
      aliases: null,
    });
    logged = [];
    happened = new EventEmitter();
    stop = start(config());
  });
  afterEach(async () => {
    await stop();
    await Promise.all([wire.close(), smtp.close(), alertSmtp.close(), scratch.drop()]);
  });

  const config = (): Config => {
    const loaded = loadConfig(needs.worker, { environment, directory });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    return loaded.config;
  };
  /** Starts the worker; what stops it may be called twice. */
  const start = (settings: Config): (() => Promise<void>) => {
    const log = pino(
      { formatters: { level: (level) => ({ level }) } },
      {
        write(text: string) {
          const line: Line = JSON.parse(text);
          logged.push(line);
          happened.emit('logged', line);
        },
      },
    );
    const desk = openDesk(settings, scratch.db, log);
    const controller = new AbortController();
    const ended = runWorker(desk.deps, controller.signal);
    return async () => {
      controller.abort();
      await ended;
      await desk.close();
    };
  };
  /** The next line that fits, from now on. */
  const next = async (fits: (line: Line) => boolean): Promise<Line> => {
    for (;;) {
      const [line] = await once(happened, 'logged');
      if (fits(line)) return line;
    }
  };
  const deliver = async (subject: string): Promise<void> => {
    const lmtp = createTransport({ host: '127.0.0.1', port: dovecot.lmtpPort, lmtp: true, ignoreTLS: true });
    const raw = `From: anna@rossi.example\r\nTo: ${user}\r\nSubject: ${subject}\r\n\r\nNon stampa ${subject}.\r\n`;
    await lmtp.sendMail({ envelope: { from: 'anna@rossi.example', to: user }, raw });
    lmtp.close();
  };
  /** Ends when the client's confirmation and the staff's notification of a ticket have reached the mail server. */
  const confirmed = (subject: string): Promise<void> =>
    new Promise((resolve) => {
      const seen = (line: Line): void => {
        const about = smtp.received.filter(({ bytes }) => bytes.toString().includes(`Non stampa ${subject}`));
        if (line.msg !== 'mail sent' || about.length < 2) return;
        happened.off('logged', seen);
        resolve();
      };
      happened.on('logged', seen);
    });

  test('goes on with a new token when one has ended, in mailbox and SMTP', async () => {
    const first = confirmed('uno');
    await deliver('uno');
    await first;
    endpoint.endTokens();
    smtp.hangUp();
    wire.drop();
    const second = confirmed('due');
    await deliver('due');
    await second;
    expect(logged.filter(({ level, kind }) => level === 'error' && kind === 'auth_refused')).toEqual([]);
  });

  test('whose grant is refused says so once in log and mail; a new consent and it goes on, nothing lost', async () => {
    const first = confirmed('tre');
    await deliver('tre');
    await first;
    endpoint.withdraw();
    endpoint.endTokens();
    smtp.hangUp();
    const told = next(({ msg }) => msg === 'administrators were told by mail');
    wire.drop();
    await told;
    await deliver('quattro');
    const [over, second] = [next(({ msg }) => msg.startsWith('works again')), confirmed('quattro')];
    await writeFile(refreshTokenFile, endpoint.consent(user));
    await over;
    await second;
    const errors = logged.filter(({ level, kind }) => level === 'error' && kind === 'auth_refused');
    expect(errors.map(({ msg }) => msg)).toEqual([expect.stringContaining('invalid_grant')]);
    expect(alertSmtp.received.map(({ to }) => to)).toEqual([['adm@desk.example']]);
    expect(JSON.stringify(logged)).not.toContain('hush');
  });

  test('has its grant tried by check: until when the token lives, or why there is none', async () => {
    await stop();
    const right = await kticket(['check'], { env: environment });
    expect(right.stdout).toMatch(
      /^ok +oauth +desk@desk\.example: a token until 20\d\d-.*Z, by the refresh token of all users$/m,
    );
    expect(right).toMatchObject({ code: 0 });
    endpoint.withdraw();
    const wrong = await kticket(['check'], { env: environment });
    expect(wrong.stdout).toMatch(/^FAIL +oauth +desk@desk\.example: .*invalid_grant.*kticket oauth login/m);
    expect(wrong.stdout).toMatch(/^FAIL +mailbox +no login of desk@desk\.example at 127.*invalid_grant/m);
    expect(wrong.stdout).toMatch(/^FAIL +smtp +no login of desk@desk\.example at 127.*invalid_grant/m);
    expect(wrong.stdout + wrong.stderr).not.toContain('hush');
    expect(wrong.code).toBe(1);
  });
});
