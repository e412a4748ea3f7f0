import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { expect, inject, vi } from 'vitest';

// every command is a process of its own, and machines that run tests are busy
vi.setConfig({ testTimeout: 120_000 });

/** What `npx kticket` starts, of the program as its package has it. */
export const launcher = inject('launcher');

export type Ended = { code: number | null; stdout: string; stderr: string };

export type RunOptions = {
  /** settings; nothing of this process's own environment is passed on but PATH and what is compiled already */
  env?: Record<string, string>;
  /** standard input */
  input?: string;
  /** working directory: a `.env` there is read; one without by default */
  cwd?: string;
  /** what is started instead of the built program's launcher */
  launcher?: string;
};

/** Runs the command line as its users do, in a process of its own, and waits for its end. */
export function kticket(args: string[], options: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [options.launcher ?? launcher, ...args], {
      cwd: options.cwd ?? tmpdir(),
      env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...options.env },
    });
    const printed = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed.stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...printed }));
    child.stdin.on('error', () => {
      // it may end before it has read everything
    });
    child.stdin.end(options.input ?? '');
  });
}

/** The command line on one database, for a test. */
export function onDatabase(url: string) {
  const env = { DATABASE_URL: url };
  return {
    env,
    /** Runs a command that must succeed; what it printed. */
    async done(...args: string[]): Promise<string> {
      const ended = await kticket(args, { env });
      expect({ args, ...ended }).toMatchObject({ args, code: 0, stderr: '' });
      return ended.stdout;
    },
    /** Runs a command with `--json` that must succeed; what it printed, read. */
    async json(...args: string[]): Promise<unknown> {
      return JSON.parse(await this.done(...args, '--json'));
    },
    /** Runs a command that must fail with 1; its words. */
    async refused(...args: string[]): Promise<string> {
      const ended = await kticket(args, { env });
      expect({ args, ...ended }).toMatchObject({ args, code: 1, stdout: '' });
      return ended.stderr;
    },
    /** Runs a command that is wrong use; its words. */
    async wrong(...args: string[]): Promise<string> {
      const ended = await kticket(args, { env });
      expect({ args, ...ended }).toMatchObject({ args, code: 2, stdout: '' });
      return ended.stderr;
    },
  };
}
