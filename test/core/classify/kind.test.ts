import { describe, expect, test } from 'vitest';
import { isMarkedSpam, isNeverAnswered, judgeKind } from '../../../src/core/classify/kind.ts';
import type { Traits } from '../../../src/core/classify/traits.ts';

/** A person's mail, changed in what the test is about. */
function traits(headers: Record<string, string> = {}, changed: Partial<Traits> = {}): Traits {
  const text = changed.text ?? 'Buongiorno, la stampante del primo piano non stampa più.';
  return {
    header: (name) => (headers[name] === undefined ? [] : [headers[name]]),
    contentType: 'text/plain',
    parameters: {},
    partTypes: ['text/plain'],
    from: 'anna@acme.it',
    fromText: `Anna Rossi <${changed.from ?? 'anna@acme.it'}>`,
    subject: 'La stampante non stampa',
    text,
    whole: text,
    calendarMethod: null,
    answers: false,
    ...changed,
  };
}
const kind = (headers: Record<string, string>, changed?: Partial<Traits>) =>
  judgeKind(traits(headers, changed)).kind;

const report = (type: string) => ({ contentType: 'multipart/report', parameters: { 'report-type': type } });
const never = (headers: Record<string, string>) => isNeverAnswered(traits(headers).header);
const spam = (headers: Record<string, string>) => isMarkedSpam(traits(headers).header);

test('a person’s mail gives no reason', () => {
  expect(judgeKind(traits())).toEqual({ kind: 'person', reason: null });
});

describe('headers tell machines', () => {
  test.each([
    ['auto_reply', { 'auto-submitted': 'auto-replied (vacation)' }],
    ['auto_reply', { 'auto-submitted': 'auto-replied', precedence: 'bulk' }],
    ['auto_reply', { 'x-autoreply': 'yes' }],
    ['auto_reply', { precedence: 'auto_reply' }],
    ['auto_generated', { 'auto-submitted': 'auto-generated' }],
    ['list', { 'list-id': '<news.acme.it>' }],
    ['list', { precedence: 'bulk' }],
    ['bounce', { 'x-failed-recipients': 'anna@acme.it', 'auto-submitted': 'auto-replied' }],
    ['pec_envelope', { 'x-trasporto': 'posta-certificata' }],
    ['pec_anomaly', { 'x-trasporto': 'errore' }],
    ['pec_receipt', { 'x-ricevuta': 'avvenuta-consegna' }],
    ['person', { 'auto-submitted': 'no' }],
    ['person', { 'x-auto-response-suppress': 'All' }],
    ['person', { 'return-path': '<>' }],
    ['list', { 'list-unsubscribe': '<mailto:u@acme.it>' }],
    [
      'list',
      { 'list-unsubscribe': '<mailto:u@acme.it>', 'list-unsubscribe-post': 'List-Unsubscribe=One-Click' },
    ],
    ['person', { precedence: 'first-class' }],
    ['person', { 'x-autoreply': 'no' }],
  ])('%s: %j', (expected, headers) => {
    expect(kind(headers)).toBe(expected);
  });
});

