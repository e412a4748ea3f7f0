import type { SampleTexts } from './texts.ts';
import type { TicketView, AttachmentView } from '../../core/ticket/template-views.ts';
import type { Button } from '../../core/message/orders.ts';

/** A queue with a name, telephones and words of its own. */
export const pdaQueue = { address: 'pda@kybernes.example', name: 'Assistenza PDA' };

export const deskPhones = [
  { written: '06 555 0100', dial: '065550100' },
  { written: '346 555 0101', dial: '3465550101' },
];

export const ticket = (t: SampleTexts): TicketView => ({
  number: 1042,
  subject: t.subject,
  description: t.description,
  company: 'Rossi SpA',
  contracts: ['on-site', 'remote'],
  requester: { name: 'Anna Rossi', email: 'anna@rossi.example' },
  category: t.category,
  priority: 'normal',
  minutes: 0,
  mode: null,
  queue: { address: 'assistenza@kybernes.example', name: t.desk },
  state: 'open',
  assignee: null,
  openedAt: new Date('2026-11-24T09:49:00Z'),
});

/** Without a display name, contract or person in charge, but with an oddly long subject. */
export const bareTicket = (t: SampleTexts): TicketView => ({
  ...ticket(t),
  number: 7,
  subject: t.longSubject,
  contracts: [],
  requester: { name: '', email: 'magazzino@rossi.example' },
  queue: pdaQueue,
});

export const takenTicket = (t: SampleTexts): TicketView => ({
  ...ticket(t),
  state: 'in_progress',
  assignee: 'Marco Bianchi',
  priority: 'high',
  minutes: 90,
  mode: 'on-site',
});

export const closedTicket = (t: SampleTexts): TicketView => ({ ...takenTicket(t), state: 'closed' });

export const files: AttachmentView[] = [
  { filename: 'errore-stampante.jpg', size: 482_113, passedOn: true },
  { filename: 'registro.zip', size: 31_457_280, passedOn: false },
];

export const buttons = (...kinds: Button['kind'][]): Button[] =>
  kinds.map((kind) => ({ kind, argument: null }));

export const technician = buttons('take', 'close', 'note');

export const clerk = buttons('write_staff');

export const otherTickets = (t: SampleTexts) => [
  { number: 1043, subject: t.otherSubject },
  { number: 1044, subject: t.longSubject },
];
