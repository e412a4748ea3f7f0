import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Service } from './points.ts';
import { type Direction, type Fate, startWire } from './wire.ts';

const source = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const uuid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gu;

/** Events of worker processes, in the order in which they were observed: `process` names one. */
export type Happening =
  | { what: 'handed over'; messageId: string; process: string }
  | { what: 'killed'; process: string }
  /** the outcome of this mail, or (null) of all under way, could not be recorded: the server hung up, the database was away */
  | { what: 'unrecorded'; messageId: string | null };

const logLine = z.object({
  level: z.string(),
  msg: z.string(),
  loop: z.string().optional(),
  seconds: z.number().optional(),
  waited: z.number().optional(),
  outbox: z.number().optional(),
});
/** A line of the log. */
export type Line = z.infer<typeof logLine>;

/** A process of the program. */
export type Worker = {
  /** its name among the happenings */
  name: string;
  /** SIGKILL, now. */
  kill(): void;
  /** SIGSTOP, now: it does nothing more and keeps its connections, until it goes on. */
  freeze(): void;
  goOn(): void;
  /** True while it runs, frozen or not. */
  runs(): boolean;
  /** True if it uses this name in the database. */
  is(worker: string): boolean;
  /** Ids under which it has claimed messages. */
  claimedAs(): string[];
  /** Its log so far. */
  lines(): readonly Line[];
  /** The first line that fits, as soon as there is one. @param after so many lines */
  heard(fits: (line: Line) => boolean, after?: number): Promise<Line>;
  ended(): Promise<void>;
  /** Kills it and takes its wires down. */
  close(): Promise<void>;
};

export type WorkerSetup = {
  /** ports of the servers behind its wires */
  targets: { postgres: number; smtp: number };
  /** its settings, given the ports of its wires */
  environment: (ports: { postgres: number; smtp: number }) => Record<string, string>;
  /** module that Node runs; by default the source as it stands */
  program?: string;
  /** for Node, before the program */
  nodeOptions?: readonly string[];
  /** fate of a piece of its conversation */
  fateOf: (worker: Worker, service: Service, direction: Direction, text: string) => Fate;
  /** told of every mail that it begins to hand over, and of its death, at that very instant */
  note: (happening: Happening) => void;
};

/**
 * Starts a worker behind wires of its own to PostgreSQL and the mail server, so that what is still on them when it is
 * dead is known as its. The mailbox has one wire for all workers, since its port is part of its name.
 */
export async function startWorker({
  targets,
  environment,
  program = source,
  nodeOptions = [],
  fateOf,
  note,
}: WorkerSetup): Promise<Worker> {
  const name = randomUUID();
  const lines: Line[] = [];
  const spoke = new EventEmitter<{ line: [] }>();
  const signs = new Set<string>();
  const claims = new Set<string>();
  const postgres = await startWire(
    targets.postgres,
    (direction, text) => {
      if (direction === 'out' && text.includes('mailbox_reader'))
        for (const id of text.match(uuid) ?? []) signs.add(id);
      if (direction === 'out' && text.includes('leased_by'))
        for (const id of text.match(uuid) ?? []) claims.add(id);
      return fateOf(worker, 'postgres', direction, text);
    },
    () => worker.kill(),
  );
  const smtp = await startWire(
    targets.smtp,
    (direction, text) => {
      const messageId = direction === 'out' ? /^Message-ID:\s+(<[^>\s]+>)/im.exec(text)?.[1] : undefined;
      if (messageId !== undefined) note({ what: 'handed over', messageId, process: name });
      return fateOf(worker, 'smtp', direction, text);
    },
    () => worker.kill(),
  );
  const child = spawn(process.execPath, [...nodeOptions, program, 'run'], {
    env: { PATH: process.env.PATH, ...environment({ postgres: postgres.port, smtp: smtp.port }) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  createInterface(child.stderr).on('line', (text) => {
    lines.push(lineOf(text));
    spoke.emit('line');
  });

  const worker: Worker = {
    name,
    kill() {
      if (child.kill('SIGKILL')) note({ what: 'killed', process: name });
    },
    freeze: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
    runs: () => child.exitCode === null && child.signalCode === null,
    is: (signature) => signs.has(signature),
    claimedAs: () => [...claims],
    lines: () => lines,
    async heard(fits, after = 0) {
      for (;;) {
        const line = lines.slice(after).find(fits);
        if (line !== undefined) return line;
        await once(spoke, 'line');
      }
    },
    async ended() {
      await exited;
    },
    async close() {
      child.kill('SIGKILL');
      await exited;
      await Promise.all([postgres.close(), smtp.close()]);
    },
  };
  return worker;
}

/** Parses a line of the log; any other line is Node's own. */
function lineOf(text: string): Line {
  return text.startsWith('{') ? logLine.parse(JSON.parse(text)) : { level: 'node', msg: text };
}
