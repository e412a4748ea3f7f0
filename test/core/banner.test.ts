import { describe, expect, test } from 'vitest';
import { readCommands } from '../../src/core/commands.ts';
import { extractReply } from '../../src/core/reply.ts';
import { cleanSubject } from '../../src/core/thread.ts';

const read = (text: string) => extractReply({ text, html: null, subject: 'R: [#1042] x', isReply: true });
const readHtml = (html: string) => extractReply({ text: null, html, subject: 'R: [#1042] x', isReply: true });

const banners = [
  '[EXTERNAL]',
  '[ESTERNO]',
  '[EXT]',
  '[External Email]',
  '*** EXTERNAL EMAIL ***',
  'EXTERNAL EMAIL',
  'EXTERNAL',
  'CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender and know the content is safe.',
  'CAUTION: This email originated from outside of the organization. Do not click\nlinks or open attachments unless you recognize the sender and know the content\nis safe.',
  'CAUTION: This email originated from outside your organization. Exercise caution when opening attachments or clicking links, especially from unknown senders.',
  'WARNING: This email originated outside of KYBERNES. DO NOT CLICK on links or attachments unless you know the content is safe.',
  'This is an external email. Please be careful with links and attachments.',
  'This message was sent from outside the company. Please do not click links or open attachments unless you recognise the source of this email and know the content is safe.',
  'External email: Use caution with links and attachments.',
  'EXTERNAL SENDER: Do not click links or open attachments unless you recognize the sender.',
  'You have received an external email. Do not open attachments.',
  "Questa e-mail proviene dall'esterno dell'organizzazione.",
  "Questa e-mail proviene dall'esterno dell'organizzazione. Non cliccare su link e non aprire allegati se non si conosce il mittente.",
  'ATTENZIONE: Questa mail proviene da un indirizzo esterno. Non aprire allegati e non cliccare su link se non si è certi del mittente.',
  "ATTENZIONE: messaggio proveniente da un mittente esterno all'organizzazione. Non aprire allegati se non si riconosce il mittente.",
  "ATTENZIONE! Messaggio proveniente dall'esterno. Prestare attenzione ad allegati e link.",
  'ATTENZIONE: E-mail esterna',
  'AVVISO: questo messaggio è stato inviato da un mittente esterno a KYBERNES. Prestare attenzione prima di aprire link o allegati.',
  'Mittente esterno. Verificare il mittente prima di aprire allegati.',
  "ATTENZIONE\n\nQuesto messaggio arriva dall'esterno dell'azienda.\nNon aprire link o allegati sospetti.",
  'ACHTUNG: Diese E-Mail stammt von einem externen Absender. Klicken Sie nicht auf Links und öffnen Sie keine Anhänge, wenn Sie den Absender nicht kennen.',
  'VORSICHT: Diese E-Mail kommt von außerhalb der Organisation. Öffnen Sie keine Anhänge von unbekannten Absendern.',
  'Externe E-Mail: Bitte seien Sie vorsichtig mit Links und Anhängen.',
  "ATTENTION : Cet e-mail provient de l'extérieur de l'organisation. Ne cliquez pas sur les liens et n'ouvrez pas les pièces jointes à moins de reconnaître l'expéditeur.",
  'Courriel externe : soyez prudent avec les liens et les pièces jointes.',
  'PRECAUCIÓN: Este correo electrónico se originó fuera de la organización. No haga clic en enlaces ni abra archivos adjuntos.',
  'ADVERTENCIA: Este mensaje proviene de un remitente externo. No abra archivos adjuntos si no conoce al remitente.',
  'LET OP: Deze e-mail is afkomstig van buiten de organisatie. Klik niet op links.',
  'Non ricevi spesso messaggi da paolo@bar.it. Scopri perché è importante <https://aka.ms/LearnAboutSenderIdentification>',
  'Non si ricevono spesso messaggi di posta elettronica da paolo@bar.it. Informazioni sul perché è importante <https://aka.ms/LearnAboutSenderIdentification>',
  "[Non si ricevono spesso messaggi da paolo@bar.it. Informazioni sul perché è importante all'indirizzo https://aka.ms/LearnAboutSenderIdentification ]",
  "You don't often get email from paolo@bar.it. Learn why this is important<https://aka.ms/LearnAboutSenderIdentification>",
  "Some people who received this message don't often get email from paolo@bar.it. Learn why this is important",
  'Sie erhalten nicht oft eine E-Mail von paolo@bar.it. Erfahren Sie, warum dies wichtig ist',
  'Vous n’obtenez pas souvent d’e-mail à partir de paolo@bar.it. Pourquoi c’est important',
  'Vous ne recevez pas souvent de courriers électroniques de la part de paolo@bar.it. Découvrez pourquoi cela est important',
  'No suele recibir correo electrónico de paolo@bar.it. Por qué es esto importante',
  'ZjQcmQRYFpfptBannerStart\nThis Message Is From an External Sender\nThis message came from outside your organization.\nReport Suspicious\nZjQcmQRYFpfptBannerEnd',
  "________________________________\nATTENZIONE: mail proveniente dall'esterno\n________________________________",
  '[EXTERNAL]\nCAUTION: This email originated from outside the organization. Do not click links.',
  'Email sent from outside the organization. Be careful.',
  'MESSAGGIO DA MITTENTE ESTERNO - prestare attenzione a link e allegati',
  '*** MESSAGGIO ESTERNO - Prestare attenzione a link e allegati ***',
  'Externe E-Mail: Bitte Vorsicht beim Öffnen von Anhängen und Links.',
  "⚠ Mail proveniente dall'esterno dell'azienda. Attenzione agli allegati e ai link.",
  '⚠ External sender. Be cautious with links.',
];
const warnings = [
  'ATTENZIONE: la porta del magazzino resta aperta se manca la corrente.',
  "ATTENZIONE: le e-mail provenienti dall'esterno non arrivano.",
  "Attenzione: questa mail dall'esterno non arriva.",
  "Questo messaggio arriva dall'esterno solo dopo un'ora.",
  'Mail esterne non arrivano',
  "Le mail dall'esterno sono bloccate",
  'Attenzione, non aprite gli allegati che vi ho mandato.',
  'Non riceviamo spesso risposte da voi.',
  "Mail esterna - non arriva l'allegato del fornitore",
  'Attenzione agli allegati: due sono del cliente vecchio.',
  "L'antenna esterna è caduta",
  'Monitor esterno che sfarfalla',
  'Il disco esterno non si monta',
  'WARNING: the door stays open.',
  'External disk is broken',
  'External email does not arrive',
  "We don't often get email from this supplier, can you check?",
  'CAUTION: wet floor in room 3',
  'Achtung: der Drucker ist heiß',
  '[URGENTE] il server è fermo',
  "Questo messaggio compare all'avvio: disco esterno non trovato",
  'This message appears when I plug in the external drive',
  'Quando apro Outlook compare: mittente esterno',
  'Telecamera esterna spenta da ieri',
  'Non aprire il ticket, era solo una prova con un allegato.',
  'Mail dal fornitore esterno rifiutate',
  'Posta esterna ferma da stamattina',
  'Queste mail arrivano da un indirizzo esterno, potete bloccarle?',
  'Questa mail arriva da un mittente esterno che non conosco',
];

