import { answer, type Desk, type PlayedLetter } from '../pure-desk.ts';
import type { Outcome } from '../model.ts';
import { carryOut, isDoubted, type Kept, stopClosing } from './orders.ts';
import type { Sent } from '../state.ts';
import type { Step } from './steps.ts';
import {
  addresses,
  clerks,
  companyOf,
  everyone,
  nameOf,
  nothing,
  orderOf,
  strangers,
  technical,
  technicians,
  tell,
  together,
  type Order,
  type Happens,
  type Known,
  type Ordered,
  ticketMail,
  mailOf,
  tokenIs,
  orderText,
} from './table.ts';

/** A held mail, and what comes of it once it is taken in. */
type Waiting = {
  id: number;
  email: string;
  proof: 'pass' | 'fail';
  isHeld: boolean;
  /** the word that rejected it, together with others */
  rejection: number | null;
  again: () => Happens;
};

/**
 * The manual's table kept by hand: what each mail must bring about, and which words may reach whom. Every text has a word
 * that stands nowhere else.
 */
export class Book {
  readonly #desk: Desk;
  readonly #tickets = new Map<number, Known>();
  readonly #confirmed: number[] = [];
  readonly #closed: number[] = [];
  readonly #asked = new Map<string, Ordered>();
  readonly #used = new Set<string>();
  /** word → the company that may read it; null: staff alone */
  #clientsAnswers = 0;
  readonly #words = new Map<string, string | null>();
  /** authors of words: returning those to them reveals nothing */
  readonly #wrote = new Map<string, Set<string>>();
  readonly #held: Waiting[] = [];
  #rejections = 0;
  readonly #enrolled = new Map<string, string>();
  readonly #told = new Set<string>();
  #last: PlayedLetter | null = null;
  #asking: Ordered | null = null;
  #serial = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** The mail of a step; null where there is nothing to do it with. */
  write(step: Step): PlayedLetter | null {
    const letter = this.#letter(step);
    if (letter === null || step.does === 'again') return letter;
    this.#serial += 1;
    const whole = {
      ...letter,
      id: `<p${this.#serial}@${companyOf(letter.from)}>`,
      date: this.#desk.state.now,
    };
    this.#last = whole;
    const words = `${letter.subject ?? ''} ${letter.text ?? ''}`.match(/\bparola\d+\b/gu) ?? [];
    const known = this.#wrote.get(letter.from) ?? new Set<string>();
    this.#wrote.set(letter.from, new Set([...known, ...words]));
    return whole;
  }

