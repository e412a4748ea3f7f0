import { hanging } from '../cli/terminal/layout.ts';
import { inTone, type Tone } from '../cli/terminal/colour.ts';
import { isMarkerLine } from '../core/letters/marker.ts';
import { names, people, type Name } from './people.ts';

const width = Math.min(92, process.stdout.columns || 92);
const longest = 22;

export function narrate(text = '', tone: Tone = 'plain'): void {
  process.stdout.write(`${inTone(tone)(text)}\n`);
}

/** A heading for one step. */
export function heading(number: number, title: string): void {
  narrate();
  const line = `── ${number}. ${title} `;
  narrate(line + '─'.repeat(Math.max(3, width - line.length)), 'head');
}

/** What further lines of a broken line begin below: its indent, its bullet, its label and the space after it. */
const beginning = /^\s*(?:- |[^\s:][^:]{0,20}:\s{2,})?/u;

/** A mail's text, set in from the margin; links and long quotes left out, long mails shortened. */
export function showText(text: string): void {
  const lines = text
    .split('\n')
    .filter((line) => !line.includes('mailto:') && !line.startsWith('>') && !isMarkerLine(line))
    .flatMap((line) => {
      const [lead = ''] = beginning.exec(line) ?? [];
      return hanging(lead, line.slice(lead.length).trimEnd(), width - 8).split('\n');
    });
  const tidy = lines.filter((line, i) => line !== '' || (lines[i - 1] ?? '') !== '');
  for (const line of tidy.slice(0, longest)) narrate(`      │ ${line}`);
  if (tidy.length > longest) narrate(`      │ … ${tidy.length - longest} more lines`);
}

/** A person's name in the story, with their role. */
export function who(name: Name): string {
  const person = people[name];
  const part = person.role ?? (name === 'piero' ? 'stranger' : 'client');
  return `${person.name} (${part})`;
}

/** The owner of an address's mailbox. */
export function mailboxOwner(email: string): Name | null {
  return names.find((name) => people[name].email === email) ?? null;
}
