import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isProgram,
  passedOn,
  passedOnLimit,
  pictureType,
  programType,
  withPicturesNamed,
  withPicturesPlaced,
} from '../../../src/core/message/attachments.ts';
import { placePictures } from '../../../src/core/reply/opening.ts';
import type { Locale } from '../../../src/core/words/words.ts';
import { parseMessage } from '../../../src/mail/parse/parse.ts';

const file = (filename: string, size = 10, contentType = 'application/pdf') => ({
  filename,
  contentType,
  size,
});
const windowsProgram = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]);

test('a program is known by its bytes; a text that begins like one is none', () => {
  expect(isProgram(windowsProgram)).toBe(true);
  expect(isProgram(Buffer.concat([Buffer.from('\u{7f}ELF', 'latin1'), Buffer.alloc(100)]))).toBe(true);
  expect(isProgram(Buffer.from(`MZ è la sigla di Marzia, ${'che scrive '.repeat(20)}`))).toBe(false);
  expect(isProgram(Buffer.from('MZ'))).toBe(false);
  expect(isProgram(Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(100)]))).toBe(false);
});

test('a program under a false name is only named; under its own it is passed on', () => {
  expect(passedOn([file('fattura.pdf', 10, programType), file('setup.exe', 10, programType)])).toEqual([
    false,
    true,
  ]);
});

test('what is passed on fits together, whatever the sizes', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 * passedOnLimit })), (sizes) => {
      const which = passedOn(sizes.map((size) => file('a.pdf', size)));
      const total = sizes.reduce((sum, size, i) => (which[i] === true ? sum + size : sum), 0);
      expect(total).toBeLessThanOrEqual(passedOnLimit);
    }),
  );
});

test('a picture is known by its bytes, not by what it calls itself', () => {
  const signs = ['89504e470d0a1a0a', 'ffd8ffe0', '474946383961', '524946460000000057454250'];
  expect(signs.map((sign) => pictureType(Buffer.from(sign, 'hex')))).toEqual([
    'image/png',
    'image/jpeg',
    'image/gif',
    'image/webp',
  ]);
  expect(pictureType(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg">'))).toBeNull();
  expect(pictureType(Buffer.from(''))).toBeNull();
});

test('where a mail program left the address of a picture in the text stands its name', () => {
  const picture = {
    ...file('errore.png', 10, 'image/png'),
    sha256: '',
    content: Buffer.from(''),
    contentId: 'image001.png@01DC9A5E',
  };
  const named = (text: string) => withPicturesNamed(text, [picture], 'it');
  expect(named('Compare:\n[cid:image001.png@01DC9A5E]\nGrazie')).toBe(
    'Compare:\n[immagine: errore.png]\nGrazie',
  );
  expect(named('[CID:altra]')).toBe('[immagine]');
  expect(named('[cid: uno due] cid:x')).toBe('[cid: uno due] cid:x');
});

const picturePart = (id: string) =>
  [
    'Content-Type: image/png',
    `Content-Disposition: inline; filename=${id}.png`,
    `Content-ID: <${id}@x>`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from('89504e470d0a1a0a', 'hex').toString('base64'),
  ].join('\r\n');

test('where the text is silent of a picture that the HTML shows, its name stands below the line it follows', async () => {
  const html = `<p>Compare questo:</p><p><img src="cid:a@x"></p><p>e poi https://a.example/x</p><img src="cid:b@x"><p>Grazie</p>`;
  const boundary = ['Content-Type: text/html; charset=utf-8', '', html].join('\r\n');
  const { reply, rich } = await parseMessage(
    Buffer.from(
      [
        'From: a@b.example',
        'Content-Type: multipart/related; boundary=r',
        '',
        boundary,
        picturePart('a'),
        picturePart('b'),
        '',
      ]
        .join('\r\n--r\r\n')
        .replace(/--r\r\n$/, '--r--\r\n'),
    ),
  );
  const placed = (text: string, locale: Locale = 'it') =>
    withPicturesPlaced(text, placePictures(text, rich), locale);
  expect(placed(reply.text)).toBe(
    'Compare questo:\n[immagine: a.png]\n\ne poi https://a.example/x\n[immagine: b.png]\n\nGrazie',
  );
  expect(placed('Compare questo: [image: a.png]')).toBe('Compare questo: [image: a.png]');
  expect(placed('', 'en')).toContain('[picture: a.png]');
});