describe('what a receiving server puts on top of a mail is no word of it', () => {
  test.each(banners)('%s', (banner) => {
    for (const own of [
      '\nIn lavorazione\nArrivo.',
      'In lavorazione\nArrivo.',
      '\nla stampante è ferma',
      'Chiudere',
    ]) {
      expect(read(`${banner}\n${own}`)).toMatchObject({ text: own.trim(), strict: own.trim(), sure: true });
    }
  });

  test('in the table or the box that it is in HTML', () => {
    const tip =
      'Non ricevi spesso messaggi da irene@conti.it. <a href="https://aka.ms/LearnAboutSenderIdentification">Scopri perché è importante</a>';
    for (const html of [
      `<div><table width="100%"><tr><td style="background:#a6a6a6"></td><td><div>${tip}</div></td><td></td></tr></table><div>Chiudere</div></div>`,
      '<div style="border:1px solid"><p><b>CAUTION:</b> This email originated from outside of the organization. Do not click links.</p></div><p>Chiudere</p>',
      '<p><span style="background:#ff0">[ESTERNO]</span></p><hr><div>Chiudere</div>',
      '<table><tr><td><b>ACHTUNG:</b></td><td>Diese E-Mail stammt von einem externen Absender.</td></tr></table>Chiudere',
    ]) {
      expect(readHtml(html)).toMatchObject({ text: 'Chiudere', sure: true });
    }
  });

  test('before the text on its line, on the original of a forward, and before a subject', () => {
    expect(read('[EXTERNAL] Chiudere\nFatto.').text).toBe('Chiudere\nFatto.');
    const header =
      'Da: Irene <irene@conti.it>\nInviato: martedì 24 novembre 2026 10:22\nA: Luigi\nOggetto: La cassa';
    const forward = extractReply({
      text: `-----Messaggio inoltrato-----\n${header}\n\n[EXTERNAL]\n\nLa cassa è ferma.`,
      html: null,
      subject: '[EXTERNAL] I: La cassa',
      isReply: false,
    });
    expect(forward.forwarded?.text).toBe('La cassa è ferma.');
    for (const subject of [
      '[EXTERNAL] R: [ESTERNO] La cassa',
      'R: [Extern] La cassa',
      '[External Sender] La cassa',
    ])
      expect(cleanSubject(subject)).toBe('La cassa');
    expect(readCommands({ text: '', subject: '[EXTERNAL] R: chiudere [#1042] La cassa' })).toMatchObject({
      commands: [{ name: 'close' }],
    });
  });
});

describe('a warning that its writer gives is text', () => {
  test.each(warnings)('%s', (warning) => {
    const text = `${warning}\nVenite oggi?`;
    expect(read(text)).toMatchObject({ text });
  });
});
