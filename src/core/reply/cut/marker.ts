import { beforeMarker, type Line, makeLine } from '../../lines/lines.ts';
import { endsPreview, findMarker, previewOpens } from '../../letters/marker.ts';
import type { Label } from '../../message/reply.ts';

/**
 * Cuts from the first marker line on, along with the preview text of our mail right above it; text on the same line stays.
 * @returns the end of the remaining text
 */
export function cutMarker(lines: Line[], labels: Label[]): number {
  const at = lines.findIndex(({ body }) => findMarker(body) !== null);
  const marker = lines[at];
  if (marker === undefined) return lines.length;
  const shared = beforeMarker(marker);
  const from = shared === null ? findPreview(lines, at) : at;
  const line = lines[from] ?? marker;
  const own = shared === null && from === at ? '' : beforePreview(shared ?? line.body);
  const start = own.trim() === '' ? from : from + 1;
  if (start > from) lines[from] = makeLine(own, line.depth, own, line.role);
  labels.fill('marker', start);
  return start;
}

/** A preview text has no more lines, however a program wraps it. */
const longestPreview = 6;

/** Start of the preview text right above a marker line; the marker line itself if there is none. */
function findPreview(lines: Line[], marker: number): number {
  let last = marker - 1;
  while (lines[last]?.blank === true) last--;
  if (!endsPreview(lines[last]?.body ?? '')) return marker;
  for (let i = last; i > last - longestPreview && lines[i]?.blank === false; i--) {
    if (lines[i]?.body.includes(previewOpens) === true) return i;
  }
  return last;
}

function beforePreview(text: string): string {
  const opens = text.indexOf(previewOpens);
  if (opens < 0) return endsPreview(text) ? '' : text;
  return text.slice(0, opens).trimEnd();
}
