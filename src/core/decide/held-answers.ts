import { noLongerWaiting } from '../commands/answers/confirm.ts';
import { mayCommand } from '../commands/commands.ts';
import type { Decision, NewToken, TokenSubject } from '../ticket/decision.ts';
import type { Doubt } from '../notices/doubt.ts';
import { accept } from '../commands/answers/accept.ts';
import { liftBlock } from '../commands/answers/lift.ts';
import { reject } from '../commands/answers/reject.ts';
import type { AboutHeld, Did, HeldAct } from '../commands/command.ts';
import type { HeldOrder, HeldReading } from '../message/orders.ts';
import { type Case, outcome } from '../case/case.ts';
import { receiptOfHeld, refuse, refuseOrder, type RefusalReceipt, asDecision, saidOf } from './receipts.ts';
import type { HeldMessage, PresentedToken } from '../case/snapshot.ts';
import type { Staff } from '../ticket/ticket.ts';
import type { HeldAnswer } from '../ticket/template-views.ts';
import type { Problem } from '../ticket/reasons.ts';

/**
 * Carries out a decision about a stranger: `accetta NOME AZIENDA`, `rifiuta`, `rifiuta sempre`, and later `sblocca` to lift
 * that; for a list, by numbers. For clerks and administrators.
 */
export function answerHeld(c: Case, staff: Staff, token: PresentedToken | null): Decision | Doubt {
  const subject = token?.subject;
  if (subject === undefined) return asDecision(c, staff, noLongerWaiting(null));
  const read = ordersIn(c);
  const isList = subject.purpose === 'list';
  if (read.kind === 'orders') {
    const command = read.orders[0].name === 'accept' ? 'accept' : 'reject';
    if (!mayCommand(staff.role, command))
      return refuse(c, staff, { kind: 'role', command, role: staff.role }, null);
    if (isList) return answerList(c, staff, subject, read.orders);
    const [order, ...others] = read.orders;
    const isOne =
      order.which === null || order.which.kind !== 'numbers' || order.which.numbers.join() === '1';
    if (isOne && others.length === 0) return answerOne(c, staff, order);
  }
  const found = read.kind === 'unread' ? read.found : '';
  return subject.purpose === 'list'
    ? refuseOrder(c, staff, { problem: { kind: 'list_unread', found }, token: subject }, null)
    : refuseOrder(c, staff, { ...yesOrNo, ...(subject.purpose === 'held' ? { token: subject } : {}) }, null);
}

/** What is said where neither a yes nor a no was read. */
const yesOrNo: RefusalReceipt = {
  problem: { kind: 'not_understood_here', expected: ['accept', 'reject'] },
  buttons: [
    { kind: 'accept', argument: null },
    { kind: 'reject', argument: null },
  ],
};

/** The orders in the mail's text or, if that is empty, in the subject as written by a button. */
function ordersIn(c: Case): HeldReading {
  const {
    orders: { own: reading, held },
    noCommand,
  } = c.message;
  if (noCommand !== null && c.snapshot.confirmedBy === null) return { kind: 'unread', found: '' };
  const isList = c.snapshot.listed.length > 0;
  // a company's name may begin with a number: of a single message a command is one
  if (!isList && reading.kind === 'commands' && reading.commands.length === 1) {
    const [{ name, argument }] = reading.commands;
    if (name === 'accept' || name === 'reject')
      return { kind: 'orders', orders: [{ which: null, name, argument }] };
  }
  return held;
}

/** Carries out one order about the message whose notice or receipt was answered. */
function answerOne(c: Case, staff: Staff, order: HeldOrder): Decision | Doubt {
  const held = c.snapshot.subjectMessage;
  if (held === null) return asDecision(c, staff, noLongerWaiting(held));
  const act = decideHeld(c, staff, held, order);
  const token = { purpose: 'held', message: held.id } as const;
  if (act.kind === 'refused')
    return refuseOrder(c, staff, { problem: act.problem, token, buttons: act.buttons ?? [] }, null);
  return isMove(c, act) ? { doubt: 'moves_contact' } : told(c, staff, token, [{ held, number: null, act }]);
}

/** The effect of one order on one held message, or why it has none. */
function decideHeld(c: Case, staff: Staff, held: HeldMessage, order: HeldOrder): HeldAct {
  // Who said no may say yes later, or no for good; a yes stands, as its tickets do.
  const isRejected = held.disposition === 'rejected';
  const isLater = order.name !== 'reject' || (order.argument === 'always' && !held.isBlocked);
  if (held.disposition !== 'held' && !(isRejected && isLater))
    return { kind: 'refused', problem: { kind: 'no_longer_waiting', disposition: held.disposition } };
  const about: AboutHeld = { case: c, staff, held, argument: order.argument };
  switch (order.name) {
    case 'reject':
      return reject.act(about);
    case 'accept':
      return accept.act(about);
    case 'lift':
      return isRejected
        ? liftBlock(about)
        : { kind: 'refused', problem: { kind: 'not_understood_here', expected: ['accept', 'reject'] } };
    default:
      throw order.name satisfies never;
  }
}

/** True if an address would be moved to another company, and nobody has confirmed it yet. */
function isMove({ snapshot }: Case, act: HeldAct): boolean {
  const moves = act.kind === 'done' && act.did.what === 'accepted' && act.did.movedFrom !== null;
  return moves && snapshot.confirmedBy === null;
}

