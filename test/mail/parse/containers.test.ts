import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../../src/config/limits.ts';
import { parseMessage } from '../../../src/mail/parse/parse.ts';
import { rtfToText } from '../../../src/mail/parse/containers/rtf.ts';
import { type Header, mail, multipartMail, part } from '../../builders/mail.ts';
import { enciphered, signed, signedFile, streamed } from '../../builders/cms.ts';
import { property, attribute, tnef } from '../../builders/tnef.ts';

const base64: Header = ['Content-Transfer-Encoding', 'base64'];
const cms = (type: string, body: string) => mail({ headers: [['Content-Type', type], base64], body });
const filesOf = async (raw: Uint8Array) =>
  (await parseMessage(raw)).attachments.map(({ filename, contentType }) => [filename, contentType]);

const winmail = (bytes: Buffer, text = '') =>
  multipartMail('mixed', [
    part('text/plain', text),
    part('application/ms-tnef; name="winmail.dat"', bytes.toString('base64'), [base64]),
  ]);

const wrappedFile = (name: string, content: string) => [
  attribute(0x9002, Buffer.alloc(14)),
  attribute(0x8010, Buffer.from('BREVE~1.TXT\0')),
  attribute(0x800f, Buffer.from(content)),
  attribute(0x9005, [property(0x3707, name), property(0x370e, 'text/plain')]),
];

const unnamed = (type: string, bytes: Buffer, name = '') =>
  multipartMail('mixed', [
    part('text/plain', 'In allegato.'),
    part(type, bytes.toString('base64'), [
      base64,
      ['Content-Disposition', `attachment${name === '' ? '' : `; filename="${name}"`}`],
    ]),
  ]);

const zip = (name: string) =>
  Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(26), Buffer.from(name)]);

const ole = (stream: string) =>
  Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(512), Buffer.from(stream, 'utf16le')]);

describe('77: an opaque signed mail is read', () => {
  test.each([
    ['as it should be', 'application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"', signed],
    ['without its kind', 'application/pkcs7-mime; name="smime.p7m"', signed],
    ['by its older type, without a name', 'application/x-pkcs7-mime', signed],
    ['as a file of no type', 'application/octet-stream; name="smime.p7m"', signed],
    ['in pieces', 'application/pkcs7-mime; smime-type=signed-data; name=smime.p7m', streamed],
  ])('%s', async (_, type, body) => {
    const raw = cms(type, body);
    const { reply, warnings, subject } = await parseMessage(raw);
    expect(reply.text).toBe('La centralina del cancello è spenta da lunedì.\n\nAnna Rossi');
    expect(subject).toBe('La stampante non stampa');
    expect(warnings).toEqual([]);
    expect(await filesOf(raw)).toEqual([['codici.txt', 'text/plain']]);
  });

  test('with a list’s footer beside it', async () => {
    const wrapped = part('application/pkcs7-mime; name=smime.p7m', signed, [base64]);
    const { fullText } = await parseMessage(
      multipartMail('mixed', [wrapped, part('text/plain', 'Lista acme')]),
    );
    expect(fullText).toContain('La centralina del cancello è spenta');
    expect(fullText).toContain('Lista acme');
  });

  test('a signed file is a file, and nothing is called enciphered', async () => {
    const attached = part('application/pkcs7-mime; name="contratto.pdf.p7m"', signedFile, [base64]);
    const raw = multipartMail('mixed', [part('text/plain', 'Ecco il contratto.'), attached]);
    expect((await parseMessage(raw)).warnings).toEqual([]);
    expect(await filesOf(raw)).toEqual([['contratto.pdf.p7m', 'application/pkcs7-mime']]);
  });

  test.each([
    ['enciphered', enciphered],
    ['signed, and cut off', signed.slice(0, 400)],
  ])('what is %s is said not to be readable', async (_, body) => {
    const { reply, warnings } = await parseMessage(cms('application/pkcs7-mime; name=smime.p7m', body));
    expect(reply.text).toContain('il testo non può essere letto');
    expect(warnings).toContainEqual({ kind: 'encrypted' });
  });

  test('bytes that nest without end are no mail', async () => {
    const nested = Buffer.concat([
      Buffer.from(signed, 'base64').subarray(0, 19),
      Buffer.alloc(200_000, 0x30),
    ]);
    const { warnings } = await parseMessage(cms('application/pkcs7-mime', nested.toString('base64')));
    expect(warnings).toContainEqual({ kind: 'encrypted' });
  });
});

