import { execFile, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFileSync, watch } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Certificate } from './certificates.ts';
import { freePort } from './dovecot.ts';

export type PostfixOptions = {
  /** address it listens on; 127.0.0.1 by default */
  address?: string;
  /** mail for these domains goes by LMTP to mailboxes, any user and any plus-address of theirs */
  mailboxes?: { domains: string[]; lmtpPort: number };
  /** transports for other domains, or for single addresses: transport(5) */
  transports?: Record<string, string>;
  /** offers STARTTLS, and listens on a port where TLS is implicit */
  certificate?: Certificate;
  /** listens on a port where users log in, with the passwords of the Dovecot that answers there */
  saslPort?: number;
  /** more lines of main.cf and of master.cf; what stands here wins */
  main?: string;
  master?: string;
};

export type Postfix = {
  /** mail from this machine, without a login */
  smtpPort: number;
  /** TLS from the first byte; only where there is a certificate */
  smtpsPort: number;
  /** with a login, which must be the envelope sender; only where there is a `saslPort` */
  submissionPort: number;
  /** Resolves with the first line of its log that fits, from the start on or when it comes. */
  logged(fits: RegExp): Promise<string>;
  /** All lines of its log so far. */
  log(): string[];
  /** Tries everything in the queue again now. */
  flush(): Promise<void>;
  stop(): Promise<void>;
};

/** Authserv-id of its Authentication-Results, which vouch for users who are logged in. */
export const authservId = 'mail.kybernes.example';

const run = promisify(execFile);

