/** A line of `.env` that Node reads otherwise than it looks: it leaves one without "=" out, and takes a lone quotation mark as it is. */
export type StrayLine = { line: number; why: 'no_equals_sign' | 'open_quote' };

const setting = /^\s*(?:export\s+)?[^\s=#]+\s*=\s*(["'`]?)/u;

/** The lines of a `.env` that are no setting, no comment and no part of a quoted value; numbers from 1. */
export function strayLines(text: string): StrayLine[] {
  const lines = text.replace(/^\u{FEFF}/u, '').split(/\r\n|\r|\n/u);
  const found: StrayLine[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const written = lines[at] ?? '';
    if (/^\s*(?:#|$)/u.test(written)) continue;
    const opening = setting.exec(written);
    if (opening === null) {
      found.push({ line: at + 1, why: 'no_equals_sign' });
      continue;
    }
    const [whole, quote = ''] = opening;
    if (quote === '' || written.slice(whole.length).includes(quote)) continue;
    const closing = lines.findIndex((line, further) => further > at && line.includes(quote));
    if (closing < 0) found.push({ line: at + 1, why: 'open_quote' });
    else at = closing;
  }
  return found;
}
