import type { Contract, Role, TicketState, Priority, Mode, Change } from '../kinds.ts';

export type Locale = 'it' | 'en';

/** The same word in every language. */
export type Words = Record<Locale, string>;

/**
 * The words mails show for what the code calls by name. Templates hold the sentences around them; the words of a
 * command (what people write, its button, its help) stand in its entry of the table in commands.ts.
 */
export const stateWords: Record<TicketState, Words> = {
  open: { it: 'aperto', en: 'open' },
  in_progress: { it: 'in lavorazione', en: 'in progress' },
  closed: { it: 'chiuso', en: 'closed' },
};

/** The kinds of contract, as the manual names them. */
export const contractWords: Record<Contract, Words> = {
  'on-site': { it: 'intervento on site', en: 'on site' },
  remote: { it: 'assistenza remota', en: 'remote support' },
  outsourcing: { it: 'outsourcing', en: 'outsourcing' },
  'pay-per-use': { it: 'a consumo', en: 'pay per use' },
};

export const priorityWords: Record<Priority, Words> = {
  high: { it: 'alta', en: 'high' },
  normal: { it: 'normale', en: 'normal' },
  low: { it: 'bassa', en: 'low' },
};

/** The notice in a mail whose files the mail server did not accept. */
export const filesLeftOut: Words = {
  it: 'Gli allegati non sono in questa mail: il server di posta la rifiuta, per la grandezza o per il contenuto. Sono conservati con il ticket; li può consegnare chi amministra kTicket.',
  en: 'The attachments are not in this mail: the mail server refuses it with them, for its size or for what they are. They are kept with the ticket; whoever runs kTicket can hand them out.',
};

/** Why a client's mail was not sent, as the ticket's history says it. */
export const notSentToClient: Words = {
  it: 'non inviata, perché l’indirizzo non è più dell’azienda del ticket',
  en: 'not sent, as the address is no longer one of the ticket’s company',
};

/** Before the words of a delivery report, which anybody may have written. */
export const reportSays: Words = {
  it: 'così dice un rapporto di mancata consegna',
  en: 'so says a report of failed delivery',
};

/** The notice to staff about an address whose program answers all our mails. */
export const answersByItself: Words = {
  it: 'Questo indirizzo risponde da solo, subito e sempre uguale, alle nostre mail: le sue prossime risposte così sono solo registrate, e per oggi nessuno ne è avvisato.',
  en: 'This address answers our mails by itself, at once and in the same words: further such answers are only recorded, and nobody is told of them today.',
};

/** The placeholder for a mail without text. */
export const emptyText: Words = { it: '(vuoto)', en: '(empty)' };

/** The label of a mail's subject. */
export const subjectWords: Words = { it: 'Oggetto', en: 'Subject' };

/** The placeholder for a mail with files but no text: `(nessun testo, solo allegati: contatore.jpg)`. */
export const filesAlone: Words = { it: 'nessun testo, solo allegati', en: 'no text, only files' };

/** The placeholder in a text for a picture: `[immagine: errore.png]`. */
export const pictureWords: Words = { it: 'immagine', en: 'picture' };

/** Ways of working on a ticket; the manual's ways of giving assistance. */
export const modeWords: Record<Mode, Words> = {
  remote: { it: 'remota', en: 'remote' },
  'on-site': { it: 'on site', en: 'on site' },
  phone: { it: 'telefono', en: 'phone' },
  outsourcing: { it: 'outsourcing', en: 'outsourcing' },
};

/** A number of minutes as people write it: `45 min`, `1 h 30 min`. */
export function minutesInWords(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const parts = [
    hours === 0 ? '' : `${hours} h`,
    minutes % 60 === 0 && hours > 0 ? '' : `${minutes % 60} min`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

const fieldWords: Record<Change['field'], Words> = {
  state: { it: 'Stato', en: 'State' },
  assignee: { it: 'In carico a', en: 'In charge' },
  category: { it: 'Categoria', en: 'Category' },
  priority: { it: 'Priorità', en: 'Priority' },
  minutes: { it: 'Tempo', en: 'Time' },
  mode: { it: 'Modalità', en: 'Mode' },
  merged_into: { it: 'Unito a', en: 'Merged into' },
};

const nobody: Words = { it: 'nessuno', en: 'nobody' };
const noTicket: Words = { it: 'nessun ticket', en: 'no ticket' };
const notSaid: Words = { it: 'non indicata', en: 'not said' };

/** `Categoria: Altro → Stampa` */
export function changeInWords(change: Change, locale: Locale): string {
  const [before, after] = valuesInWords(change, locale);
  return `${fieldWords[change.field][locale]}: ${before} → ${after}`;
}

function valuesInWords(change: Change, locale: Locale): [before: string, after: string] {
  switch (change.field) {
    case 'state':
      return [stateWords[change.before][locale], stateWords[change.after][locale]];
    case 'assignee':
      return [change.before ?? nobody[locale], change.after ?? nobody[locale]];
    case 'category':
      return [change.before, change.after];
    case 'priority':
      return [priorityWords[change.before][locale], priorityWords[change.after][locale]];
    case 'minutes':
      return [minutesInWords(change.before), minutesInWords(change.after)];
    case 'merged_into': {
      const inWords = (ticket: number | null): string => (ticket === null ? noTicket[locale] : `#${ticket}`);
      return [inWords(change.before), inWords(change.after)];
    }
    case 'mode': {
      const inWords = (mode: Mode | null): string => (mode === null ? notSaid : modeWords[mode])[locale];
      return [inWords(change.before), inWords(change.after)];
    }
    default:
      throw change satisfies never;
  }
}

export const roleWords: Record<Role, Words> = {
  technician: { it: 'tecnico', en: 'technician' },
  clerk: { it: 'amministrativo', en: 'clerk' },
  administrator: { it: 'amministratore di sistema', en: 'administrator' },
};

/** Labels of the two buttons that order nothing. */
export const writeWords: Record<'write_staff' | 'write_client', Words> = {
  write_staff: { it: 'Scrivi allo Staff Tecnico', en: 'Write to the technical staff' },
  write_client: { it: 'Scrivi al cliente', en: 'Write to the client' },
};

/** The category of whatever fits no other (the manual: "Se il problema non è nelle categorie previste, indicare Altro"). */
export const otherCategory = 'Altro';

/**
 * The line that ends the space for an answer; nothing below it is read. No dashes: mail programs take them for a signature.
 * Short, so that no program wraps it when it quotes.
 */
const markerLines: Record<'reply' | 'solution', Words> = {
  reply: { it: '=== Scrivere sopra questa riga ===', en: '=== Write above this line ===' },
  solution: {
    it: '=== Sopra questa riga: il testo che il cliente leggerà ===',
    en: '=== Above this line: the text the client will read ===',
  },
};
/**
 * The marker line of a mail to staff.
 * @param kind `solution`: what stands above it is read by the client, and it says so
 */
export function markerLine(kind: 'reply' | 'solution', locale: Locale): string {
  return markerLines[kind][locale];
}
