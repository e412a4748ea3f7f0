import { instant } from '../terminal/when.ts';

/** The notice while the desk holds its mail, for `check` and the log. */
export function restoredWords(since: Date): string {
  return `since ${instant(since)} all mail is held, as an older backup came back: kticket outbox list --state awaiting_release, then kticket outbox release --all or discard --all`;
}