describe('17: winmail.dat is opened', () => {
  test('its files take its place', async () => {
    const raw = winmail(
      tnef(...wrappedFile('elenco città.txt', 'uno'), ...wrappedFile('due.txt', 'due')),
      'In allegato.',
    );
    expect(await filesOf(raw)).toEqual([
      ['elenco città.txt', 'text/plain'],
      ['due.txt', 'text/plain'],
    ]);
    const { attachments, reply } = await parseMessage(raw);
    expect(attachments.map(({ content }) => Buffer.from(content).toString())).toEqual(['uno', 'due']);
    expect(reply.text).toBe('In allegato.');
  });

  test.each([
    ['text', [property(0x1000, 'La cassa è ferma.')]],
    ['HTML', [property(0x1013, Buffer.from('<p>La cassa <b>è</b> ferma.</p>'))]],
    [
      'named and listed properties before it',
      [property(0x8001, 'x', 'nome'), property(0x8002, 'y', 7), property(0x1000, 'La cassa è ferma.')],
    ],
  ])('its %s speaks where the mail says nothing', async (_, properties) => {
    const { reply } = await parseMessage(winmail(tnef(attribute(0x9003, properties))));
    expect(reply.text).toBe('La cassa è ferma.');
  });

  test('its RTF, which is not compressed', async () => {
    const rtf = Buffer.from("{\\rtf1\\ansi\\ansicpg1252 La cassa \\'e8 ferma.\\par Anna}");
    const head = Buffer.alloc(16);
    head.writeUInt32LE(rtf.length + 12, 0);
    head.writeUInt32LE(rtf.length, 4);
    head.write('MELA', 8, 'latin1');
    const { reply } = await parseMessage(
      winmail(tnef(attribute(0x9003, [property(0x1009, Buffer.concat([head, rtf]))]))),
    );
    expect(reply.text).toBe('La cassa è ferma.\nAnna');
  });

  test('a message within it is opened too, to the depth of the limits', async () => {
    const inner = tnef(
      attribute(0x9003, [property(0x1000, 'Il testo dentro')]),
      ...wrappedFile('dentro.txt', 'tre'),
    );
    const object = Buffer.concat([Buffer.alloc(16), inner]);
    const raw = winmail(
      tnef(
        attribute(0x9002, Buffer.alloc(14)),
        attribute(0x9005, [property(0x3001, 'Offerta'), property(0x3701, object, null, 0x0d)]),
      ),
      'Giro la mail.',
    );
    expect((await filesOf(raw)).map(([name]) => name)).toEqual(['Offerta.txt', 'dentro.txt']);
  });

  test('what breaks off keeps its bytes beside what was read', async () => {
    const whole = tnef(...wrappedFile('uno.txt', 'uno'), ...wrappedFile('due.txt', 'due'));
    expect((await filesOf(winmail(whole.subarray(0, whole.length - 30)))).map(([name]) => name)).toEqual([
      'uno.txt',
      'BREVE~1.TXT',
      'winmail.dat',
    ]);
  });

  test('what only has its name stays as it is, and hostile lengths end the reading', async () => {
    expect(await filesOf(winmail(Buffer.from('nulla')))).toEqual([['winmail.dat', 'application/ms-tnef']]);
    const lies = [
      tnef(attribute(0x9003, Buffer.from('ffffffff', 'hex'))),
      tnef(attribute(0x9003, Buffer.from('ffffffff1e10ff30ffffffffffffffff', 'hex'))),
      tnef(Buffer.from('0103900600ffffffff', 'hex')),
    ];
    for (const bytes of lies) expect((await parseMessage(winmail(bytes))).defect).toBeNull();
    const many = tnef(...Array.from({ length: 3_000 }, () => attribute(0x9002, Buffer.alloc(14))));
    const limits = { ...defaultLimits, parts: 10 };
    expect((await parseMessage(winmail(many), { limits })).attachments.length).toBeLessThanOrEqual(11);
  });
});