describe('structure and sender', () => {
  test.each([
    ['bounce', {}, report('delivery-status')],
    ['bounce', {}, { from: 'mailer-daemon@mx.acme.it' }],
    ['bounce', {}, { from: null, fromText: 'MAILER-DAEMON <>', subject: 'Posta' }],
    ['bounce', {}, { from: null, fromText: '<>', subject: 'Mail delivery failed' }],
    ['bounce', {}, { from: 'postmaster@acme.it', subject: 'Mancata consegna: [#12] Stampante' }],
    ['bounce', {}, { from: 'postmaster@acme.it', subject: 'Ritardo nella consegna: [#12] Stampante' }],
    [
      'bounce',
      {},
      {
        from: 'postmaster@acme.it',
        text: 'Your message did not reach some or all of the intended recipients.',
      },
    ],
    [
      'bounce',
      {},
      {
        from: 'it@acme.it',
        fromText: 'System Administrator <it@acme.it>',
        subject: 'Undeliverable: [#12] Stampante',
      },
    ],
    [
      'bounce',
      {},
      {
        from: 'server@acme.it',
        subject: 'Returned mail: see transcript for details',
        text: 'The original message was received at Tue, 4 Mar\n\n550 5.1.1 <anna@acme.it>... User unknown',
      },
    ],
    [
      'bounce',
      {},
      {
        from: 'post_master@acme.it',
        subject: 'Re:Stampante',
        text: 'Error: Invalid user address\n550 - no such user here',
      },
    ],
    [
      'bounce',
      {},
      {
        from: 'postmaster@acme.it',
        subject: '配信不能',
        partTypes: ['text/plain', 'message/rfc822'],
        text: '...',
      },
    ],
    [
      'bounce',
      {},
      {
        from: 'no-reply@acme.it',
        partTypes: ['text/plain', 'message/rfc822'],
        text: 'Could not be delivered to: <anna@acme.it>',
      },
    ],
    ['person', {}, { from: 'postmaster@acme.it', text: 'Buongiorno, riceviamo 550 5.7.1 da un fornitore.' }],
    ['bounce', { 'return-path': '<>' }, { partTypes: ['text/plain', 'message/delivery-status'] }],
    ['bounce', {}, { partTypes: ['text/plain', 'message/delivery-status'], text: '' }],
    [
      'person',
      {},
      {
        partTypes: ['text/plain', 'message/delivery-status', 'message/rfc822'],
        contentType: 'multipart/mixed',
      },
    ],
    [
      'person',
      {},
      { partTypes: ['text/plain', 'message/disposition-notification'], contentType: 'multipart/mixed' },
    ],
    ['read_receipt', {}, { partTypes: ['message/disposition-notification'], text: '' }],
    ['bounce', { 'return-path': '<>' }, { from: 'postmaster@acme.it' }],
    ['bounce', { 'return-path': '<>' }, { subject: 'Non recapitabile: [#12] Stampante' }],
    ['person', {}, { from: 'postmaster@acme.it' }],
    ['read_receipt', {}, report('disposition-notification')],
    ['auto_generated', {}, report('feedback-report')],
    ['auto_generated', {}, { from: 'no-reply@acme.it' }],
    ['auto_reply', {}, { partTypes: ['text/plain', 'text/vnd.google.email-reaction+json'] }],
  ] satisfies [string, Record<string, string>, Partial<Traits>][])(
    '%s: %j %j',
    (expected, headers, changed) => {
      expect(kind(headers, changed)).toBe(expected);
    },
  );
});

describe('a client who asks about a failed delivery is a person', () => {
  test.each([
    ['I: Undeliverable: listino', 'Mi torna indietro questo, cosa vuol dire?\n\n550 5.1.1 user unknown'],
    ['Mail delivery failed', 'Buongiorno, ricevo sempre questo messaggio:\n550 5.1.1 user unknown'],
    ['Messaggio non recapitato', 'Da ieri le mail al fornitore mi tornano indietro, potete guardare?'],
    ['Delivery Status Notification', 'Cosa vuol dire?'],
    ['R: Undeliverable: listino', 'Your message did not reach some recipients: questo è quello che ricevo'],
    ['Consegna fallita', 'Il corriere non ha consegnato il toner'],
  ])('%s', (subject, text) => {
    expect(kind({}, { subject, text })).toBe('person');
  });
});

