import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { dovecotProgram } from './servers.ts';
import { portOf } from '../../src/config/urls.ts';

export type DovecotOptions = {
  /** `/` by default */
  separator?: string;
  /** namespace prefix, as `INBOX.`; none by default */
  prefix?: string;
  /** the capabilities it shows instead of all that it has */
  capability?: string;
  /** a file of lines `user:{PLAIN}password` instead of the one password for all; read at each login (passwd-file) */
  passwords?: string;
  /** more settings, as lines of dovecot.conf; what stands here wins */
  extra?: string;
};

export type Dovecot = {
  imapPort: number;
  lmtpPort: number;
  /** any user name may log in with it; each has a mailbox of their own */
  password: string;
  /** holds a folder for each user */
  mailDirectory: string;
  /** of its master process */
  pid: number;
  /** SIGSTOP to all its processes: they answer nothing and close nothing, until they go on. */
  freeze(): void;
  goOn(): void;
  stop(): Promise<void>;
};

/** Starts a Dovecot of its own on free loopback ports, its data in a folder of its own; as root or not. */
export async function startDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
  const directory = await mkdtemp(join(tmpdir(), 'kticket-dovecot-'));
  const [imapPort, lmtpPort] = [await freePort(), await freePort()];
  const owner = mailOwner();
  const mail = join(directory, 'mail');
  // its processes run as several users, who must reach their files
  await chmod(directory, 0o755);
  await mkdir(mail);
  if (owner.root) await chown(mail, owner.uid, owner.gid);
  const config = join(directory, 'dovecot.conf');
  await writeFile(config, configuration({ directory, mail, imapPort, lmtpPort, owner, options }));

  const child = spawn(dovecotProgram, ['-F', '-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  try {
    await started(child.stderr, exited);
  } catch (error) {
    await end(child, exited, directory);
    throw error;
  }
  let frozen = false;
  const goOn = (): void => {
    frozen = false;
    signalAll(child.pid ?? 0, 'SIGCONT');
  };
  return {
    imapPort,
    lmtpPort,
    password: 'secret',
    mailDirectory: mail,
    pid: child.pid ?? 0,
    freeze() {
      frozen = true;
      signalAll(child.pid ?? 0, 'SIGSTOP');
    },
    goOn,
    async stop() {
      if (frozen) goOn();
      await end(child, exited, directory);
    },
  };
}

/** To a process and all that it started. */
function signalAll(pid: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
  for (const one of [pid, ...children.trim().split(/\s+/u).filter(Boolean).map(Number)]) {
    process.kill(one, signal);
  }
}

type Owner = { root: boolean; user: string; group: string; uid: number; gid: number };

function id(...options: string[]): string {
  return execFileSync('id', options).toString().trim();
}

/** Owner of the mail files: the system's mail user if we are root, otherwise ourselves. */
function mailOwner(): Owner {
  const { uid, gid, username } = userInfo();
  if (uid === 0)
    return {
      root: true,
      user: 'mail',
      group: 'mail',
      uid: Number(id('-u', 'mail')),
      gid: Number(id('-g', 'mail')),
    };
  return { root: false, user: username, group: id('-gn'), uid, gid };
}

function configuration(given: {
  directory: string;
  mail: string;
  imapPort: number;
  lmtpPort: number;
  owner: Owner;
  options: DovecotOptions;
}): string {
  const { directory, mail, imapPort, lmtpPort, owner, options } = given;
  const unprivileged = owner.root
    ? ''
    : `
default_internal_user = ${owner.user}
default_internal_group = ${owner.group}
default_login_user = ${owner.user}
`;
  return `
base_dir = ${directory}/run
state_dir = ${directory}
log_path = /dev/stderr
protocols = imap lmtp
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
recipient_delimiter = +
mail_location = sdbox:~/sdbox
# a wrong password is a case like any other, not worth a pause
auth_failure_delay = 0
${options.capability === undefined ? '' : `imap_capability = ${options.capability}`}
passdb {
  ${options.passwords === undefined ? 'driver = static' : 'driver = passwd-file'}
  args = ${options.passwords ?? 'password=secret'}
}
userdb {
  driver = static
  args = uid=${owner.uid} gid=${owner.gid} home=${mail}/%Lu allow_all_users=yes
}
service imap-login {
  ${owner.root ? '' : 'chroot ='}
  inet_listener imap {
    address = 127.0.0.1
    port = ${imapPort}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  ${owner.root ? '' : 'chroot ='}
  # nor worth remembering
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtpPort}
  }
}
namespace inbox {
  inbox = yes
  separator = ${options.separator ?? '/'}
  prefix = ${options.prefix ?? ''}
}
${unprivileged}
${options.extra ?? ''}`;
}

/** A loopback port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/** Dovecot says so in its log once all listeners are open. */
function started(log: Readable, exited: Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    // the pipe is read to the end, or Dovecot would block on it
    log.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-20_000);
      if (said.includes('starting up')) resolve();
    });
    void exited.then(() => reject(new Error(`Dovecot did not start: ${said}`)));
  });
}

async function end(child: ChildProcess, exited: Promise<unknown>, directory: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  await exited;
  await rm(directory, { recursive: true, force: true });
}