describe('RTF is read as its text', () => {
  test.each([
    ['groups that hold none', '{\\rtf1{\\fonttbl{\\f0 Arial;}}{\\*\\generator Riched;}ciao}', 'ciao'],
    [
      'letters of a codepage and of Unicode',
      "{\\rtf1\\ansi\\ansicpg1252 citt\\'e0 \\u8364 ?40}",
      'città €40',
    ],
    ['signs that are escaped', '{\\rtf1 a\\{b\\}c\\\\d}', 'a{b}c\\d'],
    [
      'HTML that it wraps',
      '{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf {\\b \\htmlrtf0 La cassa\\htmlrtf }\\htmlrtf0 {\\*\\htmltag72 </p>}\\htmlrtf \\par\\htmlrtf0 }',
      'La cassa',
    ],
    ['nothing', '', ''],
  ])('%s', (_, rtf, text) => {
    expect(rtfToText(rtf)).toBe(text);
  });

  test('in time linear in its length, whatever it holds', { timeout: 10_000 }, () => {
    for (const piece of ['{', '}', '\\', "\\'", '\\u8364 ?', '{\\*', 'a'])
      expect(rtfToText(piece.repeat(300_000)).length).toBeLessThanOrEqual(600_000);
  });
});

describe('a file whose sender says nothing of it gets its type and ending from its bytes', () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );

  test.each([
    ['application/octet-stream', Buffer.from('%PDF-1.4\n'), '', 'allegato.pdf', 'application/pdf'],
    ['application/octet-stream', png, 'schermata', 'schermata.png', 'image/png'],
    ['application/octet-stream', png, 'schermata.dat', 'schermata.dat', 'image/png'],
    [
      'application/octet-stream',
      zip('word/document.xml'),
      '',
      'allegato.docx',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    ['application/octet-stream', zip('fatture/1.txt'), '', 'allegato.zip', 'application/zip'],
    ['application/octet-stream', ole('Workbook'), '', 'allegato.xls', 'application/vnd.ms-excel'],
    ['application/octet-stream', Buffer.from('ciao'), '', 'allegato.bin', 'application/octet-stream'],
    // the sender's word is better than a guess
    ['application/pdf', png, 'foto.pdf', 'foto.pdf', 'application/pdf'],
    ['image/tiff', Buffer.from('x'), '', 'immagine.tif', 'image/tiff'],
    ['audio/wav', Buffer.from('x'), '', 'audio.wav', 'audio/wav'],
    ['application/msword', Buffer.from('x'), '', 'allegato.doc', 'application/msword'],
    ['application/vnd.ms-excel', Buffer.from('x'), '', 'allegato.xls', 'application/vnd.ms-excel'],
    ['application/rtf', Buffer.from('x'), '', 'allegato.rtf', 'application/rtf'],
    ['application/json', Buffer.from('x'), '', 'allegato.json', 'application/json'],
  ])('%s %#', async (type, bytes, name, filename, contentType) => {
    expect(await filesOf(unnamed(type, bytes, name))).toEqual([[filename, contentType]]);
  });

  test('but none that would run when it is opened', async () => {
    const lnk = Buffer.concat([
      Buffer.from('4c0000000114020000000000c000000000000046', 'hex'),
      Buffer.alloc(200),
    ]);
    for (const bytes of [lnk, Buffer.from('#!/bin/sh\n'), Buffer.from('<?xml version="1.0"?><svg/>')]) {
      const [kept] = await filesOf(unnamed('application/octet-stream', bytes));
      expect(kept?.[0]).toBe('allegato.bin');
    }
  });
});
