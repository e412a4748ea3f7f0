import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/** A program in a terminal of its own, as a person has it. */
export type Terminal = {
  /** Waits for text that comes behind all that was waited for before. Rejects, with all that was shown, if the program ends first. */
  shows: (text: string | RegExp) => Promise<void>;
  /** Types a line. */
  type: (line: string) => void;
  /** Presses Ctrl-C. */
  interrupt: () => void;
  /** Its exit code, and all that was shown. */
  ended: Promise<{ code: number | null; shown: string }>;
};

/** Whether there is what gives a program a terminal (util-linux; Debian always has it). */
export const terminalAvailable = (): boolean => existsSync('/usr/bin/script');

/** Starts a program in a terminal. What it shows is without colours and cursor movements. */
export function startInTerminal(
  words: string[],
  options: { cwd: string; env: Record<string, string | undefined> },
): Terminal {
  const line = words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const child = spawn('/usr/bin/script', ['-qfec', line, '/dev/null'], { ...options, stdio: 'pipe' });
  const news = new EventEmitter<{ change: [] }>();
  let raw = '';
  let seen = 0;
  let isOver = false;
  const shown = (): string => stripVTControlCharacters(raw).replaceAll('\r', '');
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text;
    news.emit('change');
  });
  const ended = once(child, 'close').then(([code]) => {
    isOver = true;
    news.emit('change');
    return { code: typeof code === 'number' ? code : null, shown: shown() };
  });
  return {
    async shows(text) {
      for (;;) {
        const changed = once(news, 'change');
        const rest = shown().slice(seen);
        const at = typeof text === 'string' ? rest.indexOf(text) : rest.search(text);
        if (at !== -1) {
          seen += at + 1;
          return;
        }
        if (isOver) throw new Error(`${String(text)} was not shown. All that was:\n${shown()}`);
        await changed;
      }
    },
    type: (typed) => child.stdin.write(`${typed}\r`),
    interrupt: () => child.stdin.write('\u{3}'),
    ended,
  };
}
