import { existsSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { isRoot, systemFolder } from '../../config/data-directory.ts';
import { packageRoot } from '../../package-root.ts';
import { printText } from '../terminal/print.ts';
import type { SetupOptions } from './options.ts';
import { ownProgram, run, type RunAs } from './own-commands.ts';
import { askUntil, askYes, type Prompt, type Understood } from './prompt.ts';
import { done, endsFailed, type SetupAnswer } from './step.ts';

/** The service that is to run the desk. */
export type Service = {
  user: string;
  /** whether the user is made first */
  isNew: boolean;
  /** null: the unit is written into the desk's folder, since this user may not install it */
  unitPath: string | null;
  /** whether systemd runs here and takes the unit */
  canStart: boolean;
};

const usualUser = 'kticket';
/** Where an administrator's units are (systemd.unit(5)). */
export const unitFolder = '/etc/systemd/system';
/** There where systemd is what started the machine (sd_booted(3)). */
const systemdRuns = (): boolean => existsSync('/run/systemd/system');

/** Asks whether a service is to run the desk, and as whom; null for none. */
export async function askService(
  options: SetupOptions,
  prompt: Prompt | null,
): Promise<SetupAnswer<Service | null>> {
  const isWanted =
    options.service ??
    (options.serviceUser !== undefined || options.serviceFile !== undefined ? true : null) ??
    (prompt === null
      ? false
      : await askYes(
          prompt,
          'Run the desk as a service, which starts with this machine',
          isRoot() && systemdRuns(),
        ));
  if (!isWanted) return done(null);
  const own = userInfo().username;
  const read = async (user: string): Promise<Understood<{ user: string; isNew: boolean }>> => {
    if (!/^[a-z_][a-z0-9_-]{0,31}$/u.test(user)) return { ok: false, why: `“${user}” is no name of a user.` };
    if (!isRoot() && user !== own)
      return { ok: false, why: `Only root can set up a service of another user than ${own}.` };
    const why = user === own ? null : whyNotRunnable();
    if (why !== null) return { ok: false, why: `${user} could not run it: ${why}` };
    return { ok: true, value: { user, isNew: (await findUser(user)) === null } };
  };
  const standard = isRoot() ? usualUser : own;
  let found = await read(options.serviceUser ?? standard);
  if (prompt !== null && options.serviceUser === undefined && isRoot()) {
    for (;;) {
      found = await read(
        await askUntil(prompt, 'User of the service', (text) => ({ ok: true, value: text }), standard),
      );
      if (found.ok) break;
      printText(`  ${found.why}`);
    }
  }
  if (!found.ok) return endsFailed(found.why);
  const unitPath = options.serviceFile ?? (isRoot() ? join(unitFolder, 'kticket.service') : null);
  return done({
    ...found.value,
    unitPath,
    canStart: isRoot() && systemdRuns() && unitPath !== null && dirname(unitPath) === unitFolder,
  });
}

/** The command that makes a user for the service. */
export function userCommand(name: string): string[] {
  return [
    'useradd',
    '--system',
    '--user-group',
    '--home-dir',
    systemFolder,
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    name,
  ];
}

/** A user of this machine, or null. */
export async function findUser(name: string): Promise<NonNullable<RunAs> | null> {
  const found = await run('getent', ['passwd', name]);
  const [, , uid, gid, , home] = found.stdout.trim().split(':');
  if (found.code !== 0 || uid === undefined || gid === undefined) return null;
  return { name, uid: Number(uid), gid: Number(gid), home: home ?? '/' };
}

/** Why a user other than this one could not start the program; null if every folder above it is open. */
function whyNotRunnable(): string | null {
  for (const path of [...ownProgram(), join(packageRoot, 'package.json')]) {
    for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
      if ((statSync(folder).mode & 0o001) === 0) {
        return `${folder} is closed to others. Install kTicket where all may read it (npm install --global), or run the service as ${userInfo().username} (--service-user ${userInfo().username}).`;
      }
    }
  }
  return null;
}
