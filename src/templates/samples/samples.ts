import type { Mail, TemplateName, TicketView, Views } from '../../core/ticket/template-views.ts';
import { maskedFor } from '../../core/guard/client-guard.ts';
import { quarantineReason } from '../../core/words/quarantine.ts';
import type { Locale } from '../../core/words/words.ts';
import type { Frame } from '../context.ts';
import {
  alerts,
  clientHtml,
  confirmations,
  earlierTickets,
  failures,
  forClient,
  heldAnswers,
  problems,
} from './cases.ts';
import { templateNames } from './names.ts';
import { sampleTexts } from './texts.ts';
import type { SampleTexts } from './texts.ts';
import type { HeldReason } from '../../core/ticket/reasons.ts';
import {
  pdaQueue,
  deskPhones,
  ticket,
  bareTicket,
  takenTicket,
  closedTicket,
  files,
  buttons,
  technician,
  clerk,
  otherTickets,
} from './tickets.ts';

/** A mail of the template N: the member of `Mail` that N names. */
export type MailOf<N extends TemplateName> = { [K in N]: { template: K; view: Views[K] } }[N];

/**
 * Made-up data for a template: several views that together show every optional part. The fields a template may use are
 * those that occur here, so a new field of a view needs a sample.
 */
export function samples<N extends TemplateName>(template: N, locale: Locale): Views[N][] {
  return makers[template](sampleTexts[locale], locale);
}

/** The same as whole mails, ready to be rendered. */
export function sampleMails<N extends TemplateName>(template: N, locale: Locale): MailOf<N>[] {
  return samples(template, locale).map((view) => ({ template, view }));
}

