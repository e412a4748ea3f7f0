import type { Decision } from '../ticket/decision.ts';
import { deliveryFailed } from './delivery-failed.ts';
import { type Case, outcome, verdictOf } from '../case/case.ts';

type Bounced = NonNullable<Case['snapshot']['bounced']>;

const day = 24 * 60 * 60 * 1000;
/** Servers give up after four or five days (RFC 5321 §4.5.4.1); a later report is not theirs. */
const believedFor = 7 * day;

/**
 * Handles a mail server's report: it settles the outgoing mail that it names, once. A report that names none of ours is
 * discarded (BAD-MAIL 81–83).
 * @returns null if the message is no report
 */
export function decideReport(c: Case): Decision | null {
  const { kind, contentHash } = c.message;
  if (kind === 'read_receipt') return outcome('ignored', 'a read receipt');
  if (kind !== 'bounce') return null;
  const { bounced } = c.snapshot;
  if (bounced === null) return outcome('ignored', 'a delivery report that names no mail of ours');
  const same = c.snapshot.earlier.find((e) => e.contentHash === contentHash);
  if (same !== undefined)
    return outcome('duplicate', `the same mail as message ${same.id}`, { ticket: same.ticket });
  return reportOn(c, bounced);
}

function reportOn(c: Case, bounced: Bounced): Decision {
  const failures = c.message.bounce?.recipients.filter((r) => r.action === 'failed') ?? [];
  const failed = failures.find((r) => r.email === bounced.to);
  if (failed === undefined)
    return failures.length === 0
      ? recorded(bounced, `a delivery report on outgoing mail ${bounced.id} that says nothing final`)
      : outcome(
          'ignored',
          `a delivery failure of another recipient than that of outgoing mail ${bounced.id}: forged or misdirected`,
        );

  const about = `a delivery failure of outgoing mail ${bounced.id}`;
  if (verdictOf(c).result === 'fail')
    return outcome('ignored', `${about}, forged: ${verdictOf(c).why}; nobody told`);
  if (c.now.getTime() - bounced.sentAt.getTime() > believedFor)
    return outcome('ignored', `${about}, which left more than 7 days before; nobody told`);
  if (bounced.hasFailed) return recorded(bounced, `${about}, which had failed before; nobody told`);

  const error = [failed.status, failed.diagnostic].filter((part) => part !== null).join(' ');
  const told = deliveryFailed(c.snapshot.staff, bounced, { cause: 'reported', error }, c.policy.locale);
  return outcome('bounce', `outgoing mail ${bounced.id} could not be delivered`, {
    ticket: bounced.ticket?.number ?? null,
    effects: [
      { do: 'fail_outgoing', outbox: bounced.id, error: `a delivery report says: ${error}` },
      ...told.effects,
    ],
    outgoing: told.outgoing,
  });
}

function recorded(bounced: Bounced, reason: string): Decision {
  return outcome('bounce', reason, { ticket: bounced.ticket?.number ?? null });
}
