import type { Opening, PlacedPicture } from '../message/client-words.ts';
import type { Reply } from '../message/reply.ts';
import type { RichHtml } from '../message/rich-html.ts';
import { lettersOf, splitLines } from '../letters/text.ts';
import { readForm } from './form.ts';

/**
 * Reads a ticket's opening, including the manual's form. A mail that only forwards something is described by what it forwards.
 * Linear in the length of the text.
 * @param fullText the whole text before any cut
 */
export function readOpening(
  reply: Reply,
  fullText: string,
  rich: Pick<RichHtml, 'pictures'> | null,
): Opening {
  const isPassedOn = reply.forwarded !== null || reply.textWithContext === '';
  const text = isPassedOn ? fullText : reply.textWithContext;
  const { form, above } = readForm(text);
  const lines = form.description.split('\n').length;
  const pictures = isPassedOn ? [] : placePictures(text, rich);
  return {
    ...form,
    pictures: pictures.map(({ name, below }) => ({ name, below: Math.min(above[below] ?? lines, lines) })),
  };
}

/** Below how many lines of a text each picture of its HTML stands; none where the text names them itself. */
export function placePictures(text: string, rich: Pick<RichHtml, 'pictures'> | null): PlacedPicture[] {
  if (rich === null || /\[(?:cid|image|immagine)\b/iu.test(text)) return [];
  const lines = splitLines(text);
  let below = 0;
  let letters = 0;
  return rich.pictures.map(({ name, after }) => {
    while (letters < after && below < lines.length) {
      letters += lettersOf(lines[below] ?? '').length;
      below++;
    }
    return { name, below };
  });
}
