import type { TemplateName } from '../core/ticket/template-views.ts';
import { company, type Name } from './people.ts';

/** Way of writing a step's mail. */
type Writing =
  /** a new mail to the desk */
  | { kind: 'new'; subject: string; text: string }
  /** the answer that a button of the last mail prepares, with text in its space */
  | { kind: 'button'; word: string; text: string }
  /** the reply that a mail program makes of the last mail, the mail quoted below */
  | { kind: 'reply'; text: string; photo: boolean };

/** The mails each person gets. */
type Told = `${TemplateName} > ${Name}`;

export type Step = {
  title: string;
  who: Name;
  writing: Writing;
  /** the mail to answer: the writer's last one of these templates, or null for none */
  answers: TemplateName[] | null;
  disposition: string;
  /** by the manual's table, and nothing else */
  told: Told[];
  /**
   * of a closing: while its undo time runs, the client's mail waits, and the next step comes within it; once it is over, the
   * mail leaves
   */
  undoTime?: 'runs' | 'over';
};

/** Words that must never reach a client. */
export const internalWords = [
  'il contratto scade venerdì',
  'fattura di ottobre',
  'passo alle 15',
  'Mancava la prova',
];

/** A day at the desk, with the notifications required by the manual. */
export const story: Step[] = [
  {
    title: 'A client writes: a ticket opens',
    who: 'anna',
    writing: {
      kind: 'new',
      subject: 'La stampante non stampa',
      text: 'Buongiorno,\n\nla stampante del piano terra non stampa più da stamattina: la spia del toner lampeggia.\n\nGrazie\nAnna Rossi',
    },
    answers: null,
    disposition: 'opened',
    told: [
      'opened-client > anna',
      'opened-staff > luigi',
      'opened-staff > marco',
      'opened-staff > sara',
      'opened-staff > ada',
    ],
  },
  {
    title: 'A technician takes charge, by the button',
    who: 'luigi',
    writing: { kind: 'button', word: 'in lavorazione', text: 'La guardo io, passo alle 15.' },
    answers: ['opened-staff'],
    disposition: 'command',
    told: ['in-progress-staff > luigi', 'in-progress-staff > marco', 'in-progress-staff > ada'],
  },
  {
    title: 'He writes an internal communication',
    who: 'luigi',
    writing: {
      kind: 'button',
      word: 'comunicazione interna',
      text: 'Attenzione: il contratto scade venerdì.',
    },
    answers: ['in-progress-staff'],
    disposition: 'internal_note',
    told: [
      'internal-note-staff > luigi',
      'internal-note-staff > marco',
      'internal-note-staff > sara',
      'internal-note-staff > ada',
    ],
  },
  {
    title: 'The clerk writes to the technical staff',
    who: 'sara',
    writing: { kind: 'reply', text: 'Manca ancora la fattura di ottobre, ma procedete pure.', photo: false },
    answers: ['internal-note-staff'],
    disposition: 'internal_note',
    told: [
      'internal-note-staff > sara',
      'internal-note-staff > luigi',
      'internal-note-staff > marco',
      'internal-note-staff > ada',
    ],
  },
  {
    title: 'The client adds a photo',
    who: 'anna',
    writing: { kind: 'reply', text: 'Vi mando una foto della spia.', photo: true },
    answers: ['opened-client'],
    disposition: 'follow_up',
    told: ['follow-up-staff > luigi'],
  },
  {
    title: 'A stranger writes, and is held',
    who: 'piero',
    writing: {
      kind: 'new',
      subject: 'Non riesco ad accedere',
      text: 'Sono un collega di Anna Rossi: il mio computer non accetta più la password.',
    },
    answers: null,
    disposition: 'held',
    told: ['held-staff > sara', 'held-staff > ada'],
  },
  {
    title: 'The clerk accepts him: what he wrote becomes a ticket',
    who: 'sara',
    writing: { kind: 'reply', text: `accetta ${company.name}`, photo: false },
    answers: ['held-staff'],
    disposition: 'command',
    told: [
      'receipt-staff > sara',
      'opened-client > piero',
      'opened-staff > luigi',
      'opened-staff > marco',
      'opened-staff > sara',
      'opened-staff > ada',
    ],
  },
  {
    title: 'The technician closes too soon: the client’s mail waits for two minutes',
    who: 'luigi',
    writing: { kind: 'button', word: 'chiudere', text: 'Abbiamo sostituito il toner.' },
    answers: ['follow-up-staff'],
    disposition: 'command',
    undoTime: 'runs',
    told: ['closed-staff > luigi', 'closed-staff > marco', 'closed-staff > sara', 'closed-staff > ada'],
  },
  {
    title: 'He takes it back: the client’s mail never leaves',
    who: 'luigi',
    writing: { kind: 'button', word: 'annulla ultimo', text: 'Mancava la prova di stampa.' },
    answers: ['closed-staff'],
    disposition: 'command',
    told: ['in-progress-staff > luigi', 'in-progress-staff > marco', 'in-progress-staff > ada'],
  },
  {
    title: 'He closes for good; two minutes later the client reads the solution',
    who: 'luigi',
    writing: { kind: 'button', word: 'chiudere', text: 'Abbiamo sostituito il toner e provato una stampa.' },
    answers: ['in-progress-staff'],
    disposition: 'command',
    undoTime: 'over',
    told: [
      'closed-client > anna',
      'closed-staff > luigi',
      'closed-staff > marco',
      'closed-staff > sara',
      'closed-staff > ada',
    ],
  },
  {
    title: 'The client says thanks: nothing reopens, nobody is told',
    who: 'anna',
    writing: { kind: 'reply', text: 'Grazie mille, buona giornata!', photo: false },
    answers: ['closed-client'],
    disposition: 'follow_up',
    told: [],
  },
];
