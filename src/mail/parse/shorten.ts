import type { Warning } from '../../core/words/warnings.ts';
import type { ParseLimits } from '../../config/limits.ts';

type Report = (warning: Warning) => void;

/** Truncates a text to the part that is read, and reports that it did. */
export function shortenText(text: string, limits: ParseLimits, report: Report): string {
  const whole = cutAt(text, limits.textLength, report);
  const lineEnd = /\r\n|[\r\n\u2028\u2029\u0085\v\f]/gu;
  for (let lines = 0; lines < limits.textLines; lines += 1) if (lineEnd.exec(whole) === null) return whole;
  report({ kind: 'text_cut' });
  return whole.slice(0, lineEnd.lastIndex);
}

/** The same for HTML, whose lines are counted while reading it. */
export function shortenHtml(html: string, limits: ParseLimits, report: Report): string {
  return cutAt(html, limits.htmlLength, report);
}

function cutAt(text: string, longest: number, report: Report): string {
  if (text.length <= longest) return text;
  report({ kind: 'text_cut' });
  return text.slice(0, longest).toWellFormed();
}
