import { maskUrl, splitUrls } from '../config/urls.ts';
import type { EnvChanges } from './env-file.ts';

/** A command of kTicket as its user types it, without its name. */
export type OwnCommand = string[];

/** One thing that setup does, once everything is answered. */
export type SetupStep =
  | { kind: 'user'; name: string }
  | { kind: 'folder'; path: string; mode: number; owner: string | null }
  | { kind: 'env'; path: string; changes: EnvChanges; text: string }
  | { kind: 'secret'; path: string; text: string; what: string }
  | { kind: 'register'; command: OwnCommand }
  | { kind: 'unit'; path: string; text: string }
  | { kind: 'system'; command: string[] };

/** A step in lines, as it is shown before anything is done; passwords are left out. */
export function describeStep(step: SetupStep): string[] {
  switch (step.kind) {
    case 'user':
      return [`make the system user ${step.name}, which may not log in`];
    case 'folder':
      return [`make the folder ${step.path}${step.owner === null ? '' : `, of ${step.owner}`}`];
    case 'env':
      return [
        `write ${step.path}, readable by its owner only`,
        ...Array.from(step.changes, ([name, value]) =>
          value === null ? `    ${name} is taken out` : `    ${name}=${withoutPasswords(name, value)}`,
        ),
      ];
    case 'secret':
      return [`write ${step.path}, readable by its owner only: ${step.what}`];
    case 'register':
      return [`$ kticket ${shellWords(step.command)}`];
    case 'unit':
      return [
        `write ${step.path}`,
        ...step.text
          .trimEnd()
          .split('\n')
          .map((line) => `    ${line}`.trimEnd()),
      ];
    case 'system':
      return [`$ ${shellWords(step.command)}`];
    default:
      throw step satisfies never;
  }
}

function withoutPasswords(name: string, value: string): string {
  if (name === 'OAUTH_CLIENT_SECRET') return '…';
  if (name === 'DATABASE_URL') return maskUrl(value);
  return name.endsWith('_URL') ? splitUrls(value).map(maskUrl).join(' ') : value;
}

/** Words as a shell takes them apart again. */
export function shellWords(words: string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ');
}

/** What a service needs to know to run the desk. */
export type ServiceUnit = { user: string; folder: string; program: string[] };

/** The systemd unit of a desk: the user and folder, and by the folder's `.env` the database, that its commands use too. */
export function unitText({ user, folder, program }: ServiceUnit): string {
  return `# written by \`kticket setup\`
[Unit]
Description=kTicket
After=network-online.target
Wants=network-online.target

[Service]
User=${user}
WorkingDirectory=${folder.replaceAll('%', '%%')}
ExecStart=${[...program, 'run'].map(unitWord).join(' ')}
Restart=on-failure
# retries an unreachable database for as long as it takes, but not wrong settings
RestartSec=10
RestartPreventExitStatus=2

[Install]
WantedBy=multi-user.target
`;
}

/** A word of ExecStart (systemd.service(5), "Command lines"): quoted, `%` and `$` doubled. */
function unitWord(word: string): string {
  const escaped = word.replaceAll(/["\\]/gu, String.raw`\$&`).replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w./:@%-]+$/u.test(word) ? escaped : `"${escaped}"`;
}
