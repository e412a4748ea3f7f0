import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { refreshTokens, writeRefreshTokens } from '../../config/refresh-tokens.ts';
import { isRoot } from '../../config/data-directory.ts';
import { changeEnv } from '../../setup/env-file.ts';
import { type SetupStep, unitText } from '../../setup/plan.ts';
import type { Account } from './account.ts';
import type { Planned } from './apply.ts';
import { ownProgram } from './own-commands.ts';
import type { Registration } from './people.ts';
import type { Present } from './present.ts';
import type { Service } from './service.ts';

/** All that was answered and found out. */
export type Conversation = {
  present: Present;
  account: Account;
  changes: Map<string, string | null>;
  people: Registration[];
  service: Service | null;
};

/**
 * What the answers come to, step by step. A `.env` that cannot be changed without harm is refused.
 */
export function planFor({
  present,
  account,
  changes,
  people,
  service,
}: Conversation): { ok: true; plan: Planned[] } | { ok: false; why: string } {
  const { folder, envPath } = present;
  const runner = service !== null && isRoot() ? service.user : null;
  const steps: SetupStep[] = [];
  if (service?.isNew === true) steps.push({ kind: 'user', name: service.user });
  if (!existsSync(folder)) steps.push({ kind: 'folder', path: folder, mode: 0o755, owner: runner });
  const data = changes.get('KTICKET_DATA');
  if (runner !== null && data !== undefined && data !== null && !existsSync(data))
    steps.push({ kind: 'folder', path: data, mode: 0o700, owner: runner });
  if (account.refreshToken !== null) {
    const path = resolve(folder, present.value('OAUTH_REFRESH_TOKEN_FILE') ?? 'refresh-token');
    const user = account.config.mailboxes[0]?.user ?? '';
    steps.push({
      kind: 'secret',
      path,
      text: withToken(present, user, account.refreshToken),
      what: 'the consent that was given',
    });
    changes.set('OAUTH_REFRESH_TOKEN_FILE', path);
  }
  const written = parseEnv(present.text);
  const real = new Map(
    [...changes].flatMap(([name, value]): [string, string | null][] => [
      ...(written[`${name}_FILE`] === undefined || changes.has(`${name}_FILE`)
        ? []
        : [[`${name}_FILE`, null] satisfies [string, null]]),
      ...(written[name] === value ? [] : [[name, value] satisfies [string, string | null]]),
    ]),
  );
  if (real.size > 0) {
    const before = present.text === '' ? header : present.text;
    const changed = changeEnv(before, real);
    if (!changed.ok) return changed;
    steps.push({ kind: 'env', path: envPath, changes: real, text: changed.text });
  }
  const after: SetupStep[] = [];
  if (service !== null) {
    const path = service.unitPath ?? join(folder, 'kticket.service');
    const user = service.user;
    after.push({ kind: 'unit', path, text: unitText({ user, folder, program: ownProgram() }) });
    if (service.canStart) {
      after.push({ kind: 'system', command: ['systemctl', 'daemon-reload'] });
      const name = basename(path, '.service');
      after.push({ kind: 'system', command: ['systemctl', 'enable', name] });
      // one that runs reads the settings anew
      after.push({ kind: 'system', command: ['systemctl', 'restart', name] });
    }
  }
  return {
    ok: true,
    plan: [
      ...steps.map(plain),
      ...people.map(({ command, again }): Planned => ({ step: { kind: 'register', command }, again })),
      ...after.map(plain),
    ],
  };
}

const header = '# kTicket settings, written by `kticket setup`. .env.example lists all there are.\n';

const plain = (step: SetupStep): Planned => ({ step, again: null });

/** The file of refresh tokens with a user's new one; those of others stay. */
function withToken(present: Present, user: string, token: string): string {
  const kept = refreshTokens.safeParse(present.value('OAUTH_REFRESH_TOKEN') ?? undefined).data ?? [];
  return writeRefreshTokens([...kept.filter((one) => one.user !== user.toLowerCase()), { user, token }]);
}
