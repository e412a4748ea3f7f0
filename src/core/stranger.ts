import type { Address } from './address.ts';
import type { Decision, Effect, FoldItem, Outgoing } from './decision.ts';
import { isClerk, plainToStaff, viewOf } from './notify.ts';
import { type Case, outcome } from './outcome.ts';
import { commandsAsked, textAsked } from './receipts.ts';
import type { PresentedToken } from './snapshot.ts';
import type { HeldReason } from './view.ts';
import { warningsOf } from './warnings.ts';

/** The sender waits for a staff member's word; nothing is said to the sender. */
export function hold(c: Case, sender: Address, reason: HeldReason): Decision {
  const { snapshot } = c;
  const quiet = c.message.spam
    ? 'marked as spam by the server'
    : c.message.kind === 'list'
      ? 'list mail'
      : null;
  const lookalike = snapshot.standing.kind === 'stranger' ? snapshot.standing.lookalike : null;
  const words = heldWords[reason] + (lookalike === null ? '' : `; its domain imitates that of ${lookalike}`);
  if (quiet !== null) return outcome('held', `${words}; nobody told: ${quiet}`);

  // The first is told at once; further ones wait for one list an hour.
  const key = 'held';
  const waiting = snapshot.folds[key] ?? [];
  const fold = snapshot.recent.heldNotices > 0;
  const items: FoldItem[] = [...waiting, { id: snapshot.message, subject: c.message.subject, from: sender }];
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
              { kind: 'accept', argument: null },
              { kind: 'reject', argument: null },
              { kind: 'reject', argument: 'always' },
            ],
            from: sender,
            subject: c.message.subject,
            text: c.message.reply.text === '' ? c.message.fullText : c.message.reply.text,
            receivedAt: snapshot.receivedAt,
            reason,
            lookalike,
            warnings: warningsOf(c),
            companies: snapshot.companies.near,
            also: waiting,
          },
        },
        { purpose: 'held', message: snapshot.message },
      );
      return fold ? { ...mail, delayMinutes: 60, fold: { key, items } } : mail;
    });
  return outcome('held', words, { outgoing });
}

const heldWords = {
  unknown_sender: 'its sender is no client',
  ended_company: "its sender's company is no longer under contract",
  disabled_contact: 'its sender is a disabled contact',
  dmarc_fail: 'DMARC fails for its domain',
  foreign_token: "it was sent to a staff member's reply address by nobody of the staff",
} as const satisfies Record<HeldReason, string>;

/**
 * A staff member's token in the hands of somebody else (BAD-MAIL 41): the mail is held, the token ends, and its
 * owner is asked at the enrolled address, with what was written and a fresh token.
 */
export function foreignToken(c: Case, sender: Address, token: PresentedToken): Decision {
  const asked = textAsked(c);
  const effects = revoked(c.snapshot.tokens);
  const { owner } = token;
  // Nobody is left to ask: whoever decides about strangers is told.
  if (owner === null) return { ...hold(c, sender, 'foreign_token'), effects };
  const { subject } = token;
  const ticket =
    c.snapshot.tickets.byToken.find((t) => subject.purpose === 'ticket' && t.number === subject.ticket) ??
    null;
  const mail = plainToStaff(
    c,
    owner,
    {
      template: 'confirm-staff',
      view: {
        buttons: [
          { kind: 'confirm', argument: null },
          { kind: 'confirm', argument: 'always' },
        ],
        ...commandsAsked(c),
        ticket: ticket === null ? null : viewOf(ticket),
        clientLeft: ticket !== null && c.snapshot.withoutClient.includes(ticket.number),
        text: asked === '' ? null : asked,
        why: 'foreign_address',
        writtenFrom: sender.email,
        last: false,
      },
    },
    { purpose: 'confirmation', message: c.snapshot.message },
  );
  return outcome('held', `${heldWords.foreign_token}; the token is revoked and ${owner.email} asked`, {
    effects,
    outgoing: [mail],
  });
}

/** The end of every token that came into other hands. */
export function revoked(tokens: readonly PresentedToken[]): Effect[] {
  return tokens
    .filter((t) => t.state === 'valid')
    .map((t) => ({ do: 'revoke_token', tokenId: t.id }) as const);
}
