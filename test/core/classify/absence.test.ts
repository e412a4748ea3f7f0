import { describe, expect, test } from 'vitest';
import { isAcknowledgement } from '../../../src/core/classify/acknowledgement.ts';
import { judgeKind } from '../../../src/core/classify/kind.ts';

/** The kind of an answer that no header marks. */
function kindOf(text: string, subject = 'Re: [#1042] La stampante non stampa', from = 'anna@acme.it') {
  return judgeKind({
    header: () => [],
    contentType: 'text/plain',
    parameters: {},
    partTypes: ['text/plain'],
    from,
    fromText: `Anna Rossi <${from}>`,
    subject,
    text,
    whole: text,
    calendarMethod: null,
    answers: true,
  }).kind;
}

describe('whoever is away and says more is a person (BAD-MAIL 89)', () => {
  test.each([
    'Grazie, ora funziona. Sono in ferie da domani, per urgenze Mario.',
    'Grazie mille, tutto ok, potete chiudere. Sono in ferie da domani, per urgenze contattare Mario.',
    'HP 4000. Sono in ferie fino al 7, per urgenze contattare Mario.',
    'Sì. Sono in ferie fino al 7, per urgenze contattare Mario.',
    'Procedete. Sono in ferie fino al 7, per urgenze contattare Mario.',
    'Ok per domani, io sono in ferie, contattate Mario Rossi al 333.',
    'Sono in ferie fino al 7, provo al rientro e vi dico.',
    'Sono in trasferta, provo venerdì appena rientro.',
    'Dal 7 sono in ferie, per l’intervento contattare Mario.',
    'Sono in ferie da domani, assegnate a Luigi. Per urgenze Mario.',
    'I’m on holiday until Monday, please contact Mario to arrange the visit.',
    'Je suis absent demain, contactez Mario pour l’accès.',
    'Mañana estaré ausente, contacten con Mario para entrar.',
    // more of the kind
    'Va bene. Sono assente fino a giovedì, per urgenze chiamare Bruno.',
    'Confermo. Sono fuori ufficio fino a lunedì, contattare Rita per urgenze.',
    'D’accordo, sono in ferie fino al 10, rivolgersi a Rita Neri.',
    'Perfetto, grazie. Sarò in ferie fino al 10 dicembre.',
    'Il seriale è X1234. Sono fuori sede fino a giovedì.',
    'Windows 11. Sono in ferie fino al 7, per urgenze contattare Mario.',
    'No. Sono fuori sede fino al 5, per urgenze Mario.',
    'Quella al primo piano. Sono in ferie fino al 7, per urgenze contattare Mario.',
    'Sono in ferie fino al 7, per aprire il magazzino contattare Mario.',
    'Sono in ferie fino al 7, le chiavi da Mario.',
    'Sono in ferie fino al 7, contattare Mario per accordarsi.',
    'Sono in ferie fino al 7, guardo al rientro.',
    'Sono in trasferta fino a giovedì, lo riavvio venerdì.',
    'Sono fuori ufficio fino a lunedì, ci penso al rientro.',
    'Sono in ferie fino al 7, meglio dopo.',
    'Sono in ferie fino al 7, rimandiamo al 9.',
    'Siamo chiusi fino al 7, venite l’8.',
    'Da domani sono in ferie fino al 7. Per urgenze contattare Mario.',
    'Domani sono assente, contattare Mario al 333 1234567.',
    'Ho mandato il modulo. Sono in ferie fino al 7, per urgenze contattare Mario.',
    'Preventivo approvato. Sono in ferie fino al 7, per urgenze contattare Mario.',
    'Sono in ferie fino al 7: password da dare a Mario.',
    'Sono in malattia fino al 7, il mio pc lo usa Mario, contattare lui.',
    'Sono in ferie fino al 7, per urgenze Mario.\nIl toner è arrivato.',
    'Sono in ferie fino al 7.\nHP 4000',
    'Mario Rossi\nSono in ferie fino al 7, per urgenze contattare lui.',
    'Yes. I’m on leave until Monday, contact Mario.',
    'All good now, thanks. I am away until Monday, contact Mario if urgent.',
    'I’m away until Monday, will test it then.',
    'I’m out of the office until Monday, Mario has the keys, call him.',
    'I am on holiday until Friday, please contact Mario for the password.',
    'I’m off tomorrow, please contact Mario.',
    'Serial 4711. I’m out of office until Monday, please contact Mario.',
    'Please go ahead. I’m out of office until Monday, please contact Mario.',
    'Oui. Je suis absent jusqu’à lundi, contactez Mario.',
    'Merci, ça marche. Je suis en congé jusqu’à lundi, contactez Mario.',
    'Je suis en congé jusqu’à lundi, je teste à mon retour.',
    'Je suis en congé jusqu’à lundi, contactez Mario pour le badge.',
    'Danke, läuft wieder. Ich bin bis Montag im Urlaub, Vertretung ist Frau Weber.',
    'Ja. Ich bin bis Montag im Urlaub, wenden Sie sich an Herrn Weber.',
    'Ich bin bis Montag im Urlaub, teste danach.',
    'Ich bin bis Montag im Urlaub, für den Zugang kontaktieren Sie Herrn Weber.',
    'Sí. Estoy de vacaciones hasta el lunes, contacten con Mario.',
    'Gracias, ya funciona. Estoy de vacaciones hasta el lunes.',
    'Estoy de vacaciones hasta el lunes, lo pruebo a la vuelta.',
    'Estoy fuera de la oficina hasta el lunes, contacten con Luis para la instalación.',
    // and others
    'Perfetto. Dal 10 al 20 siamo chiusi, contattare Mario Rossi al 333 1234567.',
    'Mario Rossi, 333 1234567. Io sono in ferie fino al 7.',
    'Sono in ferie fino al 7, chiamate Mario che vi apre.',
    'Sono fuori sede fino a giovedì, fatemi sapere.',
    'Sono fuori ufficio fino a giovedì, aspettate me.',
    'Sono in ferie fino a lunedì, fate voi.',
    'Sono in ferie fino a lunedì, se ne riparla dopo.',
    'Sono in ferie fino a lunedì, lasciate in sospeso.',
    'Martedì sono assente, mercoledì torno.',
    'Giovedì sono in trasferta, venerdì rientro: venerdì va bene.',
    'Sono in ferie fino al 7, potete chiamare Mario per l’appuntamento.',
    'Mercoledì sono fuori ufficio, contattare Rita per fissare.',
    'Il collega Mario è in ferie fino al 7.',
    'Mario è in ferie fino al 7, contattate me.',
    'Anna è assente fino a lunedì, rispondo io.',
    'La collega è in ferie fino al 7, scrivete a me.',
    'Sono fuori ufficio fino alle 15, chiamate al cellulare.',
    'Sono fuori sede fino alle 11, poi rientro.',
    'Oggi sono fuori ufficio, chiamatemi al cellulare 333 1234567.',
    'Sono fuori ufficio, chiamatemi al cellulare 333 1234567.',
    'Sono in ferie fino al 7, chiamatemi pure al 333 1234567.',
    'Abbiamo ricevuto il vostro messaggio. HP 4000.',
    'Ho ricevuto la mail, rispondo appena possibile. Sì.',
    'No. Abbiamo ricevuto la richiesta, vi risponderemo.',
    'Ho ricevuto la mail, non il toner. Vi risponderò.',
    'I’m out of the office until Monday, call me on my mobile 0123 456789.',
    'I am away until Monday so leave it.',
    'Room 12. I am away until Monday, contact Mario.',
    'I’m off on Thursday, Friday is fine.',
    'I am away on Thursday, back on Friday.',
    'Je suis absent jusqu’à lundi, appelez-moi sur mon portable.',
    'Je suis absent jeudi, de retour vendredi.',
    'Absent jeudi, venez vendredi.',
    'Ich bin am Donnerstag nicht im Büro, Freitag passt.',
    'Estoy fuera hasta el lunes, llámenme al móvil.',
    'Sono in malattia, la password è Pippo12, contattare Mario.',
    'Sono in ferie fino al 7.\nPC-ACME-12',
    'Sono in ferie fino al 7, per urgenze Mario.\n\n192.168.1.20',
    'Sono in ferie fino al 7, per urgenze Mario.\nAnyDesk 123 456 789',
  ])('%j', (text) => {
    expect(kindOf(text)).toBe('person');
    expect(isAcknowledgement(text)).toBe(false);
  });

  test.each([
    'Ho tolto la risposta automatica, scusate. La stampante non va.',
    'Ho disattivato la risposta automatica. Il problema resta.',
    'La stampante è ancora guasta.',
    'I have turned off my automatic reply, sorry.',
    'Scusate la risposta automatica di prima, sono in ufficio: passate pure.',
  ])('under the subject that their program left: %j', (text) => {
    expect(kindOf(text, 'Risposta automatica: [#1042] La stampante non stampa')).toBe('person');
  });

  test.each([
    'Questa è una risposta automatica che ricevo ogni giorno, come la tolgo?',
    'Il server mi scrive: questo è un messaggio automatico. Cosa devo fare',
    'Questo è un messaggio automatico: disco 2 guasto.',
    'Abbiamo ricevuto la mail, ma il messaggio generato automaticamente è vuoto.',
    'Abbiamo ricevuto il toner. Messaggio automatico tolto.',
    'Ho messo “questo è un messaggio automatico” nella firma, va bene così.',
    'Le fatture partono con “This is an automated message”, toglietelo.',
    'La risposta automatica non è più attiva.',
    'Rispondo io al posto di Anna, che è in ferie fino al 7.',
    'Il messaggio è stato generato automaticamente dal gestionale e arriva doppio.',
  ])('speaking of automatic mails: %j', (text) => {
    expect(kindOf(text)).toBe('person');
    expect(isAcknowledgement(text)).toBe(false);
  });
});

