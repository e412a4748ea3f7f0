import { eventKindOf } from './events.ts';
import type { TemplateName } from '../ticket/template-views.ts';
import type { EventType, Disposition, OutboxState } from '../kinds.ts';

/** An event at the desk. `ticket` is its number, or null if it concerns none. */
export type HistoryEntry = { at: Date; ticket: number | null } & (
  | { kind: 'event'; id: number; event: EventType; actor: string; company: string }
  | { kind: 'message'; id: number; disposition: Disposition; from: string | null; reason: string | null }
  | {
      kind: 'mail';
      id: number;
      state: OutboxState;
      template: TemplateName;
      to: string;
      /** the message that caused it, or null for the outbox itself */
      cause: number | null;
      error: string | null;
    }
);

/** A line of the history. `tone`: `good` something ended well, `bad` somebody should look, `quiet` of little weight. */
export type HistoryLine = {
  at: Date;
  ticket: number | null;
  words: string;
  tone: 'plain' | 'good' | 'bad' | 'quiet';
};

/**
 * Describes entries in plain words, in their order. Mails of one kind caused by one message share a line.
 * It contains nothing that anybody wrote.
 */
export function historyLines(entries: readonly HistoryEntry[]): HistoryLine[] {
  const lines: HistoryLine[] = [];
  const said = new Set<string>();
  for (const entry of entries) {
    const { at, ticket } = entry;
    if (entry.kind !== 'mail') {
      lines.push({ at, ticket, ...(entry.kind === 'event' ? ofEvent(entry) : ofMessage(entry)) });
      continue;
    }
    const key = keyOf(entry);
    if (said.has(key)) continue;
    said.add(key);
    const readers = entries.flatMap((other) =>
      other.kind === 'mail' && keyOf(other) === key ? [other.to] : [],
    );
    lines.push({ at, ticket, ...ofMails(entry, readers) });
  }
  return lines;
}

type Of<Kind extends HistoryEntry['kind']> = Extract<HistoryEntry, { kind: Kind }>;
type Said = Pick<HistoryLine, 'words' | 'tone'>;

function keyOf({ cause, id, template, state, error }: Of<'mail'>): string {
  return JSON.stringify([cause ?? `outbox ${id}`, template, state, error]);
}

const plain = (words: string): Said => ({ words, tone: 'plain' });

function ofEvent({ event, actor, company }: Of<'event'>): Said {
  const { log, tone = 'plain' } = eventKindOf(event);
  return { words: log(actor, company), tone };
}

function ofMessage({ id, disposition, from, reason }: Of<'message'>): Said {
  const message = `message ${id} ${from === null ? 'from nobody whose address could be read' : `of ${from}`}`;
  const why = reason === null ? '' : `: ${reason}`;
  switch (disposition) {
    case 'pending':
      return { words: `${message} came in and waits`, tone: 'quiet' };
    case 'opened':
    case 'follow_up':
    case 'command':
    case 'internal_note':
      return plain(`${message} was acted on${why}`);
    case 'refused':
      return { words: `${message} was refused${why.replace(': refused: ', ': ')}`, tone: 'bad' };
    case 'confirm_asked':
      return { words: `${message} waits for a confirmation${why}`, tone: 'bad' };
    case 'held':
      return { words: `${message} is held until somebody accepts or rejects its sender${why}`, tone: 'bad' };
    case 'rejected':
      return { words: `${message} was rejected${why}`, tone: 'quiet' };
    case 'ignored':
      return { words: `${message} was ignored${why}`, tone: 'quiet' };
    case 'bounce':
      return { words: `${message} tells of a mail that did not arrive${why}`, tone: 'quiet' };
    case 'duplicate':
      return { words: `${message} had come before${why}`, tone: 'quiet' };
    case 'quarantined':
      return { words: `${message} is in quarantine${why}`, tone: 'bad' };
    default:
      throw disposition satisfies never;
  }
}

function ofMails({ state, template, error }: Of<'mail'>, readers: string[]): Said {
  const mail = `${mailWords[template]} to ${readers.join(', ')}`;
  const why = error === null ? '' : `: ${error}`;
  switch (state) {
    case 'queued':
      return { words: `${mail} waits to be sent`, tone: 'quiet' };
    case 'deferred':
      return { words: `${mail} is tried again${why}`, tone: 'bad' };
    case 'sent':
      return { words: `${mail} sent`, tone: 'quiet' };
    case 'failed':
      return { words: `${mail} failed for good${why}`, tone: 'bad' };
    case 'cancelled':
      return { words: `${mail} taken back before it was sent`, tone: 'quiet' };
    case 'awaiting_release':
      return { words: `${mail} waits for an administrator to release it`, tone: 'bad' };
    default:
      throw state satisfies never;
  }
}

const mailWords: Record<TemplateName, string> = {
  'opened-client': 'confirmation of opening',
  'opened-staff': 'notification of opening',
  'closed-client': 'closing mail',
  'closed-staff': 'notification of closing',
  'in-progress-staff': 'notification of who took charge',
  'internal-note-staff': 'internal communication',
  'follow-up-staff': 'what the client wrote',
  'reopened-staff': 'notification of reopening',
  'delivery-failed-staff': 'notice of a mail that did not arrive',
  'held-staff': 'notice of an unknown sender',
  'confirm-staff': 'question whether a command is theirs',
  'receipt-staff': 'receipt',
  'help-staff': 'help',
  'alert-administrator': 'alert of an outage',
  'declined-stranger': 'word to a stranger whom to ask',
  'quarantine-administrator': 'notice of a quarantined message',
};
