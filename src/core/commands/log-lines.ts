import { eventKindOf } from './events.ts';
import {
  mailInWords,
  messageInWords,
  type Needed,
  outageBegins,
  outageEnds,
  type Said,
} from '../ticket/journal-words.ts';
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
  /** `lasts`: nobody has seen its end yet */
  | { kind: 'outage'; id: number; part: Needed; said: string; lasts: boolean }
  | { kind: 'outage_over'; id: number; part: Needed; seconds: number }
  | { kind: 'worker_started' | 'worker_stopped'; id: number; version: string }
);

/** A line of the history. */
export type HistoryLine = Said & { at: Date; ticket: number | null };

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
      lines.push({ at, ticket, ...inWords(entry) });
      continue;
    }
    const key = keyOf(entry);
    if (said.has(key)) continue;
    said.add(key);
    const same = entries.filter((other) => other.kind === 'mail' && keyOf(other) === key);
    const ids = same.map(({ id }) => id);
    const to = same.flatMap((other) => (other.kind === 'mail' ? [other.to] : []));
    lines.push({ at, ticket, ...mailInWords({ ...entry, ids, to }) });
  }
  return lines;
}

type Of<Kind extends HistoryEntry['kind']> = Extract<HistoryEntry, { kind: Kind }>;

function keyOf({ cause, id, template, state, error }: Of<'mail'>): string {
  return JSON.stringify([cause ?? `outbox ${id}`, template, state, error]);
}

function inWords(entry: Exclude<HistoryEntry, { kind: 'mail' }>): Said {
  switch (entry.kind) {
    case 'event':
      return ofEvent(entry);
    case 'message':
      return messageInWords(entry, entry.disposition, entry.reason);
    case 'outage':
      return { words: outageBegins(entry.part, entry.said), tone: entry.lasts ? 'bad' : 'plain' };
    case 'outage_over':
      return { words: outageEnds(entry.part, entry.seconds, null), tone: 'good' };
    case 'worker_started':
      return { words: `kTicket ${entry.version} starts`, tone: 'plain' };
    case 'worker_stopped':
      return { words: `kTicket ${entry.version} has stopped; nothing is half done`, tone: 'plain' };
    default:
      throw entry satisfies never;
  }
}

function ofEvent({ event, actor, company }: Of<'event'>): Said {
  const { log, tone = 'plain' } = eventKindOf(event);
  return { words: log(actor, company), tone };
}
