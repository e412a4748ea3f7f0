import { maskedFor } from '../../core/guard/client-guard.ts';
import { outageInWords } from '../../core/words/outages.ts';
import { isSafeHtml } from '../../core/html/safe-check.ts';
import { styles } from '../../core/html/safe-writer.ts';
import type {
  ClientTicketView,
  EarlierTicket,
  HeldAnswer,
  OutsideMail,
  TicketView,
  Views,
} from '../../core/ticket/template-views.ts';
import type { Locale } from '../../core/words/words.ts';
import type { SampleTexts } from './texts.ts';
import type { SafeHtml } from '../../core/message/rich-html.ts';
import type { Problem } from '../../core/ticket/reasons.ts';
import type { Button } from '../../core/message/orders.ts';

/** A ticket as its client reads of it. */
export const forClient = (of: TicketView): ClientTicketView => ({
  ...of,
  subject: maskedFor(of.subject),
  description: maskedFor(of.description),
});

/** Every reason to ask, with every sort of command. */
export function confirmations(
  t: SampleTexts,
  ticket: TicketView,
  opens: TicketView,
): Views['confirm-staff'][] {
  type Asked = Partial<Views['confirm-staff']> & Pick<Views['confirm-staff'], 'why'>;
  const stranger = { name: 'Ugo Blu', email: 'ugo@altro.example' };
  const closing: OutsideMail = {
    to: ticket.requester,
    mail: {
      template: 'closed-client',
      view: { ticket: forClient(ticket), also: [], solution: maskedFor(t.solution), phones: [] },
    },
    queue: ticket.queue.address,
  };
  const opening: OutsideMail = {
    to: opens.requester,
    mail: {
      template: 'opened-client',
      view: { ticket: forClient(opens), also: [], attachments: [], phones: [], words: null },
    },
    queue: opens.queue.address,
  };
  const declined: OutsideMail = {
    to: stranger,
    mail: { template: 'declined-stranger', view: { about: 'commercial' } },
    queue: ticket.queue.address,
  };
  const enrols = { address: stranger, company: 'Rossi SpA', isNew: false, movedFrom: null };
  const held = { from: stranger, subject: t.otherSubject, text: t.strangerText };
  const nowhere = { ticket: null };
  const asked: Asked[] = [
    { why: 'no_verdict', command: 'close', others: t.attributes, outside: [closing] },
    { why: 'dmarc_fail', command: 'take', text: t.progress },
    { why: 'missing_token', command: 'note', text: t.note, last: true },
    { why: 'expired_token', text: t.note },
    { why: 'unsure_text', command: 'close', clientLeft: true, text: t.solution },
    { why: 'foreign_address', command: 'accept', argument: 'Rossi SpA', enrols, held, ...nowhere },
    {
      why: 'no_verdicts_here',
      command: 'open_for',
      argument: opens.requester.email,
      opens,
      outside: [opening],
      ...nowhere,
    },
    { why: 'revoked_token', command: 'undo', stopsMail: true, text: t.undone.join('\n') },
    { why: 'text_below', command: 'close', outside: [closing] },
    { why: 'below_line', command: 'close', outside: [closing] },
    { why: 'internal_words', command: 'close', outside: [closing] },
    { why: 'calls_internal', command: 'close', outside: [closing] },
    { why: 'other_company', command: 'open_for', opens, outside: [opening], ...nowhere },
    { why: 'not_to_us', opens, outside: [opening], ...nowhere },
    { why: 'not_lately', command: 'list', ...nowhere },
    { why: 'attached_original', opens, outside: [opening], text: t.note, ...nowhere },
    {
      why: 'changed',
      command: 'undo',
      outside: [{ to: ticket.requester, subject: t.subject, text: t.solution }],
    },
    { why: 'foreign_address', command: 'take' },
    {
      why: 'no_verdict',
      command: 'accept',
      argument: 'Rossi SpA nuova',
      enrols: { ...enrols, isNew: true, movedFrom: 'Altro S.r.l.' },
      held: { ...held, subject: '' },
      ...nowhere,
    },
    {
      why: 'moves_contact',
      command: 'accept',
      argument: 'Rossi SpA',
      enrols: { ...enrols, movedFrom: 'Altro S.r.l.' },
      held,
      ...nowhere,
    },
    { why: 'decides_many', list: heldAnswers(t).flat(), listed: 12, ...nowhere },
    { why: 'no_verdict', command: 'reject', argument: 'commercial', held, outside: [declined], ...nowhere },
  ];
  return asked.map((said) => {
    const isForeign = said.why === 'foreign_address';
    return {
      buttons: [confirm, ...(isForeign ? [{ kind: 'confirm', argument: 'always' } as const] : [])],
      command: null,
      argument: null,
      others: [],
      ticket,
      clientLeft: false,
      opens: null,
      enrols: null,
      list: [],
      listed: 0,
      held: null,
      outside: [],
      stopsMail: false,
      text: null,
      writtenFrom: isForeign ? 'marco.privato@posta.example' : null,
      alias: isForeign ? 'marco.privato@posta.example' : null,
      last: false,
      ...said,
    };
  });
}