const notices = [
  'Grazie per la tua mail. Al momento non sono in ufficio, rientro il 7 dicembre.',
  'I nostri uffici resteranno chiusi dal 24 dicembre al 6 gennaio. Questo è un messaggio automatico.',
  'Ich bin krank und kann Ihre E-Mail nicht lesen.',
  'Buenos días, me encuentro de vacaciones, con acceso limitado al correo.',
  'Salve, in questo momento non sono in ufficio. Rientrerò lunedì 7 dicembre.\nPer urgenze potete contattare il collega Mario Rossi al numero 045 1234567.\nCordiali saluti\nAnna Rossi\nUfficio Acquisti\nACME S.r.l.',
  'Attualmente non sono in ufficio e avrò accesso limitato alla posta. Risponderò al mio rientro.',
  'Sono temporaneamente assente. Rientrerò in ufficio il 7/12. Per comunicazioni urgenti rivolgersi a rita@acme.it.',
  'Non sono in sede fino al 7 dicembre. Per urgenze: 045 1234567.',
  'Sarò fuori ufficio nei giorni 3 e 4 dicembre. Leggerò le email al mio rientro.',
  'Gli uffici resteranno chiusi per ferie dall’8 al 22 agosto compresi. Le richieste saranno evase alla riapertura.',
  'L’ufficio sarà chiuso per festività dal 24/12 al 6/1. Buone feste!',
  'Grazie per avermi contattato. Sono in congedo parentale fino al 31 marzo. In mia assenza potete rivolgervi alla collega Rita Neri (rita@acme.it).',
  'Sono in ferie fino al 7 dicembre con accesso limitato alle email.\n\nQuesta è una risposta automatica.',
  'Hi, thanks for your email. I am out of the office with limited access to email and will return on Monday 7 December.',
  'I’m currently out of the office and will be back on 7 December. For urgent matters please contact my colleague Bob Hill at bob@acme.test or +44 20 1234 5678.',
  'Thank you for your message. I am on parental leave until March. Please direct any enquiries to support@acme.test.',
  'I am on sick leave and will not be reading emails. In urgent cases please contact the office.',
  'Our offices will be closed for the holidays from 24 December to 2 January. This is an automatic message.',
  'Bonjour, je suis en arrêt maladie jusqu’au 7 décembre et je n’ai pas accès à ma messagerie. En cas d’urgence, veuillez contacter Paul Roux au 01 23 45 67 89.',
  'Je suis actuellement en déplacement avec un accès limité à mes mails. Je vous répondrai dès mon retour le 7 décembre.',
  'Notre société est fermée du 24 décembre au 2 janvier inclus. Ceci est une réponse automatique.',
  'Guten Tag, ich bin momentan nicht im Büro. Ihre E-Mail wird nicht automatisch weitergeleitet. Ab dem 7. Dezember bin ich wieder erreichbar.',
  'Ich bin erkrankt. In dringenden Fällen wenden Sie sich bitte an meine Kollegin Frau Weber.',
  'Hola, gracias por tu correo. Estoy de baja y no puedo leer mi correo. Para asuntos urgentes, contacten con Luis Gil en el 91 123 45 67.',
  'Estaré fuera de la oficina hasta el 7 de diciembre con acceso limitado al correo electrónico.',
];

