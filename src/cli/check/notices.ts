import type { StrayLine } from '../../config/env-lines.ts';
import { instant } from '../terminal/when.ts';
import { nobodyIsTold } from '../../health/state.ts';

/** The notice while the desk holds its mail, for `check` and the log. */
export function restoredWords(since: Date): string {
  return `since ${instant(since)} all mail is held, as an older backup came back: kticket outbox list --state awaiting_release, then kticket outbox release --all or discard --all`;
}

/** The notice of a name in `.env` that no setting has, for `check` and the log. */
export function unreadWords(name: string): string {
  return name === 'NODE_EXTRA_CA_CERTS'
    ? '.env sets NODE_EXTRA_CA_CERTS, which comes too late for Node there: name the same file in TLS_CA_FILE'
    : `.env sets ${name}, which nobody reads: see .env.example for the settings there are, or take it out`;
}

/** The notice of a line of `.env` that is not read as it looks, for `check` and the log. */
export function strayWords({ line, why }: StrayLine): string {
  switch (why) {
    case 'no_equals_sign':
      return `.env, line ${line}, has no "=" and is left out: a setting is NAME=value, a comment begins with #`;
    case 'open_quote':
      return `.env, line ${line}, opens a quotation mark that nothing closes, and has it as part of the value: close it, or leave it out`;
    default:
      return why satisfies never;
  }
}

/** The notice of a desk without staff, for `check` and the log. */
export const noStaffWords = `no staff are enrolled or active: ${nobodyIsTold}`;

/** Why `run` does not start on a backup that came back. */
export const untoldRestoreWords =
  'The database is older than when the desk last ran here: a backup came back. Mail that went out since would go out again, and ticket numbers twice. ' +
  'Run `kticket restored` first: it holds all mail, moves the numbers ahead and takes in what the backup lacks (docs/backup-and-restore.md). Nothing was started.';
