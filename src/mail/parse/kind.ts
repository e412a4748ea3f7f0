import type { From } from '../../core/address/address-list.ts';
import { type Judgement, judgeKind } from '../../core/classify/kind.ts';
import { decodeHeaderText } from '../../core/letters/header-text.ts';
import type { Content } from './content.ts';
import type { Headers } from './headers.ts';
import type { MimePart } from './mime.ts';

/** The parts of a message that are read already. */
type Read = { from: From; subject: string; text: string; whole: string; answers: boolean };

/** The kind of a message, from its headers, its parts and its words. */
export function judgeContent(content: Content, { from, ...read }: Read): Judgement {
  return judgeKind({
    header: lookup(content.headers),
    contentType: content.contentType,
    parameters: content.parameters,
    partTypes: content.leaves.map(({ contentType }) => contentType),
    from: from.ok ? from.address.email : null,
    fromText: decodeHeaderText((content.headers.get('from')?.[0] ?? '').slice(0, 1_000)),
    calendarMethod: calendarMethod(content.leaves),
    ...read,
  });
}

/** The values of a header by its lower-case name, topmost first. */
export function lookup(headers: Headers): (name: string) => string[] {
  return (name) => headers.get(name) ?? [];
}

/** METHOD of the first calendar among the parts, which programs name in its type, its text, or both. */
function calendarMethod(leaves: readonly MimePart[]): string | null {
  const calendar = leaves.find(({ contentType }) =>
    /^(?:text\/calendar|application\/ics)$/u.test(contentType),
  );
  if (calendar === undefined) return null;
  const written = /^METHOD:([A-Za-z]{1,20})\s*$/mu.exec(calendar.bytes.toString('latin1', 0, 4_000))?.[1];
  return (written ?? calendar.parameters['method'] ?? '').toUpperCase() || null;
}
