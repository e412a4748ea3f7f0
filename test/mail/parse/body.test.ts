import { describe, expect, test } from 'vitest';
import { pictureId } from '../../../src/core/message/attachments.ts';
import { defaultLimits } from '../../../src/config/limits.ts';
import { parseMessage } from '../../../src/mail/parse/parse.ts';
import { type Header, mail, multipart, multipartMail, part } from '../../builders/mail.ts';

const named = (type: string, body: string, disposition = 'inline') =>
  part(`${type}; name="testo"`, body, [['Content-Disposition', `${disposition}; filename="testo"`]]);
const pdf = part('application/pdf; name=a.pdf', '%PDF-');
const base64 = (type: string, body: string) =>
  mail({
    headers: [
      ['Content-Type', type],
      ['Content-Transfer-Encoding', 'base64'],
    ],
    body,
  });
const html = (body: string) => mail({ headers: [['Content-Type', 'text/html; charset=utf-8']], body });
const filesOf = async (raw: Uint8Array) =>
  (await parseMessage(raw)).attachments.map(({ filename }) => filename);

describe('the only text there is to read is read, whatever it is called', () => {
  test.each([
    ['a text with a name beside a file', [named('text/plain', 'La cassa non va.'), pdf], ['a.pdf']],
    ['an HTML with a name', [named('text/html', '<p>La cassa non va.</p>'), pdf], ['a.pdf']],
    [
      'a text that is said to be attached',
      [named('text/plain', 'La cassa non va.', 'attachment'), pdf],
      ['testo', 'a.pdf'],
    ],
    ['one below an empty text', [part('text/plain', '\r\n'), named('text/plain', 'La cassa non va.')], []],
    [
      'one below an HTML without a word',
      [part('text/html', '<style>p{}</style><p>&nbsp;</p>'), named('text/plain', 'La cassa non va.')],
      [],
    ],
    ['Markdown', [part('text/markdown', 'La cassa non va.')], []],
  ])('%s', async (_, parts, files) => {
    const raw = multipartMail('mixed', parts);
    expect((await parseMessage(raw)).reply.text.trim()).toBe('La cassa non va.');
    expect(await filesOf(raw)).toEqual(files);
  });

  test('alternatives that both have a name', async () => {
    const message = await parseMessage(
      multipartMail('alternative', [
        named('text/plain', 'La cassa'),
        named('text/html', '<p>La <b>cassa</b></p>'),
      ]),
    );
    expect(message.reply.text.trim()).toBe('La cassa');
    expect(message.attachments).toEqual([]);
  });

  test('a file that is attached to an empty text stays a file', async () => {
    const raw = multipartMail('mixed', [
      part('text/plain', '\r\n'),
      named('text/plain', 'log log log', 'attachment'),
    ]);
    expect((await parseMessage(raw)).fullText.trim()).toBe('');
    expect(await filesOf(raw)).toEqual(['testo']);
  });

  test('a file beside a text that says something stays one', async () => {
    const raw = multipartMail('mixed', [part('text/plain', 'Il log:'), named('text/plain', 'log log log')]);
    expect((await parseMessage(raw)).fullText.trim()).toBe('Il log:');
    expect(await filesOf(raw)).toEqual(['testo']);
  });
});

describe('plain lines around a text in base64 are read as they stand', () => {
  const text = 'Il server non parte più da stamattina, potete guardare?\r\n';
  const encoded = Buffer.from(text).toString('base64').replace(/.{20}/gu, '$&\r\n');

  test.each([
    ['a footer', `${encoded}\r\n\r\nAvviso del gateway: è controllato.\r\n`],
    ['a footer right below', `${encoded}\r\nAvviso del gateway: è controllato.\r\n`],
    ['a footer of one word', `${encoded}\r\n\r\nAvviso\r\n`],
    [
      'a list’s footer with a rule',
      `${encoded}\r\n_______________________________________________\r\nLista acme\r\n`,
    ],
    ['a banner on top', `[ESTERNO] Attenzione al mittente\r\n\r\n${encoded}\r\n`],
    ['both', `Attenzione\r\n\r\n${encoded}\r\n\r\nAvviso`],
  ])('%s', async (_, body) => {
    const { fullText, warnings } = await parseMessage(base64('text/plain; charset=utf-8', body));
    expect(fullText).toContain('Il server non parte più da stamattina, potete guardare?');
    expect(fullText).toMatch(/Avviso|Lista acme|ESTERNO/u);
    expect(warnings).toEqual([]);
  });

  test('HTML below HTML', async () => {
    const body = `${Buffer.from('<p>Il <b>router</b> è spento.</p>').toString('base64')}\r\n\r\n<div>Avviso</div>\r\n`;
    const { reply } = await parseMessage(base64('text/html; charset=utf-8', body));
    expect(reply.text).toBe('Il router è spento.\nAvviso');
  });

  test('a text that breaks off, and two pieces that each end in their padding, are read as before', async () => {
    const cut = await parseMessage(base64('text/plain', encoded.slice(0, -7)));
    expect(cut.fullText).toContain('Il server non parte');
    expect(cut.warnings).toEqual([{ kind: 'encoding', attachment: null, problem: 'base64_cut' }]);
    const pieces = await parseMessage(base64('text/plain', 'dW5vIA==\r\nZHVl\r\n'));
    expect(pieces.fullText).toBe('uno due');
  });
});

