import { expect, test } from 'vitest';
import { withPicturesPlaced } from '../../../src/core/message/attachments.ts';
import type { RichHtml } from '../../../src/core/message/rich-html.ts';
import { readOpening } from '../../../src/core/reply/opening.ts';
import { extractReply } from '../../../src/core/reply/reply.ts';
import { parseMessage } from '../../../src/mail/parse/parse.ts';

const replyOf = (text: string) =>
  extractReply({ text, html: null, subject: '', isReply: false, namesAnother: false });
/** A mail of these words, whose HTML shows a picture behind so many letters of them. */
const withPictures = (text: string, ...after: number[]) => {
  const pictures = after.map((letters) => ({ name: `${letters}.png`, after: letters }));
  const rich: Pick<RichHtml, 'pictures'> = { pictures };
  const reply = replyOf(text);
  const opening = readOpening(reply, reply.whole, rich);
  return withPicturesPlaced(opening.description, opening.pictures, 'en');
};

test('a picture stands where it stood, the fields of the form above it gone', () => {
  const form = '\nNominativo: Anna Rossi\nProblematica: Stampa\n\n';
  expect(withPictures(`${form}Il primo\nIl secondo\n`, 44, 53)).toBe(
    'Il primo\n[picture: 44.png]\nIl secondo\n[picture: 53.png]',
  );
  expect(withPictures(`${form}Il primo\n`, 0, 12)).toBe('[picture: 0.png]\n[picture: 12.png]\nIl primo');
});

test('a picture is no line of the form: it is no value of a field above it, and ends no description', () => {
  const text = 'Nominativo:\nAnna Rossi\nDescrizione:\nTelefono: 06 5551234\nnon stampa';
  expect(withPictures(text, 11, 30)).toBe(
    '[picture: 11.png]\n[picture: 30.png]\nTelefono: 06 5551234\nnon stampa',
  );
});

test('no picture is lost where the form says all', () => {
  const text = 'Nominativo: Anna Rossi\nProblematica: Stampa\n';
  expect(withPictures(text, 10, 400)).toBe('[picture: 10.png]\n[picture: 400.png]\n');
});

test('one form a mail: of the original that it passes on, where a colleague opens the ticket by it', async () => {
  const text = [
    'Buongiorno, vi giro questa.',
    '',
    '---------- Forwarded message ---------',
    'Da: Carla Neri <carla@rossi.example>',
    'Date: lun 30 nov 2026 alle ore 09:00',
    'Subject: Stampante',
    'To: Anna Rossi <anna@rossi.example>',
    '',
    'Nominativo: Carla Neri',
    'Telefono: 333 1234567',
    'Problematica: Stampa',
    'Descrizione: non stampa',
  ].join('\r\n');
  const headers = 'From: Anna Rossi <anna@rossi.example>\r\nSubject: I: Stampante\r\n';
  const message = await parseMessage(Buffer.from(`${headers}Content-Type: text/plain\r\n\r\n${text}`));
  expect(message.reply.forwarded).not.toBeNull();
  expect(message.opening).toMatchObject({ name: 'Carla Neri', category: 'Stampa' });
  expect(message.phone).toEqual({ written: '333 1234567', dial: '3331234567', from: 'form' });
});