const confirm: Button = { kind: 'confirm', argument: null };

/** Every kind of problem, with and without its optional parts. */
export function problems(t: SampleTexts): Problem[] {
  return [
    { kind: 'unsure_command', found: t.typo, guesses: ['close', 'take'] },
    { kind: 'too_many_answers' },
    { kind: 'client_does_not_read', found: t.forClient },
    { kind: 'contradiction', lines: t.contradiction },
    { kind: 'role', command: 'close', role: 'clerk' },
    { kind: 'already_closed', closedAt: new Date('2026-11-24T15:30:00Z') },
    { kind: 'already_closed', closedAt: null },
    { kind: 'taken_by_other', by: 'Sara Gialli', since: new Date('2026-11-24T10:02:00Z') },
    { kind: 'taken_by_other', by: 'Sara Gialli', since: null },
    { kind: 'not_closed', state: 'open' },
    { kind: 'already_in_charge', by: 'Sara Gialli' },
    { kind: 'name_unsure', name: 'Marco', fits: ['Marco Bianchi', 'Marco Gialli'], several: true },
    { kind: 'name_unsure', name: 'Mario', fits: ['Marco Bianchi', 'Sara Gialli'], several: false },
    { kind: 'category_unsure', name: 'Rete', fits: ['Rete dati', 'Rete voce'], several: true },
    { kind: 'category_unsure', name: 'Boh', fits: [t.category], several: false },
    { kind: 'time_out_of_bounds', minutes: 3000, most: 1440 },
    { kind: 'nothing_to_undo' },
    { kind: 'too_late_to_undo', minutes: 2 },
    { kind: 'too_late_to_undo', minutes: 0 },
    { kind: 'changed_since' },
    { kind: 'not_possible', why: 'no such ticket', words: 'Il ticket #999 non esiste.' },
    { kind: 'merged_away', into: 1040 },
    { kind: 'empty_text', command: 'note' },
    { kind: 'token_of_other_ticket', token: 1042, tag: 1043 },
    { kind: 'token_of_other_staff' },
    { kind: 'two_tokens' },
    { kind: 'tokens_in_other_hands' },
    { kind: 'token_used' },
    { kind: 'question_over' },
    { kind: 'too_long_to_ask' },
    { kind: 'no_alias', email: 'anna@rossi.example' },
    { kind: 'hidden_text' },
    { kind: 'below_marker' },
    { kind: 'nothing_new' },
    { kind: 'other_company_text', ticket: 1038 },
    { kind: 'token_in_solution' },
    { kind: 'no_ticket', command: 'close' },
    { kind: 'wrong_subject', command: 'accept' },
    { kind: 'company_unknown', name: 'Rosi SpA', near: ['Rossi SpA', 'Rosi & C. snc'] },
    { kind: 'company_unknown', name: 'Zeta srl', near: [] },
    { kind: 'company_wanted', companies: ['Rossi SpA', 'Rosi & C. snc'], more: 12 },
    { kind: 'company_wanted', companies: [], more: 0 },
    { kind: 'company_unsure', name: 'Rossi', fits: ['Rossi SpA', 'Rossi srl'] },
    { kind: 'company_exists', name: 'Rossi SpA' },
    { kind: 'company_like', name: 'Rosi SpA', near: ['Rossi SpA'] },
    { kind: 'sender_is_ours', email: 'assistenza@kybernes.example' },
    { kind: 'number_missing', total: 3 },
    { kind: 'number_unknown', number: 9, total: 3 },
    { kind: 'number_twice', number: 2 },
    { kind: 'list_unread', found: '3 boh' },
    { kind: 'list_unread', found: '' },
    { kind: 'no_longer_waiting', disposition: 'rejected' },
    { kind: 'client_unknown', email: 'nessuno@altrove.example' },
    { kind: 'forward_without_address' },
    { kind: 'argument_missing', command: 'accept' },
    { kind: 'not_understood_here', expected: ['accept', 'reject'] },
  ];
}

