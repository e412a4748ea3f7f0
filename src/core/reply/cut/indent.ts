import { readAttribution } from '../../lines/attribution.ts';
import { isSuspect } from './elements.ts';
import { readDivider, readHeaderBlock } from '../../lines/header-block.ts';
import { isInQuote, type Line, makeLine } from '../../lines/lines.ts';

/** Most lines between a blockquote and the opening above it. */
const longestOpening = 8;

/**
 * Takes the marks off what its writer indented: in a blockquote of which nothing says that it is a quote, neither its program nor
 * an attribution or a header above or first in it, nor a quote above, nor our marker line in it.
 * @param next from `nextFilled`
 * @returns the lines that are the writer's, by their index; each is changed in place
 */
export function liftIndents(lines: Line[], from: number, end: number, next: number[]): number[] {
  const lifted: number[] = [];
  for (let i = from; i < end; i++) {
    const line = lines[i];
    if (line === undefined || line.blank || (!isInQuote(line) && line.role === null)) continue;
    if (line.role === 'signature') continue;
    if (line.role !== 'indent' || isOpened(lines, i, from, next)) break;
    let to = i;
    while (to < end && (lines[to]?.role === 'indent' || lines[to]?.blank === true)) to++;
    if (to === end && lines[end]?.role === 'indent') break;
    for (; i < to; i++) {
      const { body, blank } = lines[i] ?? line;
      lines[i] = makeLine(body, 0, body, null);
      if (!blank) lifted.push(i);
    }
    i--;
  }
  return lifted;
}

function isOpened(lines: Line[], at: number, from: number, next: number[]): boolean {
  for (let i = Math.max(from, at - longestOpening); i <= at; i++) {
    const line = lines[i];
    if (line === undefined || line.blank) continue;
    if (readHeaderBlock(lines, i, next) !== null || readAttribution(lines, i, next) !== null) return true;
    if (readDivider(line.bare) !== null || isSuspect(line)) return true;
  }
  return false;
}