describe('a Content-Type that is not written as it should be is what it begins with', () => {
  test.each([
    'text/html, charset=utf-8',
    'text/html charset=utf-8',
    'text/html: charset=utf-8',
    '"text/html"; charset=utf-8',
    'text / html; charset=utf-8',
    'html; charset=utf-8',
    'text/html; charset=utf-8, text/html; charset=utf-8',
    'TEXT/HTML;charset="utf-8";',
  ])('%s', async (type) => {
    const message = await parseMessage(
      mail({ headers: [['Content-Type', type]], body: '<p>Perché <b>no</b></p>' }),
    );
    expect(message.reply.text).toBe('Perché no');
    expect(message.warnings).toEqual([]);
  });

  test.each([
    'multipart/mixed, boundary=confine',
    'multipart; boundary=confine',
    'mixed; boundary="confine"',
    'x; boundary=confine',
  ])('%s', async (type) => {
    const { body } = multipart('mixed', [part('text/plain', 'uno'), pdf]);
    const raw = mail({ headers: [['Content-Type', type]], body });
    expect((await parseMessage(raw)).fullText.trim()).toBe('uno');
    expect(await filesOf(raw)).toEqual(['a.pdf']);
  });

  test.each(['text/plain', 'text', 'sconosciuto'])(
    'a document of HTML that is called %s is read as one',
    async (type) => {
      const body = '<!DOCTYPE html>\r\n<html><body><p>La <b>cassa</b></p></body></html>\r\n';
      expect((await parseMessage(mail({ headers: [['Content-Type', type]], body }))).reply.text).toBe(
        'La cassa',
      );
    },
  );

  test('a transfer encoding with a sign behind it', async () => {
    const headers: Header[] = [['Content-Transfer-Encoding', 'Base64;']];
    expect((await parseMessage(mail({ headers, body: 'Y2lhbw==' }))).fullText).toBe('ciao');
  });
});

describe('73: a picture in a data: URL is kept as an inline picture', () => {
  const png =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

  test.each([
    ['in double quotes', `<img src="data:image/png;base64,${png}">`],
    ['in single ones', `<img src='data:image/png;base64,${png}'>`],
    ['in none', `<img src=data:image/png;base64,${png} width=1>`],
    ['with a parameter', `<img width=1 src = "data:image/png;charset=utf-8;base64,${png}">`],
    ['in broken lines', `<img src="data:image/png;base64,${png.replace(/.{20}/gu, '$&\r\n')}">`],
    [
      'with signs as in a URL',
      `<img src="data:image/png;base64,${png.replaceAll('=', '%3D').replaceAll('+', '&#43;')}">`,
    ],
    ['called something else', `<img src="data:image/jpg;base64,${png}">`],
  ])('%s', async (_, image) => {
    const { attachments, rich, reply } = await parseMessage(
      html(`<p>Mi esce questo:</p>${image}<p>Che faccio?</p>`),
    );
    expect(attachments).toMatchObject([{ contentType: 'image/png', filename: 'immagine.png', size: 70 }]);
    const [picture] = attachments;
    expect(picture?.contentId).toBe(pictureId(picture?.sha256 ?? ''));
    expect(rich?.html).toContain(`src="cid:${picture?.contentId}"`);
    expect(reply.text).toBe('Mi esce questo:\n\nChe faccio?');
  });

  test('one that stands there twice is one file, by the name that its alt gives', async () => {
    const image = `<img src="data:image/png;base64,${png}" alt="schermata.png">`;
    expect(await filesOf(html(`<p>Qui ${image} e qui ${image}</p>`))).toEqual(['schermata.png']);
  });

  test.each([
    'data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=',
    'data:image/png;base64,PGh0bWw+',
    'data:image/svg+xml,<svg/onload=x>',
    'data:text/html;base64,PGI+',
  ])('what is no picture is gone: %s', async (url) => {
    const { attachments, rich } = await parseMessage(
      html(`<p>Ecco <b>qui</b></p><img src="${url}"><p>Fine</p>`),
    );
    expect(attachments).toEqual([]);
    expect(rich?.html ?? '').not.toContain('data:');
  });

  test('does not count against the bytes of text that are read, and there are 200 at most', async () => {
    const big = Buffer.concat([Buffer.from(png, 'base64'), Buffer.alloc(50_000)]).toString('base64');
    const raw = html(`<p>Prima</p><img src="data:image/png;base64,${big}"><p>Dopo</p>`);
    const one = await parseMessage(raw, { limits: { ...defaultLimits, textBytes: 1_000 } });
    expect(one.reply.text).toBe('Prima\n\nDopo');
    expect(one.warnings).toEqual([]);
    const image = (n: number) =>
      `<img src="data:image/png;base64,${Buffer.concat([Buffer.from(png, 'base64'), Buffer.from([n, n >> 8])]).toString('base64')}">`;
    const many = Array.from({ length: 250 }, (_, n) => image(n)).join('');
    expect((await parseMessage(html(`<p>Ecco</p>${many}`))).attachments).toHaveLength(200);
  });
});