const acknowledgements = [
  'Gentile cliente, attualmente sono fuori ufficio. Sarò di ritorno lunedì 7 dicembre.\n\nPer qualsiasi necessità potete contattare il numero 045 1234567.\n\nCordiali saluti,\nMario Bianchi\nResponsabile Acquisti\nVia Roma 12\n37100 Verona\nwww.acme.it',
  'Buongiorno, vi informo che sono assente dall’ufficio fino al 7 dicembre compreso.',
  'Vi comunichiamo che i nostri uffici rimarranno chiusi per la pausa natalizia dal 24 dicembre al 6 gennaio.',
  'Sarò assente dall’ufficio fino al 7 p.v. senza possibilità di leggere la posta.',
  'Sono in ferie fino al 7. Se il messaggio è urgente, contattare la collega Rita Neri, rita@acme.it.',
  'Sono fuori ufficio fino al 7/12/2026. Se urgente chiamare il 333 1234567.',
  'Grazie per il messaggio. Sono in viaggio di lavoro e potrei rispondere con ritardo. Rientro il 7 dicembre.',
  'Sono in maternità. Per questioni amministrative rivolgersi a Rita Neri.',
  'Non lavoro più in ACME. Per comunicazioni contattare info@acme.it.',
  'Questo indirizzo non è più attivo. Si prega di scrivere a info@acme.it.',
  'Thanks for your email. I am currently on vacation, returning on December 7th. If you need immediate assistance, please contact Bob at bob@acme.test.',
  'I will be out of the office starting 1 December and will not return until 7 December.',
  'Hello, I am attending a conference and will have limited access to email until Friday.',
  'I no longer work at ACME. Please contact info@acme.test.',
  'Bonjour, je suis en congés jusqu’au 7 décembre. Pour toute urgence, vous pouvez joindre le standard.',
  'Absente du bureau jusqu’au 7, je répondrai à mon retour.',
  'Ich befinde mich bis zum 7.12. im Urlaub und kann Ihre Nachricht erst danach beantworten.',
  'Estimado cliente, estaré ausente hasta el 7 de diciembre. Para temas urgentes contactar con Luis Gil.',
  'Messaggio automatico: sono fuori ufficio fino al 7 dicembre.',
  'Risposta automatica. Il suo messaggio è stato ricevuto, la contatteremo al più presto.',
  'Grazie per averci contattato! La tua richiesta è stata presa in carico, ti risponderemo entro 48 ore lavorative. Questa è una mail automatica, non rispondere.',
  'La presente mail è generata automaticamente. Si prega di non rispondere. La vostra richiesta è stata registrata con il numero 12345.',
  'Please do not reply to this email. This mailbox is not monitored.',
  'This is an automatically generated message. We have received your email and will get back to you shortly.',
  'Ceci est un accusé de réception automatique. Votre demande a été enregistrée sous le numéro 1234.',
  'Dies ist eine automatische Antwort. Wir haben Ihre Nachricht erhalten und melden uns in Kürze.',
  'Este es un mensaje automático. Su solicitud ha sido registrada con el número 1234.',
  'Salve, abbiamo ricevuto la sua email e le risponderemo al più presto.\nMessaggio generato automaticamente, non rispondere.',
  'Buongiorno,\nla ringraziamo per averci contattato. Le risponderemo entro 24 ore.\nQuesta è una risposta automatica.',
  'Questa è una risposta automatica, si prega di non rispondere. La sua richiesta è stata ricevuta.',
  'Bonjour, nous avons bien reçu votre demande. Ceci est un message automatique, merci de ne pas y répondre.',
  'Ihre Anfrage ist bei uns eingegangen. Diese E-Mail wurde automatisch erzeugt, bitte antworten Sie nicht darauf.',
  'Vielen Dank für Ihre Nachricht. Wir melden uns schnellstmöglich. Diese Nachricht wurde automatisch generiert.',
  'Thank you for your email. This is an automated response to confirm that we have received it. We will reply within two working days.',
  'This is an automated response. Your request has been received and a member of our team will be in touch.',
  'Hemos recibido su mensaje. Le responderemos lo antes posible. Este es un mensaje automático, por favor no responda.',
  'Gentile cliente, il suo messaggio è stato ricevuto. Email generata automaticamente: si prega di non rispondere a questo indirizzo.',
];

