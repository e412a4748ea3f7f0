/**
 * Questions in a terminal: a line each, so that the answers stay readable above, on any terminal and for screen readers. Node's own
 * readline is enough for that; a library of prompts would draw lists and boxes, and nothing here needs one.
 */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { printText } from '../terminal/print.ts';
import { InvalidArgumentError } from 'commander';

/** An answer that was read, or what was expected instead, in words. */
export type Understood<T> = { ok: true; value: T } | { ok: false; why: string };

export type Prompt = {
  /** Asks for one line. @param standard what an empty line means; '' for nothing */
  line(label: string, standard: string): Promise<string>;
  /** The same without showing what is typed. */
  secret(label: string): Promise<string>;
  /** Passes every line that is typed to a listener, until `done` settles. */
  meanwhile<T>(listener: (line: string) => void, done: Promise<T>): Promise<T>;
  /** From now on Ctrl-C ends nothing but a question at once; whoever works looks at `stopped`. */
  beginWork(): void;
  stopped(): boolean;
  close(): void;
};

/** Passes on to the terminal what readline writes, but for what is typed while it is muted. */
class Screen extends Writable {
  muted = false;
  get columns(): number {
    return process.stdout.columns;
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (!this.muted) process.stdout.write(chunk);
    done();
  }
}

/**
 * Opens the terminal for questions. Ctrl-C, and the end of input, end the process with 1, since until `beginWork` nothing
 * has been written; then they are remembered.
 */
export function openPrompt(): Prompt {
  const screen = new Screen();
  const reader = createInterface({ input: process.stdin, output: screen, terminal: true, historySize: 0 });
  const typed: string[] = [];
  let waiting: ((line: string) => void) | null = null;
  let working = false;
  let stopped = false;
  let closing = false;
  const stop = (): void => {
    if (closing) return;
    // a step that is under way is finished first
    if (working && waiting === null) {
      stopped = true;
      return;
    }
    // closing the reader comes back here
    closing = true;
    screen.muted = false;
    process.stderr.write(
      working ? '\nStopped; what is done above stays.\n' : '\nStopped; nothing was written.\n',
    );
    reader.close();
    process.exit(1);
  };
  reader.on('SIGINT', stop);
  reader.on('close', stop);
  reader.on('line', (line) => {
    if (waiting === null) typed.push(line);
    else waiting(line);
  });
  const next = async (): Promise<string> => {
    const before = typed.shift();
    if (before !== undefined) return before;
    const { promise, resolve } = Promise.withResolvers<string>();
    // several lines may come at once: only the first is this one's
    waiting = (line) => {
      waiting = null;
      resolve(line);
    };
    return promise;
  };
  const ask = (label: string): void => {
    reader.setPrompt(`${label} `);
    reader.prompt();
  };

  return {
    async line(label, standard) {
      ask(standard === '' ? `${label}:` : `${label} [${standard}]:`);
      const line = (await next()).trim();
      return line === '' ? standard : line;
    },
    async secret(label) {
      ask(`${label}:`);
      screen.muted = true;
      const line = await next();
      screen.muted = false;
      process.stdout.write('\n');
      return line;
    },
    async meanwhile(listener, done) {
      waiting = listener;
      try {
        return await done;
      } finally {
        waiting = null;
      }
    },
    beginWork() {
      working = true;
    },
    stopped: () => stopped,
    close() {
      closing = true;
      reader.close();
      process.stdin.destroy();
    },
  };
}

/** Asks until the answer is understood; what was wrong with one is said before the next. */
export async function askUntil<T>(
  prompt: Prompt,
  label: string,
  read: (text: string) => Understood<T>,
  standard = '',
): Promise<T> {
  for (;;) {
    const understood = read(await prompt.line(label, standard));
    if (understood.ok) return understood.value;
    printText(`  ${understood.why}`);
  }
}

/** Asks for yes or no, in English or Italian. */
export function askYes(prompt: Prompt, label: string, standard: boolean): Promise<boolean> {
  return askUntil(
    prompt,
    `${label} (yes/no)`,
    (text) => {
      if (/^(?:y|yes|s|sì|si)$/iu.test(text)) return { ok: true, value: true };
      if (/^(?:n|no)$/iu.test(text)) return { ok: true, value: false };
      return { ok: false, why: `“${text}” is neither. Expected yes or no.` };
    },
    standard ? 'yes' : 'no',
  );
}

/** Reads an answer with the parser of the option that stands for it. */
export function asOption<T>(parse: (text: string) => T): (text: string) => Understood<T> {
  return (text) => {
    try {
      return { ok: true, value: parse(text) };
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      const found = text === '' ? 'Nothing was typed' : `Not understood: “${text}”`;
      return { ok: false, why: `${found}. ${error.message}` };
    }
  };
}
