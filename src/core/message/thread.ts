/** Prefixes of answers, wherever they are looked for: `R:` and `Rif:` Italian, `AW:` German, `SV:` Nordic, `Antw:` Dutch. */
export const replyMarks = 're|r|rif|aw|antw|sv';
/** Prefixes of forwards: `I:` Italian, `WG:` German, `TR:` French, `RV:` Spanish, `ENC:` Portuguese. */
export const forwardMarks = 'fwd|fw|i|inoltro|inoltra|wg|tr|rv|enc|doorst|vl|pd';

const answers = `${replyMarks}|ris|risp|odp|res|réf|réponse`;
const prefix = new RegExp(
  `^(?:${answers}|${forwardMarks}|vs)(?:\\[\\d{1,3}\\]|\\(\\d{1,3}\\))?\\s*[:：]\\s*`,
  'iu',
);
const replyPrefix = new RegExp(`^(?:${answers})(?:\\[\\d{1,3}\\]|\\(\\d{1,3}\\))?\\s*[:：]`, 'iu');
/** Tags that gateways put before a subject: it came from outside, or looks like spam. */
const serverMark =
  /^(?:[[({<]{1,2}(?:(?:attenzione|caution|warning)[ :!-]{1,3})?(?:external ?[/|-] ?esterno|esterno ?[/|-] ?external|external(?: (?:e-?mail|mail|sender|message))?|externe?[rn]?(?: (?:e-?mail|mail|absender))?|est|ext|estern[oa]|(?:mail|e-?mail|posta) esterna|(?:mittente|messaggio) esterno|(?:courriel|expéditeur|message) externe|extérieur|(?:correo|remitente|mensaje) externo|externo|caution|attenzione)[\])}>]{1,2}|\*{1,5} ?(?:external|esterno|ext)(?: e-?mail)? ?\*{1,5}|external(?: e-?mail)?:|esterno:|\[?\*{2,5} ?(?:spam|possible spam) ?\*{2,5}\]?)\s*[:-]?\s*/iu;

/** Subject without gateways' tags. */
export function withoutServerMarks(subject: string): string {
  let rest = subject.trim();
  for (;;) {
    const shorter = rest.replace(serverMark, '');
    if (shorter === rest) return rest;
    rest = shorter;
  }
}

const ourTag = /\[#([1-9]\d{0,8})\]/gu;

/** The tag a ticket's mails carry in the subject: `[#1042]`. */
export function tag(number: number): string {
  return `[#${number}]`;
}

/** The subject without `R:`, `Fwd:` and the like, gateways' tags and our own tags. '' stays ''. */
export function cleanSubject(subject: string): string {
  let rest = subject.replace(ourTag, ' ').replace(/\s+/gu, ' ').trim();
  for (;;) {
    const shorter = withoutServerMarks(rest).replace(prefix, '');
    if (shorter === rest) return rest;
    rest = shorter;
  }
}

/** Numbers of our tags in a subject, in order, each once. Another vendor's `[Ticket #1]` is none (BAD-MAIL 43). */
export function readTags(subject: string): number[] {
  return [...new Set(Array.from(subject.matchAll(ourTag), (found) => Number(found[1])))];
}

const numberInWords =
  /(?:#\s?|\b(?:ticket|tkt|richiest[ae]|pratic[ah]e?|segnalazion[ei]|interventi?o?|chiamat[ae]|request|case|n(?:um(?:ero)?|r|o)?\.?)[\s#:]{1,4}(?:n(?:r|o|um(?:ero)?)?[.°º]?\s?)?)([1-9]\d{2,8})(?!\d)/giu;
/** More numbers than this no mail is about. */
const mostNumbers = 20;

/** Numbers that a running text calls a ticket's: `#1042`, `ticket 1042`, `la richiesta n. 1042`; each once. */
export function readNumbers(text: string): number[] {
  const found = new Set<number>();
  for (const [, number] of text.matchAll(numberInWords)) {
    if (found.size >= mostNumbers) break;
    found.add(Number(number));
  }
  return [...found];
}

/** True if a subject has an answer's prefix (`R:`, `Re:`), after any gateway marks and tags. */
export function hasReplyPrefix(subject: string): boolean {
  return replyPrefix.test(withoutServerMarks(subject.replace(ourTag, ' ')));
}

/**
 * The msg-ids (RFC 5322 §3.6.4) of a Message-ID, In-Reply-To or References header, with their angle brackets,
 * in order. What stands between them (comments, phrases of old programs) is skipped; white space within one is where a
 * program broke its line. A header of old programs that has no bracket at all names its ids without.
 */
export function readMessageIds(header: string): string[] {
  const ids = Array.from(header.matchAll(/<([^<>]{1,995})>/gu), ([, id = '']) => id.replace(/\s+/gu, ''));
  const found = ids.some((id) => id !== '') ? ids : bareIds(header);
  return found.filter((id) => id !== '').map((id) => `<${id}>`);
}

/** Words that are Message-IDs without brackets; one bracket may be there. */
function bareIds(header: string): string[] {
  return header
    .split(/[\s,]+/u)
    .map((word) => word.replace(/^<|>$/gu, ''))
    .filter((word) => word.length < 995 && /^[^<>()"]{1,500}@[^<>()"@]{1,490}$/u.test(word));
}
