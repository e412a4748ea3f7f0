import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Direction, Fate } from './wire.ts';
import { startWire } from './wire.ts';
import type { Service } from './points.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const uuid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gu;

/** What a worker process did or met, in the order in which it did: `process` names it. */
export type Happening =
  | { what: 'handed over'; messageId: string; process: string }
  | { what: 'killed'; process: string };

/** A place for one worker process after the other. */
export type Slot = {
  start(): void;
  /** SIGKILL, now. */
  kill(): void;
  /** Whether the present process signs itself so in the database. */
  is(worker: string): boolean;
  /** Ids under which the present process has claimed messages. */
  claimedAs(): string[];
  /** The last lines of the present process's log. */
  said(): string;
  /** Ends with the process that runs now. */
  ended(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Workers behind wires of their own to PostgreSQL and the mail server. The mailbox has one wire for all, since its port is
 * part of its name.
 * @param targets ports of the servers
 * @param environment of the worker, given the ports of its wires
 * @param fateOf what becomes of a piece of its conversation
 * @param note told of every mail that the process begins to hand over, and of its death, at that very instant
 */
export async function openSlot(
  targets: { postgres: number; smtp: number },
  environment: (ports: { postgres: number; smtp: number }) => Record<string, string>,
  fateOf: (slot: Slot, service: Service, direction: Direction, text: string) => Fate,
  note: (happening: Happening) => void,
): Promise<Slot> {
  let child: ChildProcess | null = null;
  let name = '';
  let exited: Promise<unknown> = Promise.resolve();
  let log = '';
  let signs = new Set<string>();
  let claims = new Set<string>();

  const slot: Slot = {
    start() {
      log = '';
      signs = new Set();
      claims = new Set();
      child = spawn(process.execPath, [main, 'run'], {
        env: { PATH: process.env.PATH, ...environment({ postgres: postgres.port, smtp: smtp.port }) },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      exited = once(child, 'exit');
      name = randomUUID();
      child.stderr?.on('data', (chunk: Buffer) => {
        log = (log + chunk.toString()).slice(-4_000);
      });
    },
    kill() {
      if (child?.kill('SIGKILL') === true) note({ what: 'killed', process: name });
    },
    is: (worker) => signs.has(worker),
    claimedAs: () => [...claims],
    said: () => log,
    async ended() {
      await exited;
    },
    async close() {
      child?.kill('SIGKILL');
      await exited;
      await Promise.all([postgres.close(), smtp.close()]);
    },
  };
  const postgres = await startWire(
    targets.postgres,
    (direction, text) => {
      if (direction === 'out' && text.includes('mailbox_reader'))
        for (const id of text.match(uuid) ?? []) signs.add(id);
      if (direction === 'out' && text.includes('leased_by'))
        for (const id of text.match(uuid) ?? []) claims.add(id);
      return fateOf(slot, 'postgres', direction, text);
    },
    () => slot.kill(),
  );
  const smtp = await startWire(
    targets.smtp,
    (direction, text) => {
      const messageId = direction === 'out' ? /^Message-ID:\s+(<[^>\s]+>)/im.exec(text)?.[1] : undefined;
      if (messageId !== undefined) note({ what: 'handed over', messageId, process: name });
      return fateOf(slot, 'smtp', direction, text);
    },
    () => slot.kill(),
  );
  return slot;
}
