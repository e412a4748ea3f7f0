import { plainToStaff } from './notify.ts';
import type { Decision } from './decision.ts';
import { type Case, outcome } from './outcome.ts';

/** Kept raw with its reason; administrators are told once. Nothing is answered. */
export function quarantine(c: Case, reason: string): Decision {
  const { snapshot, message } = c;
  const from = message.from.ok ? message.from.address.email : message.from.shown;
  const outgoing = snapshot.staff
    .filter((s) => s.role === 'administrator')
    .map((staff) =>
      plainToStaff(
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
          },
        },
        { purpose: 'quarantine', message: snapshot.message },
      ),
    );
  return outcome('quarantined', reason, { outgoing });
}