describe('programs that answer at the press of a button, whose writer adds nothing', () => {
  test.each([
    'Anna Ferri reacted to your message:\n\n👍',
    '👍 Anna Ferri ha reagito tramite Gmail',
    'Anna Ferri ha reagito al tuo messaggio:',
    'Anna Ferri liked your message',
    'Ferri, Anna hat auf Ihre Nachricht reagiert:',
    'Mario Rossi vuole richiamare il messaggio "Offerta".',
    'Rossi, Mario would like to recall the message, "Offerta".',
    'Anna Ferri souhaite rappeler le message « Offre ».',
  ])('%j is automatic', (text) => {
    expect(kind({}, { text, subject: 'Richiamo: Offerta' })).toBe('auto_reply');
  });

  test.each([
    'Anna Ferri ha reagito male al vostro preventivo, possiamo sentirci?',
    'Mario vuole richiamare il messaggio che ha mandato. Come si fa?',
    'Il cliente vuole richiamare domani.',
    '👍 Anna Ferri ha reagito tramite Gmail\nMa la stampante è ancora ferma',
  ])('%j is somebody’s', (text) => {
    expect(kind({}, { text })).toBe('person');
  });

  test.each(['REPLY', 'CANCEL', 'COUNTER'])(
    'a calendar’s %s without a word is automatic',
    (calendarMethod) => {
      expect(kind({}, { calendarMethod, text: '', subject: 'Accettato: Sopralluogo' })).toBe('auto_reply');
      expect(kind({}, { calendarMethod, text: 'Anna Ferri ha accettato questo invito.' })).toBe('auto_reply');
      expect(kind({}, { calendarMethod, text: 'Giovedì non posso, va bene venerdì?' })).toBe('person');
      expect(kind({}, { calendarMethod, text: 'Ha annullato il fornitore: il toner manca ancora' })).toBe(
        'person',
      );
    },
  );

  test('Google repeats the event below the answer, and names a note', () => {
    const event =
      '\n\nSopralluogo\nmar 1 dic 2026\n\nInvito da Google Calendar: https://calendar.google.com/calendar/';
    const text = `Anna Ferri ha accettato questo invito.${event}`;
    expect(kind({}, { calendarMethod: 'REPLY', text })).toBe('auto_reply');
    const noted = `Anna Ferri ha accettato questo invito con la nota: portate il toner.${event}`;
    expect(kind({}, { calendarMethod: 'REPLY', text: noted })).toBe('person');
  });

  test('an invitation is a person’s', () => {
    expect(kind({}, { calendarMethod: 'REQUEST', text: '' })).toBe('person');
    expect(kind({}, { calendarMethod: 'PUBLISH', text: '' })).toBe('person');
  });
});

describe('what programs put before the subject that they answer (BAD-MAIL 89)', () => {
  test.each([
    'Risposta automatica',
    'Automatic reply',
    'Automatische Antwort',
    'Réponse automatique',
    'Respuesta automática',
    'Resposta automática',
    'Automatisch antwoord',
    'Automatyczna odpowiedź',
    'Automatická odpověď',
    'Automatická odpoveď',
    'Automatiskt svar',
    'Automatisk svar',
    'Automaattinen vastaus',
    'Automatikus válasz',
    'Răspuns automat',
    'Αυτόματη απάντηση',
    'Otomatik yanıt',
    'Автоматический ответ',
    'Автоматична відповідь',
    'Automatski odgovor',
    'Samodejni odgovor',
    '自動応答',
    '自动答复',
    'Auto-Reply',
    'Out of Office',
  ])('%s', (mark) => {
    const text = 'Ik ben er niet.';
    expect(kind({}, { subject: `${mark}: [#1042] Il monitor resta nero`, text })).toBe('auto_reply');
    expect(kind({}, { subject: `${mark} : Re: Il monitor resta nero`, text })).toBe('auto_reply');
    expect(kind({}, { subject: `[${mark}] R: [#1042] Il monitor`, text })).toBe('auto_reply');
    expect(kind({}, { subject: `${mark}: Il monitor resta nero`, text, answers: true })).toBe('auto_reply');
  });

  test.each([
    'AUTO: Verdi, Anna è fuori ufficio (rientro 05/12/2026)',
    'AUTO: Anna Verdi is out of the office (returning 05/12/2026)',
    'AUTO: Anna Verdi ist außer Haus (Rückkehr am 05.12.2026)',
  ])('HCL Notes: %s', (subject) => {
    const text =
      'Sarò assente fino al 05/12/2026.\nRisponderò al Suo messaggio al mio rientro.\n\nNota: questa è una risposta automatica al messaggio "[#1042] Il monitor" inviato il 24/11/2026.';
    expect(kind({}, { subject, text })).toBe('auto_reply');
  });

  test.each([
    ['Risposta automatica', 'Buongiorno, mi aiutate a impostarla in Outlook? Vado in ferie venerdì.'],
    ['Risposta automatica di Outlook', 'Non parte.'],
    ['Risposta automatica: attivarla', 'Attivatela dal 12 al 20 per tutto l’ufficio.'],
    ['Risposta automatica - Bruno', 'Impostare la risposta automatica di Bruno dal 10.'],
    ['Out of office: come si imposta?', 'Vorrei attivarlo dal 10 dicembre.'],
    ['Risponditore automatico: cambiare il messaggio', 'Serve registrare un nuovo messaggio sul centralino.'],
    ['Autoresponder', 'Il vecchio testo va tolto dal sito.'],
    ['Fuori sede dal 12: serve la VPN', 'Dal 12 lavoro da casa, mi attivate la VPN per favore.'],
    ['Fuori sede dal 12', 'Serve la VPN.'],
    ['Fuori sede dal 12', 'Sono fuori sede dal 12, mi attivate la VPN.'],
    ['Fuori ufficio', 'Il portatile è rimasto in sala riunioni.'],
    [
      'Chiusura natalizia',
      'Vorremmo un messaggio automatico sul centralino per la chiusura natalizia dal 24 al 6.',
    ],
    ['In ferie dal 3', 'Girate la mia posta a Bruno.'],
    ['Auto: navigatore spento', 'Il navigatore della seconda macchina resta spento.'],
    ['AUTO: il navigatore', 'Resta spento.'],
    ['R: Risposta automatica', 'Fatto, grazie: adesso parte.'],
  ])('a client who writes %j, %j is a person', (subject, text) => {
    expect(kind({}, { subject, text })).toBe('person');
  });
});

