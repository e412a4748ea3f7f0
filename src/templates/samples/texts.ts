import type { Locale } from '../../core/words/words.ts';

const it = {
  desk: 'Assistenza KYBERNES',
  category: 'Stampa',
  subject: 'La stampante non stampa',
  otherSubject: 'Vorrei un preventivo',
  longSubject:
    'Il palmare del magazzino non si collega più alla rete dopo l’aggiornamento di ieri sera & segnala <errore 0x51>',
  description:
    'Buongiorno,\n\nda stamattina la stampante dell’ufficio ordini non stampa: la spia è accesa ma il foglio non esce.\nAbbiamo già provato a spegnerla e riaccenderla.\n\nGrazie\nAnna Rossi',
  solution:
    'Abbiamo sostituito il rullo di trascinamento e aggiornato il driver.\nLa stampa di prova è riuscita.',
  note: 'Il rullo è da ordinare: il fornitore lo dà per giovedì.\nNon dirlo ancora al cliente.',
  clerkMessage: 'Il cliente ha telefonato: chiede se possiamo passare domani mattina.',
  progress: 'Ho ordinato il rullo, passo giovedì in mattinata.',
  followUp: 'Aggiungo una foto del messaggio che compare sul pannello.',
  queueWords: 'Rispondiamo dal lunedì al venerdì, dalle 8 alle 18.',
  strangerText: 'Buonasera, siamo un’azienda di Latina.\nPotete farci un preventivo per l’assistenza?',
  reply: 'chidere\n\nHo sostituito il rullo.',
  typo: 'chidere',
  forClient: 'Comunicazione al cliente',
  contradiction: ['in lavorazione', 'chiudere'],
  attributes: ['tempo 30m', 'priorità alta'],
  handedOver: 'In carico a: Sara Gialli → Marco Bianchi',
  undone: ['Stato: chiuso → in lavorazione', 'Tempo: 30 min → 0 min'],
  logged: 'Tempo: 0 min → 30 min',
  warning: 'una parte del messaggio non si è potuta leggere',
};

/** The words of the sample data; the same fields in every language. */
export type SampleTexts = typeof it;

const en: SampleTexts = {
  desk: 'KYBERNES Support',
  category: 'Printing',
  subject: 'The printer does not print',
  otherSubject: 'A quote, please',
  longSubject:
    'The warehouse handheld no longer joins the network since last night’s update & shows <error 0x51> on its display',
  description:
    'Good morning,\n\nsince this morning the printer of the order office has not been printing: its light is on but no sheet comes out.\nWe have already switched it off and on again.\n\nThank you\nAnna Rossi',
  solution: 'We have replaced the feed roller and updated the driver.\nThe test page came out fine.',
  note: 'The roller has to be ordered: the supplier promises it for Thursday.\nDo not tell the client yet.',
  clerkMessage: 'The client called: could we come by tomorrow morning?',
  progress: 'I have ordered the roller and will be there on Thursday morning.',
  followUp: 'Here is a photo of the message on the panel.',
  queueWords: 'We answer from Monday to Friday, from 8 to 18.',
  strangerText: 'Good evening, we are a company in Latina.\nCould you send us a quote for support?',
  reply: 'clsoe\n\nI have replaced the roller.',
  typo: 'clsoe',
  forClient: 'Message for the client',
  contradiction: ['in progress', 'close'],
  attributes: ['time 30m', 'priority high'],
  handedOver: 'In charge: Sara Gialli → Marco Bianchi',
  undone: ['State: closed → in progress', 'Time: 30 min → 0 min'],
  logged: 'Time: 0 min → 30 min',
  warning: 'a part of the message could not be read',
};

export const sampleTexts: Record<Locale, SampleTexts> = { it, en };
