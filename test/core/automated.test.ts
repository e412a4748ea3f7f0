import { describe, expect, test } from 'vitest';
import { isMarkedSpam, isNeverAnswered, judgeKind, type Traits } from '../../src/core/automated.ts';

/** A person's mail, changed in what the test is about. */
function traits(headers: Record<string, string> = {}, changed: Partial<Traits> = {}): Traits {
  return {
    header: (name) => (headers[name] === undefined ? [] : [headers[name]]),
    contentType: 'text/plain',
    parameters: {},
    partTypes: ['text/plain'],
    from: 'anna@acme.it',
    subject: 'La stampante non stampa',
    text: 'Buongiorno, la stampante del primo piano non stampa più.',
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

describe('absence notices without any header (BAD-MAIL 89)', () => {
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
