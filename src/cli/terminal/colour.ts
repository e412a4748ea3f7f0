import { styleText } from 'node:util';

/** The tone of a line or cell: success, needs attention, or unimportant. */
export type Tone = 'plain' | 'good' | 'bad' | 'quiet' | 'head';

const formats = { good: 'green', bad: 'red', quiet: 'dim', head: 'bold' } as const;

/** Colours text that is already safe to print; only on a terminal, and not where NO_COLOR is set. */
export function inTone(tone: Tone): (text: string) => string {
  return (text) => (tone === 'plain' ? text : styleText(formats[tone], text, { stream: process.stdout }));
}

/** States, dispositions and findings that are seen at a glance; all other words are plain. */
const tones = new Map<string, Tone>([
  ['closed', 'quiet'],
  ['in_progress', 'good'],
  ['pending', 'quiet'],
  ['refused', 'bad'],
  ['confirm_asked', 'bad'],
  ['held', 'bad'],
  ['quarantined', 'bad'],
  ['ignored', 'quiet'],
  ['duplicate', 'quiet'],
  ['rejected', 'quiet'],
  ['deferred', 'bad'],
  ['failed', 'bad'],
  ['awaiting_release', 'bad'],
  ['cancelled', 'quiet'],
  ['sent', 'quiet'],
  ['ok', 'good'],
  ['warn', 'head'],
  ['FAIL', 'bad'],
]);

/** Tone of a single word. */
export const toneOf = (word: string): Tone => tones.get(word.trim()) ?? 'plain';