describe('absence notices without any header (BAD-MAIL 89)', () => {
  test.each([
    'Sono in ferie fino al 5. La stampante è ferma.',
    'Sono fuori ufficio fino a lunedì. Il PC è rotto.',
    'Sono assente fino a giovedì. La porta è aperta.',
    'Sono in ferie fino al 5. La stampante stampa storto.',
    "Sono assente fino a giovedì. L'ascensore suona ancora",
    'Sono in ferie fino al 5. Plotter senza inchiostro nero.',
  ])('an answer is a person’s that tells of something else, however shortly: %j', (text) => {
    expect(kind({}, { subject: 'R: [#1042] Stampante', text, answers: true })).toBe('person');
  });

  test.each([
    'Fuori sede',
    'Risposta automatica: [#1042] La stampante non stampa',
    'Automatic reply: stampante',
    'Fuori sede: R: [#1042] Stampante',
    'R: Fuori ufficio',
    "Assenza dall'ufficio",
    'Assente dal 4 al 18 agosto',
    'Out of Office',
    'Chiusura estiva',
  ])('the subject %j', (subject) => {
    expect(kind({}, { subject, text: 'Sarò di nuovo in ufficio lunedì.' })).toBe('auto_reply');
  });

  test.each([
    'Buongiorno,\nsono fuori sede fino al 25 agosto.\nPer urgenze contattare il centralino allo 06 1234567.\nCordiali saluti\nAnna Rossi',
    'Sarò assente dal 4 al 18 agosto. Risponderò al mio rientro. Grazie',
    "Gentile mittente, l'ufficio è chiuso e riapriremo il 1 settembre. Cordiali saluti",
    'Grazie per la tua email. Sono fuori sede e rientrerò il 5 dicembre.',
    'Sono in ferie. Tornerò martedì.',
    'Sono in ferie fino a lunedì 18. In caso di urgenza potete scrivere a info@acme.it',
    'I am out of the office until Monday with limited access to email. For urgent matters contact info@acme.it. Kind regards',
  ])('the text %j', (text) => {
    expect(kind({}, { subject: 'R: [#1042] Stampante', text, answers: true })).toBe('auto_reply');
  });

  test.each([
    ['Fuori sede: VPN non funziona', 'Da casa non riesco a collegarmi.'],
    ['Fuori sede', 'Sono fuori sede, potete chiamarmi sul cellulare?'],
    ['Stampante', 'Sono fuori sede fino a venerdì e non riesco a collegarmi alla VPN.'],
    ['Stampante', 'Sono in ferie fino al 20. La stampante di Bruno però è ferma e serve per le fatture.'],
    ['Stampante', 'Sarò in ufficio fino al 20 agosto, passate quando volete.'],
    ['Stampante', 'Sono fuori ufficio fino al 20, potete intervenire dopo?'],
    ['Assistenza in agosto', 'Siamo chiusi fino al 25 agosto. Per urgenze chiamare Bruno allo 06 1234567.'],
    ['Ferie del personale', 'Serve una casella condivisa per le ferie.'],
    ['Out of office non si attiva', 'La risposta automatica di Outlook non si attiva.'],
  ])('a client who writes %j is a person', (subject, text) => {
    expect(kind({}, { subject, text })).toBe('person');
  });
});

