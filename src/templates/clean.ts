import { safeText, withoutDirections } from '../core/letters/clean.ts';

// Line ends and tabs stay; every other control has no place in a mail we write.
const controls = /[^\P{Cc}\n\t]/gu;

/**
 * Text on several lines, safe to set in a mail: line ends are LF, control and direction-override characters are gone,
 * lone surrogates are U+FFFD, no white space at the ends.
 * @param limit characters (UTF-16 units) that are kept
 * @param cut what is written on a line of its own where more was there
 */
export function cleanText(text: string, limit: number, cut: string): string {
  const clean = withoutDirections(safeText(text).replace(controls, '')).trimEnd();
  const whole = clean.replace(/^(?:[ \t]*\n)+/u, '');
  // The cut may fall inside a surrogate pair.
  return whole.length <= limit ? whole : `${safeText(whole.slice(0, limit)).trimEnd()}\n${cut}`;
}
