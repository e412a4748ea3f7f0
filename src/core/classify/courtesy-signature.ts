import { isRule } from '../lines/header-block.ts';
import { isLegal } from '../lines/disclaimer.ts';
import { oneSpaced, splitLines } from '../letters/text.ts';

/**
 * Signatures below thanks, which are in each of their writer's mails: name, firm, office, telephone, site, street,
 * boilerplate. They say nothing new; any other line does.
 */

const separators = /^[\s|•·;,:–—/-]+|[\s|•·;,:–—/-]+$/gu;
/** With its label, or beginning as numbers of telephones do. */
const telephone = new RegExp(
  String.raw`(?:${[
    String.raw`\b(?:tel|telefono|phone|ph|cell|cellulare|mobile|mob|fax|centralino|int|interno|whatsapp|tél|` +
      String.raw`téléphone|[tmfc])\b\.?(?:/(?:fax|tel)\.?)?\s?[:.]?\s?[+(]?\d`,
    String.raw`\+\(?\d|\(\+?\d|(?<![\d.-])(?:00\d|0\d|3\d\d)`,
  ].join('|')})[\d\s()./-]{5,20}\d(?:\s?(?:r\.a\.|int\.? ?\d{1,4}))?`,
  'giu',
);
const address = /<?(?:mailto:)?[^\s<>@|]{1,64}@[^\s<>@|]{1,190}>?/gu;
const site =
  /<?(?:https?:\/\/|www\.)[^\s<>|]{2,300}>?|(?<![@\w])[\w-]{2,40}\.(?:it|com|net|eu|org|de|fr|es|biz|info|test|example)(?:\/\S{0,200})?(?![\w@])/giu;
const label =
  /\b(?:e-?mail|mail|pec|web|sito|site|tel|fax|cell|mob|skype|p\.? ?iva|c\.? ?f|codice (?:fiscale|univoco|sdi)|rea|sdi)\b\.?\s?:?/giu;
const taxNumber =
  /^(?:p\.?\s?iva|partita iva|c\.?\s?f\.?|cod(?:\.|ice) fisc|vat|ust-?id|tva|r\.?e\.?a\b|reg\.? imp|cap\.? soc|capitale sociale)/iu;
const street = new RegExp(
  [
    String.raw`^(?:via|viale|v\.le|piazza|p\.?zza|piazzale|corso|c\.so|largo|vicolo|strada|contrada|` +
      String.raw`loc(?:\.|alità)|borgo|lungotevere|rue|avenue|boulevard|calle|avenida|` +
      String.raw`plaza)\s[\p{L}\p{N} .'’,°/()–-]{2,90}$`,
    String.raw`^\p{Lu}[\p{L}-]{2,30}(?:straße|strasse|str\.|weg|platz) \d{1,4}\b.{0,60}$`,
    String.raw`^(?:\p{L}{1,3}-)?\d{5} \p{Lu}[\p{L} .'’()-]{1,40}$`,
    String.raw`^\d{1,5} \p{Lu}\p{L}+ (?:street|road|avenue|lane)\b.{0,40}$`,
  ].join('|'),
  'iu',
);
const firm =
  /(?:^|\s)(?:s\.?r\.?l\.?s?|s\.?p\.?a|s\.?n\.?c|s\.?a\.?s|soc\.? ?coop(?:erativa)?|onlus|gmbh|ag|kg|ltd|llc|inc|sarl|s\.?l)\.?(?: a socio unico| unipersonale| società benefit)?$/iu;
const office = new RegExp(
  String.raw`^(?:(?:ufficio|uff\.|reparto|servizio|resp(?:onsabile|\.)?|addett[oa]|direttore|direttrice|direzione|head of|dept\.?|team)\s?(?:di |del |della |degli |alla |agli |al |of |the )?)?(?:${[
    'acquisti|amministrazione|amministrativ[oa]|commerciale|vendite|contabilità',
    'segreteria|direzione|generale|personale|logistica|magazzino|tecnico|tecnica',
    'qualità|produzione|marketing|informatic[oa]|it|ict|ced|sistemi informativi|sales',
    'purchasing|accounting|office manager|titolare|presidente|manager|ceo|cfo|cto',
  ].join('|')})$`,
  'iu',
);

const capitalised = /^\p{Lu}[\p{L}\p{M}'’.-]*$/u;
const particles = new Set('de di da del della dei degli dal la lo le van von der den zu e'.split(' '));
/** Imperatives, which ask for something with a capital. */
const asks = /(?:[aei]te|(?:[aei]te|ar|er|ir)(?:mi|ci|lo|la|li|le)|ami|aci)$/iu;

/** A name of two words at least; one alone is anybody's beginning of a sentence. */
function isName(text: string): boolean {
  const words = text
    .replace(/^(?:dott|dr|dssa|dott\.ssa|sig|sig\.ra|ing|avv|geom|rag|arch|prof)\.?(?:ssa|ra)?\s/iu, '')
    .split(/\s+/u);
  const names = words.filter((word) => !particles.has(word.toLowerCase()));
  return (
    words.length <= 5 &&
    names.length >= 2 &&
    names.every((word) => capitalised.test(word) && !asks.test(word))
  );
}

/** The line without its telephone numbers, addresses and sites. */
function withoutContacts(line: string): string {
  const bare = line
    .replace(address, ' ')
    .replace(site, ' ')
    .replace(telephone, ' ')
    .replace(label, ' ')
    .replace(/<\s*>/gu, ' ');
  return oneSpaced(bare).replace(separators, '');
}

type Part = 'contact' | 'about' | null;

/** The part of a signature that a line is, or null if it says something. */
function partOf(line: string): Part {
  const bare = line.replace(/[*_]{1,3}/gu, '').trim();
  if (/^\[[^\]]{1,120}\]$/u.test(bare) || isRule(bare) || /^[-–—_=*]{1,3}$/u.test(bare)) return 'about';
  if (bare.length > 120 || /[?!]$/u.test(bare)) return null;
  if (taxNumber.test(bare) || street.test(bare)) return 'contact';
  const rest = withoutContacts(bare);
  const hasContact = rest.length < bare.replace(separators, '').length;
  // `E anna@rossi.it`
  if (rest === '' || (hasContact && /^\p{Lu}$/u.test(rest))) return 'contact';
  const pieces = rest
    .split(/\s[|•·–—-]\s|[|•·]|,\s/u)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
  const isKnown = (piece: string): boolean =>
    isName(piece) || firm.test(piece) || office.test(piece) || street.test(piece) || taxNumber.test(piece);
  // the name of a network, or of a place, before its link
  const isLink = hasContact && /<https?:/iu.test(bare) && /^\p{L}{2,20}$/u.test(rest);
  if (!isLink && !pieces.every(isKnown)) return null;
  return hasContact || pieces.some((piece) => firm.test(piece) || street.test(piece)) ? 'contact' : 'about';
}

const longestBlock = 25;

/**
 * Removes the signature at the end of a client's text if it contains a telephone, a site, a company or a street; a name alone
 * stays.
 * @returns the text unchanged if no line above says anything, or a line below cannot be a signature's
 */
export function withoutSignature(text: string): string {
  const lines = splitLines(text);
  let start = lines.length;
  let hasContact = false;
  for (let i = lines.length - 1; i > 0 && lines.length - i <= longestBlock; ) {
    if ((lines[i] ?? '').trim() === '') {
      i--;
      continue;
    }
    let first = i;
    while (first > 0 && (lines[first - 1] ?? '').trim() !== '') first--;
    const paragraph = lines.slice(first, i + 1);
    if (first > 0 && paragraph.join(' ').length > 60 && isLegal(paragraph.join(' '))) {
      start = first;
      hasContact = true;
      i = first - 1;
      continue;
    }
    const part = partOf(lines[i] ?? '');
    if (part === null) break;
    hasContact ||= part === 'contact';
    start = i;
    i--;
  }
  const above = lines.slice(0, start);
  return hasContact && above.some((line) => line.trim() !== '') ? above.join('\n').trim() : text;
}
