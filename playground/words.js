/** What people read on the page. Names of the database (dispositions, templates, states of the outbox) stay as they are. */

/** The command that started it, which the server writes into the page. */
const start = document.documentElement.dataset['start'] ?? '';

const it = {
  tagline: 'Un banco di assistenza che si usa solo per posta. Qui ci sono le caselle di tutti: provalo.',
  starting: 'Un momento, la posta arriva …',
  stopped: `La demo è ferma: riavviala con «${start}» e apri il nuovo indirizzo.`,
  mail: 'Posta',
  inside: 'Dietro le quinte',
  people: 'Persone',
  inbox: 'In arrivo',
  sent: 'Inviata',
  write: 'Scrivi',
  mailsOf: /** @param {string} name */ (name) => `Posta di ${name}`,
  unread: /** @param {number} count */ (count) => `${count} da leggere`,
  noMail: 'Nessuna mail, per ora.',
  noSubject: '(senza oggetto)',
  pickMail: 'Scegli una mail dall’elenco, oppure scrivine una.',
  back: 'Indietro',
  from: 'Da',
  to: 'A',
  cc: 'Cc',
  subject: 'Oggetto',
  body: 'Testo',
  reply: 'Rispondi',
  replyAll: 'Rispondi a tutti',
  asText: 'Solo testo',
  asHtml: 'Come HTML',
  attachments: 'Allegati',
  files: /** @param {number} count */ (count) => (count === 1 ? '1 allegato' : `${count} allegati`),
  attach: 'Allega un file',
  remove: /** @param {string} name */ (name) => `Togli ${name}`,
  writeAs: /** @param {string} name */ (name) => `Scrivi come ${name}`,
  byButton:
    'Preparata da un pulsante della mail. Scrivi sotto la prima riga, che è il comando, oppure invia così.',
  send: 'Invia',
  sending: 'Si invia …',
  discard: 'Elimina',
  refused: /** @param {string} why */ (why) => `Il server non l’ha accettata: ${why}`,
  sentNotice: 'Inviata. Il banco la legge …',
  becameNotice: /** @param {string} disposition @param {string} reason */ (disposition, reason) =>
    `Il banco l’ha letta: ${disposition}. ${reason}`,
  close: 'Chiudi',
  tickets: 'Ticket',
  messages: 'Ricevute',
  outbox: 'Spedite',
  noTicket: 'Nessun ticket: scrivi al banco come cliente.',
  noRow: 'Ancora niente.',
  requester: 'Richiedente',
  company: 'Azienda',
  category: 'Categoria',
  assignee: 'In carico a',
  nobody: 'nessuno',
  history: 'Storia',
  messagesHelp: 'Ogni mail arrivata al banco, che cosa ne è stato e perché.',
  outboxHelp: 'Ogni mail che il banco manda, a chi e con quale modello.',
  states: { open: 'aperto', in_progress: 'in lavorazione', closed: 'chiuso' },
  parts: {
    client: 'cliente',
    stranger: 'sconosciuto',
    technician: 'tecnico',
    clerk: 'amministrativa',
    administrator: 'amministratrice di sistema',
  },
  events: {
    opened: 'Apertura',
    client_replied: 'Il cliente ha scritto',
    taken: 'In lavorazione',
    progress: 'Avanzamento',
    handed_over: 'Passato a un collega',
    internal_note: 'Comunicazione interna',
    staff_wrote_client: 'Lo staff ha scritto al cliente',
    staff_message: 'Messaggio allo staff tecnico',
    closed: 'Chiusura',
    reopened: 'Riapertura',
    undone: 'Annullato',
    delivery_failed: 'Mail non consegnata',
    categorised: 'Categoria',
    prioritised: 'Priorità',
    time_logged: 'Tempo',
    mode_set: 'Modalità',
    merged: 'Unito',
    moved: 'Spostato',
    split: 'Diviso',
  },
  guide: 'Da provare',
  guideOpen: 'mostra',
  steps: [
    ['Scrivi come cliente', 'Anna chiede aiuto: si apre un ticket e lei riceve la conferma.'],
    [
      'Prendi in carico',
      'Apri la notifica di Luigi, tecnico; tocca «In lavorazione» e invia. Ad Anna non arriva nulla.',
    ],
    ['Parla con i colleghi', 'Luigi tocca «Comunicazione interna»: la leggono i colleghi, mai Anna.'],
    ['Scrivi da amministrativa', 'Sara risponde alla sua notifica: la leggono solo i tecnici.'],
    ['Chiudi', 'Luigi tocca «Chiudere» e scrive la soluzione: Anna la riceve.'],
    ['Arriva uno sconosciuto', 'Piero scrive ed è trattenuto: Sara lo accetta con il pulsante.'],
  ],
  done: 'fatto',
  sampleSubject: 'La stampante non stampa',
  sampleText:
    'Buongiorno,\n\nla stampante del piano terra non stampa più da stamattina: la spia del toner lampeggia.\n\nGrazie\nAnna Rossi\n',
  strangerSubject: 'Non riesco ad accedere',
  strangerText:
    'Sono un collega di Anna Rossi: il mio computer non accetta più la password.\n\nPiero Galli\n',
};

