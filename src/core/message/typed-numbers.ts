import { cleanSubject } from './thread.ts';

const ticketWord = String.raw`(?:ticket|tkt|tck|tk|richiesta|segnalazione|intervento|chiamata|pratica|rif(?:\.|erimento)?|request|case|incident|anfrage|vorgang|demande|solicitud)`;
const numbered = String.raw`(?:n(?:r|um|umero|o)?(?:\.\s?|[°º]\s?|\s))`;
/** `#1042`, `[1042]`, `ticket 1042`, `tk n. 1042`, and `n. 1042` unless it counts something. */
const typed: readonly RegExp[] = [
  /(?<![\p{L}\p{N}#&])#\s?([1-9]\d{2,8})(?![\p{L}\p{N}])/giu,
  /\[\s?([1-9]\d{2,8})\s?\]/gu,
  new RegExp(
    `(?<!\\p{L})${ticketWord}\\s?(?:di assistenza\\s|id\\s)?:?\\s?(?:${numbered})?\\s?#?([1-9]\\d{2,8})(?![\\p{L}\\p{N}]|[./-]\\d)`,
    'giu',
  ),
  new RegExp(`(?:^|[:;,(-]\\s?)${numbered}([1-9]\\d{2,8})(?![\\p{L}\\p{N}]|[./-]\\d)`, 'giu'),
];
/** More in one subject are no tickets'. */
const mostTyped = 5;
/** Another desk's own tag: `[Ticket #1042]`, `[ABC-1042]` (BAD-MAIL 43). */
const othersTag = /\[[^\]]*\p{L}[^\]]*\]/gu;

/**
 * Numbers that may be tickets' and that somebody typed, in a subject or as the whole first line of a text; in order, each once. They
 * name what the sender's own company has open, and grant nothing.
 */
export function readTypedNumbers(subject: string, text: string): number[] {
  const [first = ''] = text.trimStart().split('\n', 1);
  const bare = cleanSubject(subject.replace(othersTag, ' '));
  const lines = [bare, first.trim().slice(0, 60)];
  const found = lines.flatMap((line, i) =>
    typed.flatMap((one) =>
      Array.from(line.matchAll(one))
        .filter(({ 0: all }) => i === 0 || line.replace(all, '').replace(/[^\p{L}\p{N}]+/gu, '') === '')
        .map((match) => Number(match[1])),
    ),
  );
  return [...new Set(found)].slice(0, mostTyped);
}