describe('absence notices in other languages, under the subject of an answer and with no header (BAD-MAIL 89)', () => {
  test.each([
    [
      'RE : Stampante',
      'Bonjour,\n\nJe suis actuellement en congé jusqu’au 5 décembre inclus.\nEn cas d’urgence, merci de contacter l’accueil au 04 12 34 56 78.\n\nCordialement,\nLuc Moreau',
    ],
    [
      'Re: Stampante',
      'Je serai absente du bureau du 3 au 12 août. Je répondrai à votre message dès mon retour.',
    ],
    [
      'Re: Stampante',
      'Merci pour votre message. Je suis absent et de retour lundi. Vos messages ne seront pas lus. Bien à vous',
    ],
    [
      'RE: Stampante',
      'Nos bureaux sont fermés du 24 décembre au 2 janvier. Pour toute urgence : 04 12 34 56 78',
    ],
    [
      'AW: Stampante',
      'Guten Tag,\n\nich bin bis einschließlich 5. Dezember im Urlaub. In dringenden Fällen wenden Sie sich bitte an Frau Keller (keller@werk.test).\n\nMit freundlichen Grüßen\nJonas Brandt',
    ],
    [
      'AW: Stampante',
      'Vielen Dank für Ihre Nachricht. Ich bin derzeit nicht im Büro und ab dem 05.12. wieder erreichbar. Ihre E-Mail wird nicht weitergeleitet.',
    ],
    [
      'Re: Stampante',
      'Vom 1. Dezember bis 8. Dezember bin ich nicht im Haus. Meine Vertretung ist Herr Vogt, Tel. 089 123456.',
    ],
    ['Antw: Stampante', 'Unser Büro ist vom 24.12. bis 06.01. geschlossen. Wir wünschen frohe Feiertage'],
    ['Re: Stampante', 'Ich bin außer Haus und kehre am Montag zurück. Danke für Ihr Verständnis.'],
    [
      'RE: Stampante',
      'Estoy fuera de la oficina hasta el 5 de diciembre. Para urgencias pueden escribir a soporte@taller.test.\nUn saludo',
    ],
    [
      'Re: Stampante',
      'Gracias por su mensaje. Estaré de vacaciones del 3 al 12 de agosto. Responderé a mi regreso.',
    ],
    [
      'Re: Stampante',
      'Ik ben op vakantie tot en met 5 december. Bij spoed kunt u contact opnemen met info@werk.test.',
    ],
    [
      'Re: Stampante',
      'I am currently on annual leave and will be back on Monday. I will have limited access to email. My colleague Rita will help in the meantime.',
    ],
    ['Re: Stampante', 'Our office is closed until 2 January. We apologise for any inconvenience.'],
    [
      'R: Stampante',
      'Buongiorno, sono in ferie fino al 5 dicembre con possibilità limitata di leggere la posta.\nIn mia assenza potete contattare la collega Rita al numero 02 1234567.\nMi scuso per il disagio.',
    ],
    [
      'R: Stampante',
      'Sono fuori ufficio e rientrerò lunedì 7 dicembre; per qualsiasi urgenza potete chiamare\nil centralino al numero 02 1234567.',
    ],
    [
      'RE: Stampante',
      'Bonjour,\n\nJe suis absent(e) du bureau du 01/12 au 05/12 inclus.\nEn cas d’urgence, vous pouvez contacter mon collègue Paul Roux au 01 23 45 67 89.\n\nBien cordialement,\nMarie',
    ],
    [
      'RE: Stampante',
      'Je suis en congés jusqu’au 8 décembre. Pour toute demande urgente, veuillez vous adresser à support@acme.test. Merci de votre compréhension.',
    ],
    [
      'RE: Stampante',
      'Absente jusqu’au lundi 7 décembre, je prendrai connaissance de votre message à mon retour.',
    ],
    [
      'RE: Stampante',
      'Je ne serai pas joignable jusqu’au 10 décembre et n’aurai qu’un accès limité à ma messagerie.',
    ],
    [
      'RE: Stampante',
      'Sehr geehrte Damen und Herren,\n\nvielen Dank für Ihre E-Mail. Ich befinde mich bis zum 07.12.2026 im Urlaub. Ihre Nachricht wird nicht weitergeleitet.\nIn dringenden Fällen erreichen Sie meine Kollegin Frau Weber unter 089 12345.\n\nMit freundlichen Grüßen\nThomas Huber',
    ],
    [
      'RE: Stampante',
      'Ich bin vom 01.12. bis 07.12. nicht im Büro und habe nur eingeschränkten Zugriff auf meine E-Mails.',
    ],
    ['RE: Stampante', 'Ich bin zurzeit nicht erreichbar. Ab dem 8. Dezember bin ich wieder für Sie da.'],
    [
      'RE: Stampante',
      'Guten Tag, ich bin am 8. Dezember wieder im Büro. Bis dahin bin ich im Urlaub. Bei dringenden Anliegen wenden Sie sich an info@acme.test',
    ],
    [
      'RE: Stampante',
      'Hallo, ich bin derzeit im Urlaub und ab Montag, 7. Dezember wieder erreichbar. Viele Grüße, Tom',
    ],
    [
      'RE: Stampante',
      'Hola, estoy de vacaciones hasta el 7 de diciembre. En caso de urgencia, póngase en contacto con Luis (luis@acme.test). Gracias, Marta',
    ],
    [
      'RE: Stampante',
      'Me encuentro fuera de la oficina hasta el lunes. Responderé a su correo a mi regreso.',
    ],
    [
      'RE: Stampante',
      'Hi,\nI’m out of the office until Monday 7 December with no access to email. If urgent please call Bob on 0123 456789.\nThanks\nJane',
    ],
    [
      'RE: Stampante',
      'Thank you for your email. I am away from the office and will return on 7 December. I will respond to your message when I return.',
    ],
    ['RE: Stampante', 'I am on leave until 7/12. Please contact Bob in my absence.'],
    [
      'RE: Stampante',
      'I will be out of office from 1 to 7 December. For anything urgent, please reach out to support@acme.test.',
    ],
    ['RE: Stampante', 'I’m OOO until Monday.'],
    ['RE: Stampante', 'Ciao,\nsono in ferie fino al 7 dicembre.\nPer urgenze scrivere a info@acme.it\nAnna'],
    [
      'RE: Stampante',
      'Buongiorno, sarò assente fino a venerdì 4 dicembre. Leggerò la Sua mail al mio rientro. Per qualsiasi urgenza può contattare la mia collega Rita Neri.',
    ],
    ['RE: Stampante', 'Je serai de retour le 7 décembre. Je suis en vacances.'],
    [
      'RE: Stampante',
      'Actuellement en congé maternité, je serai de retour en mars. Merci de contacter Paul.',
    ],
    ['RE: Stampante', 'Ich bin in Elternzeit bis März 2027. Meine Vertretung übernimmt Frau Weber.'],
  ])('%s, %j', (subject, text) => {
    expect(kind({}, { subject, text })).toBe('auto_reply');
    expect(kind({}, { subject: 'Stampante', text, answers: true })).toBe('auto_reply');
  });

  test.each([
    'Sono in ferie da lunedì, chi mi sostituisce per la stampante?',
    'Sono in ferie fino a lunedì, la stampante è ferma',
    'Sono in ferie fino a lunedì. In mia assenza sistemate la stampante.',
    'Sono in ferie fino al 5. Nel frattempo mandate un tecnico in sede.',
    'Je suis absent jusqu’au 5. Pendant mon absence réparez le traceur.',
    'Sono assente fino al 5, cambiate pure la cartuccia quando volete',
    'Sono in ferie. La stampante ha funzionato fino a ieri.',
    'Je suis en congé jusqu’à lundi, pouvez-vous passer mardi',
    'Je suis absent jusqu’à lundi, passez mardi s’il vous plaît.',
    'Je suis absent jusqu’à lundi mais l’imprimante est toujours en panne.',
    'Je suis en congé jusqu’au 5. Le scanner ne marche plus',
    'Je suis en vacances jusqu’au 5. L’imprimante est restée allumée jusqu’à hier.',
    'Je suis en congé à partir du 5, il faudrait remplacer le toner avant.',
    'Ich bin bis Montag im Urlaub. Der Drucker druckt nicht',
    'Ich bin bis Montag im Urlaub. Der Drucker spinnt',
    'Ich bin bis Montag im Urlaub, aber der Drucker ist immer noch kaputt.',
    'Ich bin bis Montag im Urlaub, kommen Sie danach',
    'Ich bin bis Montag nicht im Büro. Könnten Sie am Dienstag kommen',
    'Ich bin ab dem 5. wieder im Büro und brauche ich dann einen neuen Monitor.',
    'Ich bin ab Montag im Urlaub. Bitte richten Sie die Abwesenheitsnotiz ein.',
    'Ich bin bis Freitag im Urlaub. Kein Netz im Lager',
    'Estoy de vacaciones hasta el lunes pero la impresora no funciona',
    'Estoy de vacaciones hasta el lunes, ¿pueden venir el martes?',
    'Estaré fuera de la oficina hasta el 5. Necesito el portátil antes.',
    'Estoy de viaje hasta el 5. El escáner hace un ruido',
    'I am away until Monday and the printer is still broken.',
    'I am on holiday until Monday, please come on Tuesday.',
    'I am out of the office until Friday, the new screen stays black.',
    'I am away until Monday. Monitor not charging',
    'We are closed until Monday and our till shows the wrong date.',
    'Je suis absent jusqu’à vendredi, le technicien peut venir lundi',
    'Je suis en congé lundi donc venez mardi',
    'Bonjour, je serai absent du 3 au 5, merci de passer le 6.',
    'Ich bin ab Montag im Urlaub, wer vertritt mich für den Drucker',
    'Ich bin bis Mittwoch nicht im Büro. Passt Donnerstag',
    'Ich bin ab dem 7. wieder im Büro. Der Techniker soll dann kommen.',
    'Hallo, ich bin im Urlaub bis Montag. Mein Passwort ist abgelaufen.',
    'Ich bin bis Freitag auf Dienstreise und mein Laptop startet nicht.',
    'Estoy fuera de la oficina hasta el martes, vengan el miércoles por favor',
    'Estaré de vacaciones del 3 al 12, quién me sustituye',
    'I am out of the office until Monday so please come on Tuesday',
    'I’m on holiday until Monday. Can someone fix it before then',
    'I’m away until Monday, come on Tuesday',
    'I am out of office until Monday. VPN still fails',
    'Sono in ferie fino a lunedì, venite martedì',
    'Sono fuori ufficio fino a giovedì: il tecnico può passare venerdì',
    'Sono in ferie da lunedì fino al 10, la VPN mi serve prima',
    'Sono assente fino a domani, la password è scaduta',
    'Siamo chiusi fino a lunedì, passate martedì',
    'Je suis en congé jusqu’au 5. Mot de passe expiré',
    'Ich bin bis Montag im Urlaub. Passwort abgelaufen',
    'I am away until Monday. Password expired',
    'Sono in ferie fino a lunedì. Password scaduta',
    'Sono in ferie fino al 5. Toner finito',
  ])('%j is a person’s', (text) => {
    expect(kind({}, { subject: 'Re: Stampante', text, answers: true })).toBe('person');
  });

  test.each([
    ['Absence du bureau', 'Je serai de retour lundi.'],
    ['Absent du 3 au 12 août', 'Je suis en congé jusqu’au 12.'],
    ['AW: Im Urlaub', 'Ich bin ab Montag wieder erreichbar.'],
    ['Nicht im Büro', 'Ich bin bis zum 5. im Urlaub.'],
    ['Ausente hasta el 5', 'Estaré de vuelta el 5.'],
  ])('the subject %j', (subject, text) => {
    expect(kind({}, { subject, text })).toBe('auto_reply');
  });

  test.each([
    ['Urlaub: Kalender fehlt', 'Der Kalender für den Urlaub ist weg.'],
    ['En congé du 3 au 12', 'Merci de couper mon accès pendant cette période.'],
    ['Im Urlaub ab Montag', 'Bitte die Abwesenheitsnotiz einrichten.'],
    ['Ausente del 3 al 12', 'Necesito una respuesta automática.'],
  ])('a client who writes %j, %j is a person', (subject, text) => {
    expect(kind({}, { subject, text })).toBe('person');
  });
});

