import type { Address } from '../address/address.ts';
import type { Decision, Effect, FoldItem, NewToken, Outgoing } from '../ticket/decision.ts';
import { accepting, companiesHinted } from '../commands/answers/companies.ts';
import { isClerk, plainToStaff } from '../notices/notify.ts';
import { type Case, outcome } from '../case/case.ts';
import { inVain, question } from './question.ts';
import { receipt } from './receipts.ts';
import { isFromDesk } from '../case/own-address.ts';
import { companyOf, type PresentedToken } from '../case/snapshot.ts';
import { ifConfirmed } from './staff.ts';
import type { Staff } from '../ticket/ticket.ts';
import { warningsOf } from '../notices/staff-warnings.ts';
import { nobodyTold } from '../ticket/journal-words.ts';
import type { HeldReason } from '../ticket/reasons.ts';

/** The sender waits for a staff member's word; nothing is said to the sender. */
export function hold(c: Case, sender: Address, reason: HeldReason): Decision {
  const { snapshot } = c;
  const quiet = c.message.spam
    ? 'marked as spam by the server'
    : c.message.kind === 'list' && !isFromDesk(c)
      ? 'list mail'
      : null;
  const lookalike = snapshot.standing.kind === 'stranger' ? snapshot.standing.lookalike : null;
  const words = heldWords[reason] + (lookalike === null ? '' : `; its domain imitates that of ${lookalike}`);
  if (quiet !== null) return outcome('held', `${words}; ${nobodyTold}${quiet}`);

  const key = 'held';
  const waiting = snapshot.folds[key] ?? [];
  const delay = delayOfNotice(c);
  const item: FoldItem = { id: snapshot.message, subject: c.message.subject, from: sender };
  // the newest first, as it is shown whole
  const also = waiting.toReversed().map((one, i) => ({ ...one, number: i + 2 }));
  const companies = companiesHinted(c, { from: sender, standing: snapshot.standing });
  const token: NewToken =
    also.length === 0
      ? { purpose: 'held', message: snapshot.message }
      : { purpose: 'list', held: [snapshot.message, ...also.map(({ id }) => id)] };
  const outgoing = snapshot.staff
    .filter((s) => isClerk(s.role))
    .map((staff): Outgoing => {
      const mail = plainToStaff(
        c,
        staff,
        {
          template: 'held-staff',
          view: {
            buttons: [
              ...accepting(companies),
              { kind: 'accept', argument: null },
              { kind: 'reject', argument: null },
              { kind: 'reject', argument: 'always' },
            ],
            id: snapshot.message,
            from: sender,
            subject: c.message.subject,
            text: c.message.reply.text === '' ? c.message.fullText : c.message.reply.text,
            receivedAt: snapshot.receivedAt,
            reason,
            lookalike,
            warnings: warningsOf(c),
            belongsTo: companyOf(snapshot.standing)?.name ?? null,
            companies,
            also,
          },
        },
        token,
      );
      return delay === null
        ? mail
        : { ...mail, delayMinutes: delay, fold: { key, items: [...waiting, item] } };
    });
  const told = outgoing.length > 0 ? words : `${words}; ${nobodyTold}no clerk or administrator is active`;
  return outcome('held', told, { outgoing });
}

/** Minutes before further strangers are reported together, the first time and later. */
const soon = 5;
const often = 60;

/**
 * The first stranger is reported at once; those who follow within the hour in a list after five minutes, then in one list per
 * hour while more arrive.
 * @returns minutes that the notice waits for others, or null if it does not wait
 */
function delayOfNotice({ snapshot, now }: Case): number | null {
  const last = snapshot.recent.heldNotice;
  if (last === null) return null;
  const since = (now.getTime() - last.at.getTime()) / 60_000;
  // the list that waits takes it in
  if (since < 0) return -since;
  return last.isList ? Math.max(soon, often - since) : soon;
}

const heldWords = {
  unknown_sender: 'its sender is no client',
  former_staff: 'its sender was of the staff, and is no client',
  ended_company: "its sender's company is no longer under contract",
  disabled_contact: 'its sender is a disabled contact',
  dmarc_fail: 'DMARC fails for its domain',
  own_address: 'its From is an address of the desk, and nothing in it says who wrote it',
  many_unproven:
    'nothing proves it, its sender is no contact, and the hour has many such mails of its company',
  foreign_token: "it was sent to a staff member's reply address by nobody of the staff",
} as const satisfies Record<HeldReason, string>;

/**
 * A staff member's token in somebody else's hands (BAD-MAIL 41): the mail is held, every token in it is revoked, and the owner
 * is asked at the enrolled address, with everything that a yes does. With several tokens nobody is asked: those who decide
 * about strangers are notified, and the owners are told that their tokens were revoked.
 * @param token a valid one that the sender may not use
 */
export function foreignToken(c: Case, sender: Address, token: PresentedToken): Decision {
  const { tokens, unknownTokens } = c.snapshot;
  const effects = revoked(tokens);
  const { owner } = token;
  if (tokens.length + unknownTokens > 1) {
    const told = ownersOf(tokens).map((each) =>
      receipt(c, each, { problems: [{ kind: 'tokens_in_other_hands' }], done: false }, null),
    );
    const held = hold(c, sender, 'foreign_token');
    return {
      ...held,
      reason: `${held.reason}, and to several at once; all are revoked`,
      effects,
      outgoing: [...held.outgoing, ...told.filter((mail) => mail !== null)],
    };
  }
  // Nobody is left to ask: those who decide about strangers are notified.
  if (owner === null) return { ...hold(c, sender, 'foreign_token'), effects };
  const yes = ifConfirmed(c, owner);
  const vain = inVain(c, owner, yes);
  if (vain !== null) {
    const reason = `${heldWords.foreign_token}; the token is revoked; ${vain.reason}`;
    return outcome('held', reason, { effects, outgoing: vain.outgoing });
  }
  const { mail, token: fresh } = question(c, owner, 'foreign_address', yes);
  return outcome('held', `${heldWords.foreign_token}; the token is revoked and ${owner.email} asked`, {
    effects,
    outgoing: [plainToStaff(c, owner, mail, fresh)],
  });
}

function ownersOf(tokens: readonly PresentedToken[]): Staff[] {
  const owners = tokens.flatMap(({ owner }) => owner ?? []);
  return owners.filter(({ id }, i) => owners.findIndex((other) => other.id === id) === i);
}

/** The end of every token that came into other hands. */
export function revoked(tokens: readonly PresentedToken[]): Effect[] {
  return tokens
    .filter((t) => t.state === 'valid')
    .map((t) => ({ do: 'revoke_token', tokenId: t.id }) as const);
}
