import type { Line } from '../../lines/lines.ts';
import { isMotto } from './motto.ts';
import { isContact, isFarewell, isNamed, isProse, saysFarewell } from '../../lines/signature.ts';
import { readTagline } from '../../lines/tagline.ts';

/** End of a text, and whether further words may stand below it. */
export type Ending = { at: number; saysMore: boolean };

/** More lines below a farewell are no signature. */
const longestClosing = 16;

/**
 * Finds a signature without a delimiter in a range of lines: the closing, with names, offices, numbers and a motto below it;
 * or a dash alone on its line.
 * @returns `at`: the first line that is not text, or `to` if there is none; `saysMore`: words foreign to signatures stand
 * below it
 */
export function findFarewell(lines: Line[], from: number, to: number): Ending {
  let above = 0;
  for (let i = from; i < to; i++) {
    const line = lines[i];
    if (line === undefined || line.blank) continue;
    if (/^[-–—_*]{1,3}$/u.test(line.bare)) return { at: i, saysMore: false };
    // above the first word of a text is nothing to take leave of
    if (above > 0 && isFarewell(line.bare)) {
      const below = lines.slice(i + 1, Math.min(to, i + 1 + longestClosing)).filter(({ blank }) => !blank);
      const isLast = i + 1 + longestClosing >= to && isSignature(below);
      if (isLast) return { at: i, saysMore: false };
      // a greeting or a thank-you may open a text; two lines above are the command and something said
      if (saysFarewell(line.bare) || (above > 1 && !/^ciao/iu.test(line.bare)))
        return { at: i, saysMore: true };
    }
    above++;
  }
  return { at: to, saysMore: false };
}

/** Offices and trades, as they stand below a name. */
const office =
  /(?<!\p{L})(?:ufficio|reparto|settore|area|servizi[oi]?|assistenza|help ?desk|support[o]?|team|staff|tecnic[oaih]+|informatic[oaih]+|it|ict|sistemist[ai]|consulente|responsabile|direttor[ei]|direttrice|direzione|amministra\p{L}+|titolare|manager|engineer|technician|department|office|desk|service)(?!\p{L})/iu;

/** True if the lines below a closing are a signature; its motto stands below a name. */
function isSignature(below: Line[]): boolean {
  const first = below.findIndex((line) => !isFarewell(line.bare));
  return below.every(isSigned) && (first < 0 || below[first] === undefined || !isProse(below[first]));
}

/** True if a line below a closing may be part of a signature. */
function isSigned(line: Line): boolean {
  const { bare } = line;
  if (isFarewell(bare) || readTagline(line) !== null) return true;
  if (bare.length > 140 || bare.includes('?')) return false;
  if (isProse(line)) return isMotto(bare, 'alone');
  if (isContact(line) || /@|^www\.|^\+?[\d\s./()-]{6,}$/iu.test(bare) || !/[\p{L}\p{N}]/u.test(bare))
    return true;
  const says = /\p{Ll}{3,}[.!:;]$/u.test(bare);
  return !says && (isNamed(line, 0) || isOffice(bare) || !/\p{Ll}/u.test(bare));
}

/** A farewell that ends the last line of a text, behind its last sentence: `Rullo sostituito. Cordiali saluti, Luca`. */
export function withoutLastFarewell(text: string): string {
  // of a long run of spaces each would be tried as the first
  const end = text.slice(-100);
  const found = /(?:(?<=[.!?…])\s+|\s+[-–—]\s+)([^.!?…\n]{2,60}[.!]{0,3})$/u.exec(end);
  return found?.[1] !== undefined && isFarewell(found[1].trim())
    ? text.slice(0, text.length - end.length + found.index)
    : text;
}

/** True if a short line names an office or a trade. */
export function isOffice(bare: string): boolean {
  return office.test(bare) && bare.length <= 60;
}
