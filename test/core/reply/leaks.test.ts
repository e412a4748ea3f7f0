import { describe, expect, test } from 'vitest';
import { extractReply } from '../../../src/core/reply/reply.ts';

const closing = 'chiudere: Sostituito il toner.';
const about = { subject: 'R: [#1042] La stampante', isReply: true };
const readText = (text: string) => extractReply({ text, html: null, ...about });
const readHtml = (html: string) => extractReply({ text: null, html, ...about });

describe('what may be a quote, our marker or a signature reaches no client unasked', () => {
  test.each([
    'MESSAGGIO ORIGINALE\n\nBuongiorno, la stampante non va.',
    'Messaggio originale\nBuongiorno, la stampante non va.',
    'ORIGINAL MESSAGE\nHello, it is broken',
    'Ursprüngliche Nachricht\nHallo',
    'Assistenza ---30/11/2026 10:00:00---Gentile Luigi, ha un ticket',
    'Scrivere sopra questa riga\n\nGentile Luigi',
    '= Scrivere sopra questa riga =\n\nGentile Luigi',
    'Sopra questa riga: rispondere\nGentile Luigi',
    'Write above this line\n\nDear Luigi',
    '-- Anna Conti',
    '-- Luigi Bianchi, KYBERNES',
    'Inviato dallo Xiaomi di Anna',
    "Sent from Anna's iPhone",
    'Luigi Bianchi\nTecnico\nTel. 06 1234567',
    'Luigi Bianchi\nResponsabile tecnico\n+39 333 1234567\nluigi@kybernes.it',
  ])('%s', (below) => {
    expect(readText(`${closing}\n\n${below}`)).toMatchObject({ strict: closing, sure: false });
  });

  test.each([
    '<div style="border-left:2px solid #ccc;padding-left:8px">Buongiorno, la stampante non va.</div>',
    '<div style="margin-left:5px;border-left:solid blue 1.5pt"><div>Buongiorno</div></div>',
    '<p><a name="_MailAutoSig"></a>Luigi Bianchi</p><p>Tecnico</p>',
    '<p><a name="_MailAutoSig"><span>Luigi Bianchi</span></a></p><p>Tecnico di laboratorio</p>',
    '<table><tr><td>Luigi Bianchi</td></tr><tr><td>Tecnico</td></tr><tr><td>06 1234567</td></tr></table>',
    '<p><b>Luigi Bianchi</b><br>Responsabile tecnico<br>Tel. 06 1234567</p>',
  ])('%s', (below) => {
    const { text, sure } = readHtml(`<p>${closing}</p>${below}`);
    expect(text).toContain(closing);
    expect(sure).toBe(false);
  });
});

test.each([
  '<signature><div>Luigi Bianchi</div><div>Tecnico</div></signature>',
  'Ricevi Outlook per Android',
])('what only programs write is cut: %s', (below) => {
  expect(readHtml(`<p>${closing}</p><p>${below}</p>`)).toMatchObject({ text: closing, sure: true });
});

describe('what people write in a closing is not asked about', () => {
  test.each([
    'Montato il toner originale.',
    'Toner originale',
    'Provato con Anna Conti e funziona.',
    'Ho inviato dal telefono la conferma alla ditta.',
    'La riga sopra la tastiera è pulita.',
  ])('%s', (said) => {
    expect(readText(`${closing}\n${said}`)).toMatchObject({ strict: `${closing}\n${said}`, sure: true });
  });
});