/** @type {typeof it} */
const en = {
  tagline: 'A support desk whose only interface is mail. Everybody’s mailbox is here: try it.',
  starting: 'One moment, mail is on its way …',
  stopped: `The demo has stopped: start it again with “${start}” and open the new address.`,
  mail: 'Mail',
  inside: 'Behind the scenes',
  people: 'People',
  inbox: 'Inbox',
  sent: 'Sent',
  write: 'Write',
  mailsOf: (name) => `${name}’s mail`,
  unread: (count) => `${count} unread`,
  noMail: 'No mail yet.',
  noSubject: '(no subject)',
  pickMail: 'Pick a mail from the list, or write one.',
  back: 'Back',
  from: 'From',
  to: 'To',
  cc: 'Cc',
  subject: 'Subject',
  body: 'Text',
  reply: 'Reply',
  replyAll: 'Reply to all',
  asText: 'Text only',
  asHtml: 'As HTML',
  attachments: 'Attachments',
  files: (count) => (count === 1 ? '1 attachment' : `${count} attachments`),
  attach: 'Attach a file',
  remove: (name) => `Remove ${name}`,
  writeAs: (name) => `Write as ${name}`,
  byButton:
    'Prepared by a button of the mail. Write below the first line, which is the command, or send it as it is.',
  send: 'Send',
  sending: 'Sending …',
  discard: 'Discard',
  refused: (why) => `The server did not take it: ${why}`,
  sentNotice: 'Sent. The desk is reading it …',
  becameNotice: (disposition, reason) => `The desk has read it: ${disposition}. ${reason}`,
  close: 'Close',
  tickets: 'Tickets',
  messages: 'Received',
  outbox: 'Sent out',
  noTicket: 'No ticket yet: write to the desk as a client.',
  noRow: 'Nothing yet.',
  requester: 'Requester',
  company: 'Company',
  category: 'Category',
  assignee: 'In charge',
  nobody: 'nobody',
  history: 'History',
  messagesHelp: 'Every mail that reached the desk, what became of it and why.',
  outboxHelp: 'Every mail the desk sends, to whom and from which template.',
  states: { open: 'open', in_progress: 'in progress', closed: 'closed' },
  parts: {
    client: 'client',
    stranger: 'stranger',
    technician: 'technician',
    clerk: 'clerk',
    administrator: 'system administrator',
  },
  events: {
    opened: 'Opened',
    client_replied: 'The client wrote',
    taken: 'Taken in charge',
    progress: 'Progress',
    handed_over: 'Handed to a colleague',
    internal_note: 'Internal note',
    staff_wrote_client: 'Staff wrote to the client',
    staff_message: 'Message to the technicians',
    closed: 'Closed',
    reopened: 'Reopened',
    undone: 'Taken back',
    delivery_failed: 'Mail not delivered',
    categorised: 'Category',
    prioritised: 'Priority',
    time_logged: 'Time',
    mode_set: 'Mode',
    merged: 'Merged',
    moved: 'Moved',
    split: 'Split',
  },
  guide: 'What to try',
  guideOpen: 'show',
  steps: [
    ['Write as a client', 'Anna asks for help: a ticket opens and she gets the confirmation.'],
    [
      'Take charge',
      'Open the notification of Luigi, a technician; press “In progress” and send. Anna hears nothing.',
    ],
    ['Talk to colleagues', 'Luigi presses “Internal note”: colleagues read it, Anna never does.'],
    ['Write as the clerk', 'Sara answers her notification: only the technicians read it.'],
    ['Close', 'Luigi presses “Close” and writes the solution: Anna receives it.'],
    ['A stranger comes', 'Piero writes and is held: Sara accepts him by the button.'],
  ],
  done: 'done',
  sampleSubject: 'The printer does not print',
  sampleText:
    'Hello,\n\nthe printer on the ground floor stopped printing this morning: the toner light is blinking.\n\nThank you\nAnna Rossi\n',
  strangerSubject: 'I cannot log in',
  strangerText: 'I am a colleague of Anna Rossi: my computer no longer takes the password.\n\nPiero Galli\n',
};

export const language = document.documentElement.lang === 'en' ? 'en' : 'it';
export const words = language === 'en' ? en : it;

/** Everybody in the demo lives here, and so does the desk: its mails give the time in this zone too. */
const timeZone = 'Europe/Rome';
const time = new Intl.DateTimeFormat(language, { timeZone, hour: '2-digit', minute: '2-digit' });
const full = new Intl.DateTimeFormat(language, { timeZone, dateStyle: 'medium', timeStyle: 'short' });

/** @param {string | null} at ISO 8601 */
export const clock = (at) => (at === null ? '' : time.format(new Date(at)));
/** @param {string | null} at ISO 8601 */
export const dateAndTime = (at) => (at === null ? '' : full.format(new Date(at)));

/** @param {number} bytes */
export function size(bytes) {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** @param {{ name: string | null, email: string }} address */
export const nameOf = ({ name, email }) => (name === null || name === '' ? email : name);
