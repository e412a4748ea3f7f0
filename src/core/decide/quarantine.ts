import type { Decision, FoldItem, Outgoing } from '../ticket/decision.ts';
import { plainToStaff } from '../notices/notify.ts';
import { type Case, outcome } from '../case/case.ts';
import { type QuarantineReason, quarantineReason } from '../words/quarantine.ts';

/**
 * Kept raw with its reason, without an answer. Administrators are notified of the first at once, and of further ones in one
 * list per hour, each entry with a token of its own.
 */
export function quarantine(c: Case, why: QuarantineReason): Decision {
  const { snapshot, message } = c;
  const from = message.from.ok ? message.from.address.email : message.from.shown;
  const reason = quarantineReason(why, c.policy.locale);
  const key = 'quarantine';
  const waiting = snapshot.folds[key] ?? [];
  const fold = snapshot.recent.quarantineNotices > 0;
  const item = {
    id: snapshot.message,
    subject: message.subject,
    from: { name: '', email: from },
    why: reason,
  };
  const items: FoldItem[] = [...waiting, item];
  const outgoing = snapshot.staff
    .filter((s) => s.role === 'administrator')
    .map((staff): Outgoing => {
      const mail = plainToStaff(
        c,
        staff,
        {
          template: 'quarantine-administrator',
          view: {
            buttons: [
              { kind: 'retry', argument: null },
              { kind: 'discard', argument: null },
            ],
            message: snapshot.message,
            from,
            subject: message.subject,
            reason,
            receivedAt: snapshot.receivedAt,
            also: waiting.map((one) => ({
              id: one.id,
              from: one.from.email,
              subject: one.subject,
              reason: one.why ?? '',
            })),
          },
        },
        { purpose: 'quarantine', message: snapshot.message },
      );
      return fold ? { ...mail, delayMinutes: 60, fold: { key, items } } : mail;
    });
  return outcome('quarantined', quarantineReason(why, 'en'), { outgoing });
}