describe('a calendar’s answer whose calendar was taken out', () => {
  test.each([
    'Accettato: Intervento',
    'Rifiutato: Intervento',
    'Provvisorio: Intervento',
    'Annullato: Intervento',
    'Accepted: Intervento @ Tue 1 Dec 2026 10am',
    'Declined: Intervento',
    'Tentative: Intervento',
    'Tentatively Accepted: Intervento',
    'Canceled: Intervento',
    'New Time Proposed: Intervento',
    'Nuova ora proposta: Intervento',
    'Nuovo orario proposto: Intervento',
    'Forse: Intervento',
    'Annullata: Intervento',
    'Zugesagt: Intervento',
    'Abgelehnt: Intervento',
    'Mit Vorbehalt: Intervento',
    'Accepté : Intervento',
    'Refusé : Intervento',
    'Aceptado: Intervento',
    'Rechazado: Intervento',
    '[EXTERNAL] Accepted: Intervento',
  ])('%s', (subject) => {
    for (const text of [
      '',
      'Inviato da iPhone',
      'Anna Ferri has accepted this invitation.',
      'Anna Ferri ha accettato questo invito.',
      'Quando: martedì 1 dicembre 2026 10:00\nDove: sede',
    ])
      expect(kind({}, { subject, text })).toBe('auto_reply');
    for (const text of [
      'Portate il toner.',
      'Va bene, ma dopo le 11',
      'Possiamo fare giovedì?',
      'ok',
      'Annullato: il PC funziona',
    ])
      expect(kind({}, { subject, text })).toBe('person');
    expect(kind({}, { subject, text: '', partTypes: ['text/plain', 'application/pdf'] })).toBe('person');
  });

  test.each([
    'Accettato il preventivo',
    'Rifiutata la consegna',
    'Declined',
    'R: Accettato: Intervento',
    'Preventivo accettato: procedere',
  ])('%j is a person’s', (subject) => {
    expect(kind({}, { subject, text: '' })).toBe('person');
  });
});