const makers: { [N in TemplateName]: (t: SampleTexts, locale: Locale) => Views[N][] } = {
  'opened-client': (t) => [
    { ticket: forClient(ticket(t)), also: [], attachments: files, phones: [], words: null },
    {
      ticket: forClient(bareTicket(t)),
      also: otherTickets(t).map((line) => ({ ...line, subject: maskedFor(line.subject) })),
      attachments: [],
      phones: deskPhones,
      words: t.queueWords,
    },
  ],
  'closed-client': (t) => [
    { ticket: forClient(closedTicket(t)), also: [], solution: maskedFor(t.solution), phones: [] },
    {
      ticket: forClient({ ...closedTicket(t), queue: pdaQueue }),
      also: [],
      solution: null,
      phones: deskPhones,
    },
    {
      ticket: forClient(closedTicket(t)),
      also: [{ number: 1041, subject: maskedFor(closedTicket(t).subject) }],
      solution: maskedFor(t.solution),
      phones: [],
    },
  ],
  'opened-staff': (t) => {
    const plain = { ticket: ticket(t), attachments: [], warnings: [], unproven: false, linkedTo: null };
    const byClient = { openedBy: null, note: null, also: [], phone: null, earlier: [], clientHtml: null };
    return [
      {
        ...plain,
        ...byClient,
        role: 'technician',
        buttons: technician,
        attachments: files,
        phone: { written: '06 555 1234', dial: '065551234', from: 'signature' },
        earlier: earlierTickets(t),
      },
      { ...plain, ...byClient, role: 'clerk', buttons: clerk, clientHtml: clientHtml(t) },
      {
        ...plain,
        ticket: bareTicket(t),
        role: 'administrator',
        buttons: [...technician, ...buttons('write_client')],
        warnings: [t.warning],
        unproven: true,
        linkedTo: 987,
        openedBy: 'Carla Verdi',
        note: t.note,
        also: otherTickets(t),
        phone: { written: '+39 333 1234567', dial: '+393331234567', from: 'form' },
        earlier: [],
        clientHtml: null,
      },
    ];
  },
  'in-progress-staff': (t) => [
    {
      ticket: takenTicket(t),
      role: 'technician',
      buttons: technician,
      by: 'Marco Bianchi',
      text: null,
      what: 'taken',
      changes: [],
    },
    {
      ticket: takenTicket(t),
      role: 'administrator',
      buttons: technician,
      by: 'Marco Bianchi',
      text: t.progress,
      what: 'progress',
      changes: [],
    },
    {
      ticket: takenTicket(t),
      role: 'technician',
      buttons: [...technician, ...buttons('undo')],
      by: 'Sara Gialli',
      text: null,
      what: 'handed_over',
      changes: [t.handedOver],
    },
    {
      ticket: takenTicket(t),
      role: 'technician',
      buttons: technician,
      by: 'Marco Bianchi',
      text: t.progress,
      what: 'undone',
      changes: t.undone,
    },
  ],
  'internal-note-staff': (t) => [
    {
      ticket: takenTicket(t),
      role: 'clerk',
      buttons: clerk,
      by: 'Marco Bianchi',
      text: t.note,
      fromClerk: false,
      attachments: files,
    },
    {
      ticket: ticket(t),
      role: 'technician',
      buttons: technician,
      by: 'Carla Verdi',
      text: t.clerkMessage,
      fromClerk: true,
      attachments: [],
    },
  ],
  'closed-staff': (t) => [
    {
      ticket: closedTicket(t),
      role: 'technician',
      buttons: buttons('undo', 'reopen', 'note'),
      by: 'Marco Bianchi',
      solution: t.solution,
      clientLeft: false,
    },
    ...[false, true].map((clientLeft) => ({
      ticket: closedTicket(t),
      role: 'clerk' as const,
      buttons: clerk,
      by: 'Marco Bianchi',
      solution: clientLeft ? t.solution : null,
      clientLeft,
    })),
  ],
  'follow-up-staff': (t) => followUps(t, takenTicket(t)),
  'reopened-staff': (t) =>
    followUps(t, ticket(t)).map((view, i) => ({ ...view, byStaff: i === 1, closingStopped: i === 1 })),
  'held-staff': (t) => {
    const reasons: HeldReason[] = [
      'unknown_sender',
      'former_staff',
      'ended_company',
      'disabled_contact',
      'dmarc_fail',
      'many_unproven',
      'foreign_token',
      'own_address',
    ];
    return reasons.map((reason, i) => ({
      buttons: [
        ...(i === 0 ? [{ kind: 'accept', argument: 'Rossi SpA' } as const] : []),
        ...buttons('accept', 'reject'),
        { kind: 'reject', argument: 'always' },
      ],
      id: 31,
      from: { name: i === 1 ? '' : 'Luca Neri', email: 'luca@r0ssi.example' },
      subject: i === 1 ? '' : t.otherSubject,
      text: i === 1 ? '' : t.strangerText,
      receivedAt: new Date('2026-11-24T07:05:00Z'),
      reason,
      lookalike: i === 0 ? 'Rossi SpA' : null,
      warnings: i === 1 ? [t.warning] : [],
      belongsTo: i > 1 ? 'Rossi SpA' : null,
      companies: i === 0 ? ['Rossi SpA', 'Rossini & Figli srl'] : [],
      also:
        i === 0
          ? [
              { id: 32, number: 2, from: { name: '', email: 'info@fornitore.example' }, subject: t.subject },
              { id: 33, number: 3, from: { name: 'Ugo', email: 'ugo@altro.example' }, subject: '' },
            ]
          : [],
    }));
  },
  'confirm-staff': (t) => confirmations(t, takenTicket(t), ticket(t)),
  'receipt-staff': (t) => [
    ...problems(t).map((problem, i): Views['receipt-staff'] => ({
      buttons: i === 0 ? technician : [],
      ticket: i % 2 === 0 ? takenTicket(t) : null,
      role: problem.kind === 'role' ? 'clerk' : 'technician',
      problems: i === 7 ? [problem, { kind: 'time_out_of_bounds', minutes: 3000, most: 1440 }] : [problem],
      understood: i === 3 ? t.attributes : [],
      changes: i === 7 ? [t.logged] : [],
      done: i === 7,
      text: i === 3 ? null : t.reply,
      writtenFrom: problem.kind === 'tokens_in_other_hands' ? 'ladro@altrove.example' : null,
      decided: null,
      held: [],
    })),
    ...heldAnswers(t).map((held): Views['receipt-staff'] => ({
      buttons: [],
      ticket: null,
      role: 'clerk',
      problems: [],
      understood: [],
      changes: [],
      done: held.some(({ did }) => did !== null),
      text: null,
      decided: null,
      writtenFrom: null,
      held,
    })),
    ...(['retry', 'discard'] as const).map((command, i): Views['receipt-staff'] => ({
      buttons: [],
      ticket: null,
      role: 'administrator',
      writtenFrom: null,
      problems: [],
      understood: [],
      changes: [],
      done: true,
      text: null,
      held: [],
      decided: {
        command,
        message: 512,
        from: i === 0 ? '' : 'info@fornitore.example',
        subject: i === 0 ? '' : t.otherSubject,
      },
    })),
  ],
  'help-staff': (t) => [
    { role: 'technician', topic: { kind: 'help' } },
    { role: 'clerk', topic: { kind: 'help' } },
    { role: 'administrator', topic: { kind: 'help' } },
    { role: 'technician', topic: { kind: 'list', tickets: [] } },
    { role: 'technician', topic: { kind: 'list', tickets: [takenTicket(t), bareTicket(t)] } },
    {
      role: 'clerk',
      topic: {
        kind: 'history',
        ticket: closedTicket(t),
        events: [
          {
            at: new Date('2026-11-24T09:49:00Z'),
            type: 'opened',
            actor: 'anna@rossi.example',
            text: t.description,
          },
          {
            at: new Date('2026-11-24T10:02:00Z'),
            type: 'taken',
            actor: 'm.bianchi@kybernes.example',
            text: null,
          },
          {
            at: new Date('2026-11-24T15:30:00Z'),
            type: 'closed',
            actor: 'm.bianchi@kybernes.example',
            text: t.solution,
          },
        ],
      },
    },
  ],
  'delivery-failed-staff': (t) => failures(ticket(t), closedTicket(t), technician),
  'declined-stranger': () => [{ about: 'commercial' }, { about: 'credentials' }],
  'quarantine-administrator': (t, locale) => [
    {
      buttons: buttons('retry', 'discard'),
      message: 512,
      from: 'm.bianchi@kybernes.example',
      subject: t.subject,
      reason: quarantineReason({ kind: 'from_several_addresses', count: 2 }, locale),
      receivedAt: new Date('2026-11-24T03:20:00Z'),
      also: [
        {
          id: 32,
          from: 'info@fornitore.example',
          subject: t.otherSubject,
          reason: quarantineReason({ kind: 'excess', excess: { of: 'depth', most: 100 } }, locale),
        },
        { id: 33, from: '', subject: '', reason: quarantineReason({ kind: 'no_from' }, locale) },
      ],
    },
    {
      buttons: [],
      message: 513,
      from: '',
      subject: '',
      reason: quarantineReason(
        { kind: 'excess', excess: { of: 'header_block', size: 5_242_880, most: 4_718_592 } },
        locale,
      ),
      receivedAt: new Date('2026-11-24T03:21:00Z'),
      also: [],
    },
  ],
  'alert-administrator': (_, locale) => alerts(locale),
};