/** Effects of answers about held messages, single and to a list. */
export function heldAnswers(t: SampleTexts): HeldAnswer[][] {
  const one = {
    id: 31,
    number: null,
    from: { name: 'Luca Neri', email: 'luca@r0ssi.example' },
    subject: t.otherSubject,
    problem: null,
    buttons: [],
  };
  const undo: Button[] = [{ kind: 'undo', argument: null }];
  const accepted = { what: 'accepted', company: 'Rossi SpA', isNew: false, movedFrom: null } as const;
  const rejected = { what: 'rejected', binds: 'none', told: null } as const;
  return [
    [{ ...one, did: accepted }],
    [{ ...one, did: { ...accepted, isNew: true } }],
    [{ ...one, did: { ...accepted, movedFrom: 'Rosi & C. snc' } }],
    [{ ...one, did: rejected, buttons: undo }],
    [{ ...one, did: { ...rejected, binds: 'all' }, buttons: undo }],
    [{ ...one, did: { ...rejected, binds: 'unproven' }, buttons: undo }],
    [{ ...one, did: { ...rejected, told: true }, buttons: undo }],
    [{ ...one, did: { ...rejected, told: false }, buttons: undo }],
    [{ ...one, did: { what: 'waiting' }, buttons: [{ kind: 'accept', argument: 'Rossi SpA' }] }],
    [
      { ...one, number: 1, did: accepted },
      {
        ...one,
        id: 32,
        number: 2,
        from: { name: '', email: 'info@fornitore.example' },
        subject: '',
        did: rejected,
        buttons: undo,
      },
    ],
    // whatever may be the matter with an entry of a list
    problems(t).map((problem, i) => ({ ...one, number: i + 1, did: null, problem })),
  ];
}

/** Earlier tickets of the same company. */
export const earlierTickets = (t: SampleTexts): EarlierTicket[] => [
  { number: 1038, subject: t.otherSubject, state: 'in_progress', openedAt: new Date('2026-11-20T08:15:00Z') },
  { number: 1012, subject: t.longSubject, state: 'closed', openedAt: new Date('2026-10-02T14:40:00Z') },
  { number: 987, subject: t.subject, state: 'closed', openedAt: new Date('2026-09-11T07:05:00Z') },
];

/** The description as its writer's mail program showed it. */
export const clientHtml = (t: SampleTexts): SafeHtml => {
  const [greeting = '', said = '', ...closing] = t.description.split('\n\n');
  const html = `<div>${greeting}</div><ul style="${styles.list}">${said
    .split('\n')
    .map((line) => `<li>${line}</li>`)
    .join('')}</ul><div><b>${closing.join(' ')}</b></div>`;
  if (!isSafeHtml(html)) throw new Error('the sample of a client’s HTML is not what may be shown of one');
  return html;
};

/** Mails that did not arrive, for every cause. */
export function failures(
  open: TicketView,
  closed: TicketView,
  buttons: Button[],
): Views['delivery-failed-staff'][] {
  const toAnna = { to: 'anna@rossi.example', role: 'technician', buttons } as const;
  return [
    {
      ...toAnna,
      ticket: open,
      mail: 'opened-client',
      cause: 'server',
      error: '550 5.1.1 <anna@rossi.example>: user unknown',
    },
    {
      ...toAnna,
      ticket: closed,
      role: 'clerk',
      buttons: [],
      mail: 'closed-client',
      cause: 'server',
      error: '552 5.2.2 Mailbox full',
    },
    {
      ...toAnna,
      ticket: closed,
      mail: 'closed-client',
      cause: 'reported',
      error: '5.1.1 550 user unknown',
    },
    {
      ...toAnna,
      ticket: closed,
      mail: 'closed-client',
      cause: 'left',
      error: 'not sent: the address is no longer one of Rossi SpA',
    },
    {
      ...toAnna,
      ticket: closed,
      mail: 'closed-client',
      cause: 'not_written',
      error: 'it could not be composed: no recipient',
    },
    {
      ticket: null,
      role: 'administrator',
      buttons: [],
      to: 'luca@r0ssi.example',
      mail: 'declined-stranger',
      cause: 'server',
      error: '550 5.7.1 Rejected',
    },
  ];
}

/** Every trouble with the mail servers. */
export const alerts = (locale: Locale): Views['alert-administrator'][] => [
  {
    what: 'mailbox',
    name: 'assistenza@kybernes.example@outlook.office365.com/INBOX',
    trouble: 'consent',
    since: new Date('2026-11-24T03:20:00Z'),
    said: outageInWords(
      {
        kind: 'token_refused',
        host: 'login.microsoftonline.com',
        said: 'invalid_grant: AADSTS70043: The refresh token has expired',
      },
      locale,
    ),
  },
  {
    what: 'smtp',
    name: 'smtp.kybernes.example:587',
    trouble: 'unreachable',
    since: new Date('2026-11-24T03:20:00Z'),
    said: outageInWords(
      { kind: 'no_connection', trouble: null, said: 'connect ECONNREFUSED 192.0.2.25:587' },
      locale,
    ),
  },
  {
    what: 'smtp',
    name: 'smtp.kybernes.example:587',
    trouble: 'password',
    since: new Date('2026-11-24T03:20:00Z'),
    said: outageInWords({ kind: 'login_refused', user: 'desk', said: '535 5.7.8 Error' }, locale),
  },
  {
    what: 'mailbox',
    name: 'assistenza@kybernes.example@outlook.office365.com/INBOX',
    trouble: 'app',
    since: new Date('2026-11-24T03:20:00Z'),
    said: outageInWords(
      {
        kind: 'token_refused',
        host: 'login.microsoftonline.com',
        said: 'invalid_client: AADSTS7000222: The secret has expired',
      },
      locale,
    ),
  },
];