test('never answered: a null Return-Path, or Auto-Submitted other than no (BAD-MAIL 86)', () => {
  expect(never({ 'return-path': '<>' })).toBe(true);
  expect(never({ 'auto-submitted': 'auto-generated' })).toBe(true);
  expect(never({ 'auto-submitted': 'qualcosa' })).toBe(true);
  expect(never({ 'auto-submitted': 'No (a person)' })).toBe(false);
  expect(never({ 'return-path': '<anna@acme.it>' })).toBe(false);
  expect(never({})).toBe(false);
});

test('spam is what the receiving server marked as such', () => {
  expect(spam({ 'x-spam-flag': 'YES' })).toBe(true);
  expect(spam({ 'x-spam-status': 'Yes, score=9.1' })).toBe(true);
  expect(spam({ 'x-ms-exchange-organization-scl': '6' })).toBe(true);
  expect(spam({ 'x-forefront-antispam-report': 'CIP:192.0.2.1;CTRY:IT;SCL:5;' })).toBe(true);
  expect(spam({ 'x-forefront-antispam-report': 'CIP:192.0.2.1;SFV:NSPM;SCV:NSPM;' })).toBe(false);
  expect(spam({ 'x-ms-exchange-organization-scl': '1' })).toBe(false);
  expect(spam({ 'x-spam-status': 'No, score=0.1' })).toBe(false);
});