/** Starts a Postfix of its own on free ports, its queue and data in a folder of its own. Nothing leaves the machine. */
export async function startPostfix(options: PostfixOptions = {}): Promise<Postfix> {
  const directory = await mkdtemp(join(tmpdir(), 'kticket-postfix-'));
  await createQueue(directory);
  const address = options.address ?? '127.0.0.1';
  const ports = { smtp: await freePort(), smtps: await freePort(), submission: await freePort() };
  for (const [name, text] of Object.entries({
    'main.cf': mainCf(directory, options),
    'master.cf': masterCf(directory, address, ports, options),
    transport: table(options.transports ?? {}),
    logins: '/^(.*)$/ $1\n',
    verdicts: `/@(.+)$/ PREPEND Authentication-Results: ${authservId}; dmarc=pass header.from=$1\n`,
    // only a forger can have written one before it came here
    forgeries: `/^Authentication-Results: *${authservId.replaceAll('.', '\\.')}/ IGNORE\n`,
    log: '',
  }))
    await writeFile(join(directory, name), text);

  // `postfix start-fg` without its long check of the installation; what was compiled in, since it may have no main.cf
  const { stdout: daemons } = await run('postconf', ['-d', '-h', 'daemon_directory']);
  const child = spawn(join(daemons.trim(), 'master'), ['-c', directory, '-s'], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  const log = follow(join(directory, 'log'));
  const stop = async (): Promise<void> => {
    log.close();
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await exited;
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const ended = exited.then(() => Promise.reject(new Error('it ended')));
    await Promise.race([log.logged(/daemon started/), ended]);
  } catch (error) {
    const said = log.lines().join('\n');
    await stop();
    throw new Error(`Postfix did not start: ${said}`, { cause: error });
  }
  return {
    smtpPort: ports.smtp,
    smtpsPort: ports.smtps,
    submissionPort: ports.submission,
    logged: (fits) => log.logged(fits),
    log: () => log.lines(),
    async flush() {
      await run('postqueue', ['-c', directory, '-f']);
    },
    stop,
  };
}

/** The folders of a queue, whose they must be (conf/postfix-files of Postfix). */
async function createQueue(directory: string): Promise<void> {
  // its processes run as a user of their own
  await chmod(directory, 0o755);
  const [owner, group] = ['postfix', 'postdrop'];
  const own = 'active bounce corrupt defer deferred flush hold incoming private saved trace'.split(' ');
  const queue = join(directory, 'queue');
  await run('install', ['-d', '-m', '755', queue, join(queue, 'pid')]);
  await run('install', ['-d', '-m', '700', '-o', owner, ...own.map((name) => join(queue, name))]);
  await run('install', ['-d', '-m', '730', '-o', owner, '-g', group, join(queue, 'maildrop')]);
  await run('install', ['-d', '-m', '710', '-o', owner, '-g', group, join(queue, 'public')]);
  await run('install', ['-d', '-m', '700', '-o', owner, join(directory, 'data')]);
}

function table(entries: Record<string, string>): string {
  return Object.entries(entries)
    .map(([key, value]) => `${key} ${value}\n`)
    .join('');
}

function mainCf(directory: string, { mailboxes, certificate, saslPort, main }: PostfixOptions): string {
  return `
compatibility_level = 3.6
queue_directory = ${directory}/queue
data_directory = ${directory}/data
maillog_file = ${directory}/log
maillog_file_prefixes = ${directory}
inet_protocols = ipv4
smtpd_peername_lookup = no
smtp_host_lookup = native
myhostname = ${authservId}
mydestination =
mynetworks_style = host
alias_maps =
alias_database =
recipient_delimiter = +
transport_maps = texthash:${directory}/transport
default_transport = error:5.1.2 nothing leaves this machine
relay_transport = error:5.1.2 nothing leaves this machine
smtpd_relay_restrictions = permit_mynetworks, reject
# a mailbox that is looked into while it is being made refuses for a moment; five minutes later no test is there any more
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 5s
header_checks = regexp:${directory}/forgeries
${
  mailboxes === undefined
    ? ''
    : `
virtual_mailbox_domains = ${mailboxes.domains.join(' ')}
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:127.0.0.1:${mailboxes.lmtpPort}
lmtp_destination_recipient_limit = 1
`
}
${
  certificate === undefined
    ? 'smtpd_tls_security_level = none'
    : `
smtpd_tls_security_level = may
smtpd_tls_chain_files = ${certificate.keyFile}, ${certificate.certificateFile}
`
}
${
  saslPort === undefined
    ? ''
    : `
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:${saslPort}
`
}
${main ?? ''}
`;
}

type Ports = { smtp: number; smtps: number; submission: number };

function masterCf(directory: string, address: string, ports: Ports, options: PostfixOptions): string {
  const listener = (port: number, settings: string[] = []): string =>
    [`${address}:${port} inet n - n - - smtpd`, ...settings.map((setting) => `  -o { ${setting} }`)].join(
      '\n',
    );
  return `
${listener(ports.smtp)}
${options.certificate === undefined ? '' : listener(ports.smtps, ['smtpd_tls_wrappermode = yes'])}
${
  options.saslPort === undefined
    ? ''
    : listener(ports.submission, [
        'smtpd_sasl_auth_enable = yes',
        'smtpd_relay_restrictions = permit_sasl_authenticated, reject',
        `smtpd_sender_login_maps = regexp:${directory}/logins`,
        `smtpd_sender_restrictions = reject_sender_login_mismatch, check_sender_access regexp:${directory}/verdicts`,
        // or it would take its own verdict away
        'receive_override_options = no_header_body_checks',
      ])
}
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
# every second: what a delivery still held when it was to be tried again lies among the incoming mail until then
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
  flags=DOR
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
${options.master ?? ''}
`;
}

/** Its log, line by line, and how to wait for one. */
function follow(file: string): Pick<Postfix, 'logged'> & { lines(): string[]; close(): void } {
  const news = new EventEmitter<{ change: [] }>();
  news.setMaxListeners(0);
  const watcher = watch(file, () => news.emit('change'));
  const lines = (): string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return {
    lines,
    async logged(fits) {
      for (;;) {
        const changed = once(news, 'change');
        const found = lines().find((line) => fits.test(line));
        if (found !== undefined) return found;
        await changed;
      }
    },
    close: () => watcher.close(),
  };
}