/** An entry of a list, with the effect of its order. */
type Answered = { held: HeldMessage; number: number | null; act: HeldAct };

/**
 * Carries out orders about a list in one notice, by its numbers. Each takes effect or is refused separately, and one receipt
 * covers them all; if it is unclear which order is about which number, none takes effect.
 */
function answerList(
  c: Case,
  staff: Staff,
  token: TokenSubject & { purpose: 'list' },
  orders: readonly HeldOrder[],
): Decision | Doubt {
  const { listed } = c.snapshot;
  const places = placesOf(orders, listed);
  if ('problem' in places) return refuseOrder(c, staff, { problem: places.problem, token }, null);
  const answered: Answered[] = [];
  // a company that one order creates is there for the next
  let companies = c.snapshot.companies;
  for (const { number, order } of places.orders) {
    const held = listed[number - 1];
    if (held === undefined) continue;
    const one = { ...c, snapshot: { ...c.snapshot, companies } };
    const act = apart(answered, held, number, decideHeld(one, staff, held, order));
    answered.push({ held, number, act });
    if (act.kind === 'done' && act.did.what === 'accepted' && act.did.isNew)
      companies = [...companies, { id: 0, name: act.did.company, contracts: [] }];
  }
  if (answered.some(({ act }) => isMove(c, act))) return { doubt: 'moves_contact' };
  if (places.isWide && c.snapshot.confirmedBy === null) return { doubt: 'decides_many' };
  return told(c, staff, token, answered);
}

type Placed = { number: number; order: HeldOrder };

/** If an order without numbers covers more messages than this, its writer is shown the count first. */
const many = 10;

/** Matches orders to numbers of the list. `others` and `all` mean those that still wait; `isWide`: they are many. */
function placesOf(
  orders: readonly HeldOrder[],
  listed: readonly HeldMessage[],
): { orders: Placed[]; isWide: boolean } | { problem: Problem } {
  const total = listed.length;
  const named = orders.flatMap(({ which }) => (which?.kind === 'numbers' ? which.numbers : []));
  const unknown = named.find((number) => number < 1 || number > total);
  if (unknown !== undefined) return { problem: { kind: 'number_unknown', number: unknown, total } };
  const twice = named.find((number, i) => named.indexOf(number) !== i);
  if (twice !== undefined) return { problem: { kind: 'number_twice', number: twice } };
  const rest = listed.flatMap((held, i) =>
    held.disposition === 'held' && !named.includes(i + 1) ? [i + 1] : [],
  );
  const wide = orders.filter(({ which }) => which?.kind === 'others' || which?.kind === 'all');
  if (wide.length > 1 || (named.length > 0 && wide.some(({ which }) => which?.kind === 'all')))
    return { problem: { kind: 'number_twice', number: named[0] ?? 1 } };
  if (orders.some(({ which }) => which === null)) return { problem: { kind: 'number_missing', total } };
  const isAll = wide.some(({ which }) => which?.kind === 'all');
  return {
    isWide: (isAll && rest.length > 1) || (wide.length > 0 && rest.length > many),
    orders: orders
      .flatMap((order) =>
        (order.which?.kind === 'numbers' ? order.which.numbers : rest).map((number) => ({ number, order })),
      )
      .toSorted((a, b) => a.number - b.number),
  };
}

/** Cancels the effect of an order about a sender whom an earlier order of the same mail decided differently. */
function apart(before: readonly Answered[], held: HeldMessage, number: number, act: HeldAct): HeldAct {
  const differs = before.some(
    (one) =>
      one.held.from.email === held.from.email &&
      one.act.kind === 'done' &&
      act.kind === 'done' &&
      !isSame(one.act.did, act.did),
  );
  return differs ? { kind: 'refused', problem: { kind: 'number_twice', number } } : act;
}

function isSame(one: Did, other: Did): boolean {
  return one.what === 'accepted' && other.what === 'accepted'
    ? one.company === other.company
    : one.what === other.what;
}

/** The decision, and the one receipt of it, which can be answered. */
function told(c: Case, staff: Staff, token: NewToken, answered: readonly Answered[]): Decision {
  const acts = answered.flatMap(({ act }) => (act.kind === 'done' ? [act] : []));
  const receipt = receiptOfHeld(c, staff, token, answered.map(answerOf));
  const refused = answered.length - acts.length;
  const done = acts.map(({ reason }) => reason).join('; ');
  const reason = [done === '' ? 'refused' : done, refused > 0 && done !== '' ? `${refused} refused` : '']
    .filter((part) => part !== '')
    .join('; ');
  return outcome(acts.length === 0 ? 'refused' : 'command', saidOf(reason, receipt), {
    effects: acts.flatMap(({ effects }) => effects),
    outgoing: [...acts.flatMap(({ outgoing }) => outgoing), receipt],
  });
}

function answerOf({ held, number, act }: Answered): HeldAnswer {
  const about = { id: held.id, number, from: held.from, subject: held.subject };
  return act.kind === 'done'
    ? { ...about, did: act.did, problem: null, buttons: act.buttons }
    : { ...about, did: null, problem: act.problem, buttons: act.buttons ?? [] };
}