  #letter(step: Step): PlayedLetter | null {
    switch (step.does) {
      case 'client_writes': {
        const from = addresses[step.who] ?? '';
        return {
          from,
          subject: 'Guasto',
          text: `Si è fermato ${this.#word(companyOf(from))} stamattina.`,
          dmarc: step.dmarc,
        };
      }
      case 'client_answers': {
        const number = this.#number(step.ticket);
        if (number === null) return null;
        const from = addresses[step.who] ?? '';
        const text = {
          text: `Ancora fermo ${this.#word(companyOf(from))} stamattina.`,
          courtesy: 'Grazie mille!',
          order: 'chiudere',
          automatic: 'Abbiamo ricevuto la Sua mail.',
        }[step.says];
        const headers = step.says === 'automatic' ? ['Auto-Submitted: auto-replied'] : [];
        // the same twice would be one mail sent twice
        const subject = `R: [#${number}] Guasto ${'o'.repeat((this.#clientsAnswers += 1))}`;
        return { from, subject, text, headers, dmarc: step.dmarc };
      }
      case 'staff_orders': {
        const mail = ticketMail(this.#desk, step.mail);
        if (mail === null) return null;
        return answer(mail, this.#text(step.order, mail.outgoing.ticket), { dmarc: step.dmarc });
      }
      case 'staff_without_token': {
        const number = this.#number(step.ticket);
        if (number === null) return null;
        const text = this.#text(step.order, number);
        return {
          from: `${step.who}@kybernes.it`,
          subject: `Re: [#${number}] Guasto`,
          text,
          dmarc: step.dmarc,
        };
      }
      case 'token_of_another': {
        const mail = ticketMail(this.#desk, step.mail);
        const from =
          step.who === 'stranger'
            ? 'estraneo@altrove.example'
            : (addresses[step.who] ?? `${step.who}@kybernes.it`);
        if (mail === null || mail.to === from) return null;
        const company = addresses[step.who] === undefined ? null : companyOf(from);
        const text =
          company === null
            ? this.#text(step.order, null, strangers)
            : `Non va ${this.#word(company)} da ieri.`;
        return answer(mail, text, { from });
      }
      case 'confirms': {
        const mail = mailOf(this.#desk, 'confirm-staff', step.mail);
        return mail === null ? null : answer(mail, 'conferma', { dmarc: step.dmarc });
      }
      case 'stranger_writes':
        return {
          from: `ignoto${step.who}@altrove.example`,
          subject: 'Salve',
          text: `Non mi parte ${this.#word(strangers)} da ieri.`,
        };
      case 'answers_held': {
        const mail = mailOf(this.#desk, 'held-staff', step.mail);
        return mail === null
          ? null
          : answer(mail, step.says === 'accept' ? this.#accepting(mail) : 'rifiuta');
      }
      case 'opens_for': {
        const mail = ticketMail(this.#desk, step.answering);
        const client = addresses[step.client] ?? '';
        const text = `apri per ${client}\nAl telefono dice ${this.#word(companyOf(client))} fermo.`;
        const own = mail !== null && nameOf(mail.to) === step.who && tokenIs(this.#desk, mail) === 'valid';
        return own ? answer(mail, text) : { from: `${step.who}@kybernes.it`, subject: 'Telefonata', text };
      }
      case 'forwards': {
        const client = addresses[step.client] ?? '';
        return {
          from: `${step.who}@kybernes.it`,
          subject: 'I: Guasto',
          text: `Guardate ${this.#word(null)} voi.\n\n---------- Forwarded message ---------\nDa: Cliente <${client}>\nDate: mar 24 nov 2026 alle ore 09:00\nSubject: Guasto\nTo: ${step.who}@kybernes.it\n\nDa ieri fa rumore ${this.#word(companyOf(client))} qui.\n`,
        };
      }
      case 'takes_back': {
        const mail = this.#answered();
        return mail === null ? null : answer(mail, 'annulla ultimo');
      }
      case 'again':
        return this.#last;
      case 'waits':
        this.#desk.pass({ minutes: step.minutes });
        return null;
      default:
        throw step satisfies never;
    }
  }

  /** Expected outcome of a step, by the table. */
  expect(step: Step, letter: PlayedLetter): Happens {
    this.#asking = null;
    const from = letter.from;
    switch (step.does) {
      case 'client_writes':
        return step.dmarc === 'fail' ? this.#hold(from, () => this.#open(from), 'fail') : this.#open(from);
      case 'client_answers':
        return this.#clientAnswers(step, from);
      case 'staff_orders': {
        const mail = ticketMail(this.#desk, step.mail);
        if (mail === null) return nothing;
        const order = orderOf(nameOf(mail.to), mail.outgoing.ticket, step.order, letter);
        const isValid = tokenIs(this.#desk, mail) === 'valid';
        if (isValid && step.dmarc === 'pass')
          return isDoubted(order, this.#kept()) ? this.#ask(order) : this.#carryOut(order);
        return !isValid && step.dmarc === 'fail'
          ? { told: ['quarantine-administrator > ada'], events: [] }
          : this.#ask(order);
      }
      case 'staff_without_token':
        return step.dmarc === 'fail'
          ? { told: ['quarantine-administrator > ada'], events: [] }
          : this.#ask(orderOf(step.who, this.#number(step.ticket), step.order, letter));
      case 'token_of_another':
        return this.#tokenOfAnother(step, letter);
      case 'confirms': {
        const mail = mailOf(this.#desk, 'confirm-staff', step.mail);
        const asked = this.#asked.get(mail?.messageId ?? '');
        if (mail === null || asked === undefined) return nothing;
        if (this.#used.has(mail.messageId))
          return { told: [`receipt-staff > ${nameOf(mail.to)}`], events: [] };
        if (asked.held) {
          const subject = mail.outgoing.token;
          const about = this.#held.find(
            (h) => subject?.purpose === 'confirmation' && h.id === subject.message,
          );
          if (about?.isHeld !== true) return { told: [`receipt-staff > ${nameOf(mail.to)}`], events: [] };
          about.isHeld = false;
        }
        this.#used.add(mail.messageId);
        // what would be refused by now is; what would do something else is asked about anew
        const isAsAsked = this.#isRefused(asked) || this.#announced(asked) === asked.announced;
        return isAsAsked ? this.#carryOut(asked) : this.#ask({ ...asked, held: false });
      }
      case 'stranger_writes':
        return this.#enrolled.has(from) ? this.#open(from) : this.#hold(from, () => this.#open(from));
      case 'answers_held':
        return this.#answerHeld(step);
      case 'opens_for':
        return this.#open(addresses[step.client] ?? '');
      case 'forwards': {
        const opened = this.#open(addresses[step.client] ?? '');
        return { ...opened, events: ['opened', technical(step.who) ? 'internal_note' : 'staff_message'] };
      }
      case 'takes_back': {
        const mail = this.#answered();
        if (mail === null) return nothing;
        const order = orderOf(nameOf(mail.to), mail.outgoing.ticket, 'undo', letter);
        return tokenIs(this.#desk, mail) === 'valid' ? this.#carryOut(order) : this.#ask(order);
      }
      case 'again':
      case 'waits':
        return nothing;
      default:
        throw step satisfies never;
    }
  }

  /** Remembers which of the mails that went out asks about what, and who waits. */
  note(outcome: Outcome): void {
    for (const mail of [outcome, ...outcome.after].flatMap((each) => each.mails))
      if (mail.template === 'confirm-staff' && this.#asking !== null)
        this.#asked.set(mail.messageId, this.#asking);
    // above the bound of its reader a closing mail leaves later
    for (const { template, outgoing, dueAt } of [outcome, ...outcome.after].flatMap((one) => one.mails)) {
      const ticket = this.#tickets.get(outgoing.ticket ?? 0);
      if (template === 'closed-client' && ticket !== undefined) ticket.closing.dueAt = dueAt.getTime();
    }
    const waiting = this.#held.at(-1);
    if (outcome.disposition === 'held' && waiting?.id === 0) waiting.id = outcome.id;
  }

  /** Words in mails to somebody who may not read them: a staff text outside, or another company's. */
  secretsToldOutside(outcome: Outcome): string[] {
    return [outcome, ...outcome.after]
      .flatMap((o) => o.mails)
      .filter((mail) => mail.toClient || !mail.to.endsWith('@kybernes.it'))
      .flatMap((mail) => {
        const company = this.#company(mail.to);
        const words = JSON.stringify(mail.outgoing).match(/\bparola\d+\b/gu) ?? [];
        return words
          .filter((word) => this.#wrote.get(mail.to)?.has(word) !== true)
          .filter((word) => this.#words.get(word) !== company && this.#words.get(word) !== companyOf(mail.to))
          .map((word) => `${word} to ${mail.to} in ${mail.template}`);
      });
  }

  /** Confirmations, one for each ticket. */
  confirmations(): number[] {
    return this.#confirmed.toSorted((a, b) => a - b);
  }

  /** Closings, one for each. */
  closings(): number[] {
    return this.#closed.toSorted((a, b) => a - b);
  }

  // ── the table ──────────────────────────────────────────────────────────────

  #open(email: string): Happens {
    const number = 1001 + this.#tickets.size;
    this.#tickets.set(number, {
      company: this.#company(email),
      requester: email,
      isClosed: false,
      closing: { dueAt: 0, isStopped: false },
      inCharge: null,
      closedAt: 0,
      internal: [],
      changes: 0,
      last: new Map(),
    });
    this.#confirmed.push(number);
    return { told: tell('opened-staff', everyone, [`opened-client > ${nameOf(email)}`]), events: ['opened'] };
  }

  #hold(email: string, again: () => Happens, proof: 'pass' | 'fail' = 'pass'): Happens {
    this.#held.push({ id: 0, email, proof, isHeld: true, rejection: null, again });
    return { told: tell('held-staff', clerks), events: [] };
  }

  #ask(order: Ordered): Happens {
    if (this.#isRefused(order)) return this.#predict(order);
    this.#asking = { ...order, announced: this.#announced(order) };
    return { told: [`confirm-staff > ${order.who}`], events: [] };
  }

  #isRefused(order: Ordered): boolean {
    const { told, events } = this.#predict(order);
    return events.length === 0 && told.length === 1 && told[0] === `receipt-staff > ${order.who}`;
  }

  /** Expected outcome of an order, without carrying it out. */
  #predict(ordered: Ordered): Happens {
    return carryOut(ordered, {
      ...this.#kept(),
      tickets: structuredClone(this.#tickets),
      closed: [...this.#closed],
      words: new Map(this.#words),
      told: new Set(this.#told),
    });
  }

  /** Facts stated in a question about an order that may have changed by the time of the answer. */
  #announced(ordered: Ordered): string {
    const { told, events } = this.#predict(ordered);
    const { state } = this.#desk;
    const ticket = state.tickets.get(ordered.ticket);
    const { closing } = this.#tickets.get(ordered.ticket) ?? {};
    const waits = (closing?.dueAt ?? 0) > state.now.getTime();
    const outside = told.filter((one) => one.startsWith('closed-client'));
    const fields = [ticket?.assignee?.name, ticket?.priority, ticket?.minutes];
    switch (ordered.order) {
      case 'close':
      case 'quote':
      case 'leak':
        return JSON.stringify([events, outside, ticket?.state, fields]);
      case 'attributes':
        return JSON.stringify([events, ticket?.priority, ticket?.minutes]);
      case 'assign':
      case 'take_over':
        return JSON.stringify([events, ticket?.assignee?.name]);
      case 'reopen':
        return JSON.stringify([events, waits]);
      case 'undo': {
        const actor = `${ordered.who}@kybernes.it`;
        const last = state.events.findLast(
          (e) => e.ticket === ordered.ticket && e.before !== null && e.event.actor === actor,
        );
        const own = state.events.find((e) => e.message === last?.message && e.before !== null);
        return JSON.stringify([events, ticket?.state, fields, own?.before, waits, closing?.isStopped]);
      }
      case 'take':
      case 'note':
      case 'typo':
        return JSON.stringify(events);
      default:
        throw ordered.order satisfies never;
    }
  }

  #carryOut(ordered: Ordered): Happens {
    return carryOut(ordered, this.#kept());
  }

  #kept(): Kept {
    return {
      tickets: this.#tickets,
      closed: this.#closed,
      companyOf: (email) => this.#company(email),
      words: this.#words,
      told: this.#told,
      now: this.#desk.state.now.getTime(),
    };
  }

  #clientAnswers(step: Extract<Step, { does: 'client_answers' }>, from: string): Happens {
    const number = this.#number(step.ticket);
    const ticket = this.#tickets.get(number ?? 0);
    const isOwn = ticket?.company === this.#company(from);
    if (step.says === 'automatic')
      return isOwn && step.dmarc !== 'fail' ? { told: [], events: ['client_replied'] } : nothing;
    const answers = (isBelieved: boolean): Happens =>
      this.#answers(number, from, { isCourtesy: step.says === 'courtesy', isBelieved });
    return step.dmarc === 'fail'
      ? this.#hold(from, () => answers(true), 'fail')
      : answers(step.dmarc === 'pass');
  }

  /** A client's mail that names a ticket. */
  #answers(number: number | null, from: string, said: { isCourtesy: boolean; isBelieved: boolean }): Happens {
    const ticket = this.#tickets.get(number ?? 0);
    return ticket === undefined || ticket.company !== this.#company(from)
      ? this.#open(from)
      : this.#follow(number ?? 0, ticket, from, said);
  }

  #follow(
    number: number,
    ticket: Known,
    from: string,
    { isCourtesy, isBelieved }: { isCourtesy: boolean; isBelieved: boolean },
  ): Happens {
    if (isCourtesy) return { told: [], events: ['client_replied'] };
    const { now } = this.#desk.state;
    const closingWaits = ticket.isClosed && !ticket.closing.isStopped && now.getTime() < ticket.closing.dueAt;
    if (!ticket.isClosed || (closingWaits && !isBelieved)) {
      const told = ticket.inCharge === null ? technicians : [ticket.inCharge];
      return { told: tell('follow-up-staff', told), events: ['client_replied'] };
    }
    if (now.getTime() - ticket.closedAt > 7 * 24 * 60 * 60 * 1000) return this.#open(from);
    ticket.isClosed = false;
    ticket.inCharge = null;
    ticket.changes += 1;
    stopClosing(number, ticket, { closed: this.#closed, now: now.getTime() });
    return { told: tell('reopened-staff', technicians), events: ['client_replied', 'reopened'] };
  }

  #tokenOfAnother(step: Extract<Step, { does: 'token_of_another' }>, letter: PlayedLetter): Happens {
    const mail = ticketMail(this.#desk, step.mail);
    const number = mail?.outgoing.ticket ?? null;
    const ticket = this.#tickets.get(number ?? 0);
    if (mail === null || ticket === undefined) return nothing;
    const isValid = tokenIs(this.#desk, mail) === 'valid';
    const { from } = letter;
    if (step.who === 'luigi' || step.who === 'carla')
      return { told: [`receipt-staff > ${step.who}`], events: [] };
    const answers = (): Happens => this.#answers(number, from, { isCourtesy: false, isBelieved: true });
    const isClient = addresses[step.who] !== undefined || this.#enrolled.has(from);
    if (isClient && (!isValid || ticket.company === this.#company(from))) return answers();
    if (!isValid) return this.#hold(from, answers);
    const order = addresses[step.who] === undefined ? step.order : 'note';
    this.#held.push({ id: 0, email: from, proof: 'pass', isHeld: true, rejection: null, again: answers });
    return this.#ask({ ...orderOf(nameOf(mail.to), number, order, letter), held: true });
  }

  /** Into the company the sender is of already; a stranger into Rossi's. */
  #accepting(mail: Sent): string {
    const subject = mail.outgoing.token;
    const about = this.#held.find((h) => subject?.purpose === 'held' && h.id === subject.message);
    return about?.email.includes('@bianchi.it') === true ? 'accetta Bianchi S.p.A.' : 'accetta Rossi S.r.l.';
  }

  #answerHeld(step: Extract<Step, { does: 'answers_held' }>): Happens {
    const mail = mailOf(this.#desk, 'held-staff', step.mail);
    const subject = mail?.outgoing.token;
    if (mail === null) return nothing;
    const receipt: Happens = { told: [`receipt-staff > ${nameOf(mail.to)}`], events: [] };
    // of a list an order must say which
    if (subject?.purpose === 'list') return receipt;
    const about = this.#held.find((h) => subject?.purpose === 'held' && h.id === subject.message);
    if (about === undefined) return nothing;
    const theirs = this.#held.filter((h) => h.email === about.email);
    if (step.says === 'reject') {
      if (!about.isHeld) return receipt;
      this.#rejections += 1;
      for (const held of theirs.filter((h) => h.isHeld && (about.proof === 'pass' || h.proof === 'fail')))
        Object.assign(held, { isHeld: false, rejection: this.#rejections });
      return receipt;
    }
    if (!about.isHeld && about.rejection === null) return receipt;
    const again = theirs.filter(
      (h) => h.isHeld || (about.rejection !== null && h.rejection === about.rejection),
    );
    for (const held of again) Object.assign(held, { isHeld: false, rejection: null });
    if (!Object.values(addresses).some((own) => own.includes(about.email)))
      this.#enrolled.set(about.email, 'rossi.it');
    return together([receipt, ...again.map((held) => held.again())]);
  }

  #company(email: string): string {
    return this.#enrolled.get(email) ?? companyOf(email);
  }

  // ── what was written ───────────────────────────────────────────────────────

  #text(order: Order, number: number | null, reader: string | null = null): string {
    const secret = this.#tickets.get(number ?? 0)?.internal.at(-1) ?? 'Riparato.';
    return orderText(order, `Il pezzo ${this.#word(reader)} va ordinato domani.`, secret);
  }

  #word(company: string | null): string {
    const word = `parola${this.#words.size + 1}`;
    this.#words.set(word, company);
    return word;
  }

  /** The mail about a ticket that the last letter answered. */
  #answered(): Sent | null {
    const to = this.#last?.to;
    const mails = this.#desk.state.outbox.filter((m) => m.outgoing.token?.purpose === 'ticket');
    return mails.find((m) => m.replyTo === to && m.to === this.#last?.from) ?? null;
  }

  #number(pick: number): number | null {
    return this.#tickets.size === 0 ? null : 1001 + (pick % this.#tickets.size);
  }
}
