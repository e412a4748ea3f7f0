import type { Mail, TemplateName, Views } from '../../src/core/ticket/template-views.ts';
import { type Outcome, receive } from './model.ts';
import type { Sent, State } from './state.ts';
import type { Problem } from '../../src/core/ticket/reasons.ts';

import type { Letter } from './letter.ts';

export const deskAddress = 'assistenza@kybernes.it';
const authserv = 'mx.kybernes.it';

export const anna = 'Anna Rossi <anna@rossi.it>';
export const bruno = 'Bruno Bianchi <bruno@bianchi.it>';

/** A letter that a desk in memory plays. */
export type PlayedLetter = Letter & {
  contentType?: string;
  /** whole bytes instead of all the above */
  raw?: string;
  arrivedAt?: string;
};

/** A desk to play mails on: a small company's staff, two clients under contract and one no more. */
export type Desk = {
  state: State;
  when: (letter: PlayedLetter) => Promise<Outcome>;
  pass: (time: { days?: number; minutes?: number }) => void;
};

/** The desk as it is before anything happens. `change` makes it another one. */
export function given(change: (state: State) => void = () => {}): Desk {
  const state = smallDesk();
  change(state);
  let serial = 0;
  return {
    state,
    when: (letter) => {
      serial += 1;
      return receive(
        state,
        Buffer.from(letter.raw ?? bytesOf(letter, serial, state.now)),
        letter.arrivedAt ?? null,
      );
    },
    pass: ({ days = 0, minutes = 0 }) => {
      state.now = new Date(state.now.getTime() + (days * 24 * 60 + minutes) * 60_000);
    },
  };
}

/** The mail this person got. */
export function mailTo(outcome: { mails: Sent[]; told: string[] }, name: string): Sent {
  const mail = outcome.mails.find((m) => m.to.startsWith(`${name}@`));
  if (mail === undefined) throw new Error(`no mail to ${name} among: ${outcome.told.join(', ') || 'none'}`);
  return mail;
}

/** The view that the template of a mail was given. */
export function viewOf<N extends TemplateName>(mail: Sent, template: N): Views[N] {
  const found = mail.outgoing.mail;
  if (!isOf(found, template)) throw new Error(`this is no ${template} but ${found.template}`);
  return found.view;
}

function isOf<N extends TemplateName>(
  mail: Mail,
  template: N,
): mail is Mail & { template: N; view: Views[N] } {
  return mail.template === template;
}

/** Why the only mail of a refusal says that nothing was done. */
export function problemOf(outcome: Outcome): Problem {
  const [mail] = outcome.mails;
  if (mail === undefined) throw new Error(`nobody was told anything: ${outcome.reason}`);
  const [problem] = viewOf(mail, 'receipt-staff').problems;
  if (problem === undefined) throw new Error('a receipt without a problem');
  return problem;
}

/** The reply that the recipient's mail program makes to a mail, with a passing verdict unless changed. */
export function answer(mail: Sent, text: string, change: Partial<PlayedLetter> = {}): PlayedLetter {
  return {
    from: mail.to,
    to: mail.replyTo,
    subject: `Re: ${mail.subject}`,
    text,
    inReplyTo: mail.messageId,
    ...change,
  };
}

/** Text of a letter for which a test gives none; different for each, so that no letter is the first sent again. */
function textOf(letter: PlayedLetter, serial: number): string {
  const known =
    texts.get(letter) ?? `La stampante del piano terra non stampa.${' Ancora.'.repeat(serial - 1)}`;
  texts.set(letter, known);
  return known;
}

const texts = new WeakMap<PlayedLetter, string>();

function bytesOf(letter: PlayedLetter, serial: number, now: Date): string {
  const domain = /@([^>\s"]+)>?$/.exec(letter.from)?.[1] ?? 'example.org';
  const { dmarc = 'pass', id = `<m${serial}@${domain}>`, date = now } = letter;
  return [
    ...(dmarc === null ? [] : [`Authentication-Results: ${authserv}; dmarc=${dmarc} header.from=${domain}`]),
    ...(letter.headers ?? []),
    `From: ${letter.from}`,
    `To: ${letter.to ?? deskAddress}`,
    ...(letter.cc === undefined ? [] : [`Cc: ${letter.cc}`]),
    `Subject: ${letter.subject ?? 'Richiesta di assistenza'}`,
    ...(id === null ? [] : [`Message-ID: ${id}`]),
    ...(letter.inReplyTo === undefined
      ? []
      : [`In-Reply-To: ${letter.inReplyTo}`, `References: ${letter.inReplyTo}`]),
    ...(date === null ? [] : [`Date: ${date.toUTCString().replace('GMT', '+0000')}`]),
    'MIME-Version: 1.0',
    `Content-Type: ${letter.contentType ?? 'text/plain; charset=utf-8'}`,
    '',
    letter.text ?? textOf(letter, serial),
    '',
  ].join('\r\n');
}

const member = (id: number, name: string, role: State['staff'][number]['role'], aliases: string[] = []) => ({
  id,
  email: `${name.split(' ')[0]?.toLowerCase()}@kybernes.it`,
  name,
  role,
  aliases,
  disabled: false,
});

function smallDesk(): State {
  const desk = { address: deskAddress, name: 'Assistenza KYBERNES' };
  return {
    now: new Date('2026-11-24T09:00:00Z'),
    policy: {
      desk,
      queues: [desk, { address: 'pda@kybernes.it', name: 'Assistenza PDA' }],
      queueWords: new Map(),
      categories: [
        { name: 'Stampa', keywords: ['stampante', 'toner'] },
        { name: 'Altro', keywords: [] },
      ],
      companyName: 'KYBERNES',
      authenticity: 'verified',
      trustedAuthservIds: [authserv],
      reopenDays: 7,
      undoMinutes: 2,
      limits: {
        mailsPerHour: 20,
        aboutTicketPerHour: 20,
        repliesAtOnce: 5,
        unprovenPerHour: 20,
        askedPerHour: 30,
        askedUnvouchedPerHour: 10,
      },
      locale: 'it',
    },
    companies: [
      { id: 1, name: 'Rossi S.r.l.', contracts: ['remote'], domains: ['rossi.it'], ended: false },
      { id: 2, name: 'Bianchi S.p.A.', contracts: ['on-site'], domains: ['bianchi.it'], ended: false },
      { id: 3, name: 'Verdi S.n.c.', contracts: [], domains: ['verdi-snc.it'], ended: true },
    ],
    failsDmarc: new Set(),
    contacts: new Map([
      ['anna@rossi.it', { name: 'Anna Rossi', company: 1, disabled: false }],
      ['bruno@bianchi.it', { name: 'Bruno Bianchi', company: 2, disabled: false }],
      ['ex@rossi.it', { name: 'Ex Rossi', company: 1, disabled: true }],
    ]),
    staff: [
      member(1, 'Luigi Verdi', 'technician', ['luigi.verdi@libero.it']),
      member(2, 'Marco Gialli', 'technician'),
      member(3, 'Carla Neri', 'clerk'),
      member(4, 'Ada Viola', 'administrator'),
      { ...member(5, 'Dario Grigi', 'technician'), disabled: true },
    ],
    blocked: new Map([['spam@noia.example', 'pass']]),
    tickets: new Map(),
    events: [],
    tokens: [],
    inbox: [],
    outbox: [],
  };
}
