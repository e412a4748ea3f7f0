/** What a body that we composed says. */
import { type MailBody, mailBytes } from './mail-body.ts';
import { readQuotedPrintable } from './quoted-printable.ts';

/** The headers of the parts that are words, and the empty line below. */
export const partHead = {
  text: 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n',
  html: 'Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n',
};

/** Begins every boundary of ours: no line of quoted-printable or base64 holds it (RFC 2045 §6.7). */
export const boundaryStart = '=_';

/** What a mail says, as text and as HTML, and the letters that stand for reply tokens in it. */
export type BodyWords = { text: string; html: string; tokens: readonly string[] };

/** What a mail says to the reader who has these tokens. */
export function writtenWords(body: MailBody, tokens: readonly string[]): BodyWords {
  const bytes = mailBytes(body, { sentAs: '', to: '', messageId: '', tokens }, filesOf(body));
  const partOf = (head: string): string => {
    const from = bytes.indexOf(head) + head.length;
    return readQuotedPrintable(bytes.subarray(from, bytes.indexOf(`\r\n--${boundaryStart}`, from)));
  };
  return { text: partOf(partHead.text), html: partOf(partHead.html), tokens };
}

/** An empty content for each file that a body has. */
function filesOf({ gaps }: MailBody): Uint8Array[] {
  return gaps.filter((number, i) => i % 2 === 1 && number < 0).map(() => new Uint8Array());
}
