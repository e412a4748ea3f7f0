/**
 * The sign `-=-=-`, which marks in any language (an admin's own templates may use it), as mail programs pass it on:
 * dashes turned typographic, the first one taken for a bullet.
 */
const signAnywhere =
  /(?<![=\-‐-―−])[-‐-―−]\s?=\s?[-‐-―−]\s?=\s?[-‐-―−](?![=\-‐-―−])\s{0,3}(?=\p{L}|[*_]{0,3}\s*$)/u;
const signAsBullet =
  /^[\s>|*_•·∙●▪◦‣⁃o\u200b\u00a0]{0,40}=\s?[-‐-―−]\s?=\s?[-‐-―−](?![=\-‐-―−])\s{0,3}(?=\p{L}|[*_]{0,3}\s*$)/u;
/** Our own line between equals signs (`markerLine`): known by its first words, whatever became of its end. */
const titled =
  /={2,3}\s{0,3}(?:scrivere\ssopra(?:\squesta|\s?$)|sopra\squesta(?:\sriga\s?:|\s?$)|write\sabove(?:\sthis|\s?$)|above\sthis(?:\sline\s?:|\s?$))/iu;
const leadingSigns = /^[\s>|*_=•·∙●▪◦‣⁃\u200b\u00a0.)\-‐-―−\d]{0,40}$/u;

/**
 * Finds the marker line's sign in a line.
 * @returns its index, 0 if only quote marks or a bullet precede it, or null if there is none
 */
export function findMarker(line: string): number | null {
  // each of the patterns asks for one
  if (!line.includes('=')) return null;
  const start = line.slice(0, 2_000);
  if (signAsBullet.test(start)) return 0;
  const found = signAnywhere.exec(start) ?? titled.exec(start);
  if (found === null) return null;
  return leadingSigns.test(start.slice(0, found.index)) ? 0 : found.index;
}

/** True if a line is one of our marker lines, also quoted, wrapped at its end, as a list item, with other dashes. */
export function isMarkerLine(line: string): boolean {
  return findMarker(line) === 0;
}

/** A mail of ours as it is shown within another: without the line above which answers are read. */
export function withoutMarker(text: string): string {
  const [first = '', ...rest] = text.split('\n');
  return (isMarkerLine(first) ? rest.join('\n') : text).trim();
}

/**
 * Signs before and behind the preview text of our HTML mails (`layout.html.hbs`), the latter several times. Nobody sees or
 * writes them; mail programs quote them with the preview, which stands right above the marker line.
 */
export const previewOpens = '\u2063';
const previewEnds = '\u034f';

/** True if a text is the end of the preview text of a mail of ours. */
export function endsPreview(text: string): boolean {
  return text.includes(previewEnds);
}
