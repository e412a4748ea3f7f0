import { withoutTokens } from '../core/address/reply-token.ts';
import { hidden } from '../core/letters/clean.ts';

/**
 * Makes text from a mail safe for a terminal or a log. Mail may contain escape sequences that move the cursor, and
 * direction characters that reverse a line: they are printed, not interpreted.
 */

/** Control characters, direction controls, invisible spaces, line separators, lone surrogates. */
const unseen = new RegExp(
  String.raw`[\p{Cc}\p{Cs}\p{Zl}\p{Zp}${hidden.directions}${hidden.marks}${hidden.arabicMark}${hidden.spaces}${hidden.byteOrderMark}]`,
  'gu',
);

function shown(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Makes text a single line that is safe to print: spaces for line ends, all other invisible characters written out. */
export function visible(text: string): string {
  return text.replace(/[\r\n\t]+/g, ' ').replace(unseen, shown);
}

/** Several lines, safe to print: line ends and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(unseen, (c) => (c === '\n' || c === '\t' ? c : shown(c)));
}

/** JSON text with the same meaning and every invisible character written as `\uXXXX`. */
export function visibleJson(json: string): string {
  // most of it is ASCII, where a look at each property of each letter would take most of the time
  return json.replace(/[^\n -~]+/gu, (foreign) =>
    foreign.replace(unseen, (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`),
  );
}

/** A value as JSON, every reply token in its strings masked: within the JSON an escape might be cut in two. */
export function jsonWithoutTokens(
  value: unknown,
  { indent, known }: { indent?: number; known?: ReadonlySet<string> | undefined } = {},
): string {
  return JSON.stringify(
    value,
    (_, part: unknown) => (typeof part === 'string' ? withoutTokens(part, known) : part),
    indent,
  );
}