function followUps(t: SampleTexts, about: TicketView): Views['follow-up-staff'][] {
  return [
    {
      ticket: about,
      role: 'technician',
      buttons: technician,
      from: { name: 'Anna Rossi', email: 'anna@rossi.example' },
      text: t.followUp,
      attachments: files,
      warnings: [],
      unproven: false,
    },
    {
      ticket: about,
      role: 'clerk',
      buttons: clerk,
      from: { name: '', email: 'magazzino@rossi.example' },
      text: '',
      attachments: [],
      warnings: [t.warning],
      unproven: true,
    },
  ];
}

/** Every template's sample mails. */
export function allSampleMails(locale: Locale): Mail[] {
  return templateNames.flatMap((template): Mail[] => sampleMails(template, locale));
}

/** An address that answers, as every sample is framed. */
export const sampleFrame: Frame = {
  replyTo: 'assistenza+abcdefghijklmnopqrstuvwxyz@kybernes.example',
  token: null,
  deskAddress: 'assistenza@kybernes.example',
  below: [
    { id: 31, subject: 'Ancora niente?', from: { name: 'Anna Rossi', email: 'anna@rossi.example' } },
    { id: 34, subject: 'Ci servono le etichette.', from: { name: '', email: 'anna@rossi.example' } },
  ],
  entryReplyTo: {
    31: { replyTo: 'assistenza+defghijklmnopqrstuvwxyzabc@kybernes.example', token: null },
    32: { replyTo: 'assistenza+bcdefghijklmnopqrstuvwxyza@kybernes.example', token: null },
    33: { replyTo: 'assistenza+cdefghijklmnopqrstuvwxyzab@kybernes.example', token: null },
  },
};