describe('programs that mark their answers by nothing but their words', () => {
  test.each(notices)('absence: %j', (text) => {
    expect(kindOf(text)).toBe('auto_reply');
  });

  test.each(acknowledgements)('receipt: %j', (text) => {
    expect(kindOf(text) === 'auto_reply' || isAcknowledgement(text)).toBe(true);
  });

  test.each([
    ['OOO: [#1042] La stampante', 'I am on annual leave until 7 December. For urgent matters contact Mario.'],
    ['Auto: Re: [#1042] La stampante', 'I am out of the office until Monday with limited access to email.'],
    ['Risposta automatica Re: [#1042] La stampante', 'Torno lunedì.'],
    ['Re: [#1042] La stampante (risposta automatica)', 'Torno lunedì.'],
    ['Auto-risposta: [#1042] La stampante', 'Torno lunedì.'],
    ['AutoReply', 'Torno lunedì.'],
    ['AutoReply: [#1042] La stampante', 'Torno lunedì.'],
    ['[Auto-Reply] Re: [#1042] La stampante', 'Torno lunedì.'],
    ['Automatische Antwort Re: [#1042] La stampante', 'Bin Montag zurück.'],
    ['Re: [#1042] La stampante [Automatic reply]', 'Back on Monday.'],
    ['Auto Response: [#1042] La stampante', 'We got your mail.'],
    ['Re: [#1042] La stampante - Risposta automatica', 'Torno lunedì.'],
  ])('the subject %j', (subject, text) => {
    expect(kindOf(text, subject)).toBe('auto_reply');
  });
});
