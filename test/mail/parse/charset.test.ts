import { describe, expect, test } from 'vitest';
import { parseMessage } from '../../../src/mail/parse/parse.ts';
import { type Header, mail, multipartMail, part } from '../../builders/mail.ts';

const italian = 'Perché la città è già al buio: così non si può, però il gruppo tiene.';
const wrong = { kind: 'charset_wrong' };

/** A mail whose body is these bytes, of that type. */
const bytesMail = (type: string, bytes: Uint8Array, headers: Header[] = []) =>
  Buffer.concat([mail({ headers: [['Content-Type', type], ...headers], body: '' }), bytes]);
const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('a label that the bytes contradict does not count, and staff are told', () => {
  test.each([
    'iso-8859-1',
    'windows-1252',
    'iso-8859-15',
    'gb2312',
    'big5',
    'shift_jis',
    'koi8-r',
    'utf-16',
    'macintosh',
  ])('UTF-8 that is called %s is UTF-8', async (charset) => {
    const { fullText, warnings } = await parseMessage(
      bytesMail(`text/plain; charset=${charset}`, Buffer.from(italian)),
    );
    expect(fullText).toBe(italian);
    expect(warnings).toEqual([wrong]);
  });

  test.each(['utf-8', 'UTF8', '"utf-8, text/plain"', 'gb2312', 'euc-kr'])(
    'windows-1252 that is called %s is windows-1252',
    async (charset) => {
      const bytes = latin1('Perch\xe9 la citt\xe0 \xe8 al buio: costa 40 \x80');
      const { fullText, warnings } = await parseMessage(bytesMail(`text/plain; charset=${charset}`, bytes));
      expect(fullText).toBe('Perché la città è al buio: costa 40 €');
      expect(warnings).toEqual([wrong]);
    },
  );

  test('a gateway’s line in windows-1252 below a text in UTF-8 spoils neither', async () => {
    const bytes = Buffer.concat([Buffer.from(`${italian}\n`), latin1('Informativa: \xe8 riservata')]);
    const { fullText } = await parseMessage(bytesMail('text/plain; charset=utf-8', bytes));
    expect(fullText).toBe(`${italian}\nInformativa: è riservata`);
  });

  test('HTML that is not what its header says is what its own meta says', async () => {
    const html = latin1('<meta charset="windows-1250"><p>P\xf8\xedli\x9a</p>');
    const { fullText } = await parseMessage(bytesMail('text/html; charset=utf-8', html));
    expect(fullText.trim()).toBe('Příliš');
  });

  test.each([
    ['subject', '=?iso-8859-1?Q?Perch=C3=A9_no?=', 'Perché no'],
    ['subject', '=?utf-8?Q?Perch=E9_no?=', 'Perché no'],
    ['subject', '=?windows-1252?B?UGVyY2jDqSBubw==?=', 'Perché no'],
    ['subject', '=?gb2312?Q?Perch=C3=A9?= =?gb2312?Q?_no?=', 'Perché no'],
  ])('an encoded word in the %s: %s', async (_, subject, read) => {
    const message = await parseMessage(mail({ headers: [['Subject', subject]] }));
    expect(message.subject).toBe(read);
    expect(message.warnings).toEqual([wrong]);
  });

  test('an encoded word in the name of the sender', async () => {
    const message = await parseMessage(
      mail({ headers: [['From', '=?iso-8859-1?Q?Nicol=C3=B2_Neri?= <nicolo@acme.it>']] }),
    );
    expect(message.from).toMatchObject({ address: { name: 'Nicolò Neri' } });
    expect(message.warnings).toEqual([wrong]);
  });

  test.each([
    'attachment; filename="=?iso-8859-1?Q?citt=C3=A0.pdf?="',
    "attachment; filename*=iso-8859-1''citt%C3%A0.pdf",
    "attachment; filename*=utf-8''citt%E0.pdf",
    "attachment; filename*0*=iso-8859-1''citt%C3; filename*1*=%A0.pdf",
  ])('the name of a file: %s', async (disposition) => {
    const file = part('application/pdf', 'x', [['Content-Disposition', disposition]]);
    const { attachments, warnings } = await parseMessage(
      multipartMail('mixed', [part('text/plain', 'ciao'), file]),
    );
    expect(attachments.map(({ filename }) => filename)).toEqual(['città.pdf']);
    expect(warnings).toEqual([wrong]);
  });
});

describe('what its label says truly is read as it says', () => {
  test.each([
    ['iso-8859-1', latin1('Perch\xe9 no'), 'Perché no'],
    ['gb2312', Buffer.from([0xd6, 0xd0, 0xce, 0xc4]), '中文'],
    // these two are letters of UTF-8 as well, in no script of a text that is called Chinese by mistake
    ['gb2312', Buffer.from([0xd2, 0xaa, 0xcf, 0xb0]), '要习'],
    ['koi8-r', Buffer.from([0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4]), 'Привет'],
    ['shift_jis', Buffer.from([0x83, 0x65, 0x83, 0x58, 0x83, 0x67]), 'テスト'],
    ['utf-16le', Buffer.from('perché è', 'utf16le'), 'perché è'],
    ['utf-16be', Buffer.from('perché è', 'utf16le').swap16(), 'perché è'],
  ])('%s', async (charset, bytes, text) => {
    const { fullText, warnings } = await parseMessage(bytesMail(`text/plain; charset=${charset}`, bytes));
    expect(fullText).toBe(text);
    expect(warnings).toEqual([]);
  });

  test('UTF-8 that the limit on texts cuts within a letter is still UTF-8', async () => {
    const { defaultLimits } = await import('../../../src/config/limits.ts');
    const raw = bytesMail('text/plain; charset=utf-8', Buffer.from('perché è così'));
    const { fullText } = await parseMessage(raw, { limits: { ...defaultLimits, textBytes: 9 } });
    expect(fullText).toBe('perché ');
  });
});

describe('texts that shift between charsets by escape sequences are read, declared or not', () => {
  const japanese = '\x1b$B%F%9%H\x1b(B ok';
  test.each([
    'text/plain',
    'text/plain; charset=us-ascii',
    'text/plain; charset=iso-2022-jp',
    'text/plain; charset=utf-8',
  ])('ISO-2022-JP as %s', async (type) => {
    expect((await parseMessage(bytesMail(type, latin1(japanese)))).fullText).toBe('テスト ok');
  });

  test('ISO-2022-JP raw in a subject', async () => {
    expect((await parseMessage(mail({ headers: [['Subject', japanese]] }))).subject).toBe('テスト ok');
  });

  test('ISO-2022-KR', async () => {
    const korean = latin1('\x1b$)C\x0eGQ1[\x0f ok');
    expect((await parseMessage(bytesMail('text/plain', korean))).fullText).toBe('한글 ok');
  });
});
