/**
 * Waiting for new mail in the selected folder. A server elsewhere announces it (IDLE). One on this machine is asked
 * several times a second (NOOP), which costs it next to nothing: servers gather what they announce, Dovecot for half a second.
 */
import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { ImapFlow } from 'imapflow';
import { isLoopback } from '../../config/urls.ts';

/** Milliseconds between two questions to a server on this machine. */
const askEvery = 150;
/** Milliseconds after which the answer of such a server is slow; after some in a row it is not asked again until mail came. */
const slowAnswer = 10;
const slowAnswers = 4;

/** The outcome of a wait for new mail. */
export type Woken = 'mail' | 'timeout' | 'closed' | 'aborted';

export type MailWatch = {
  /** Everything announced until now counts as seen. */
  seen(): void;
  /** Sleeps until more mail is there, `ms` have passed, the connection is lost, or the signal. */
  waitForMail(ms: number, signal: AbortSignal): Promise<Woken>;
};

/** @param isNear whether the server is on this machine */
export function watchForMail(client: ImapFlow, isNear: () => Promise<boolean>): MailWatch {
  let announced = false;
  const sleepers = new Set<(how: Woken) => void>();
  const wake = (how: Woken): void => {
    for (const sleeper of sleepers) sleeper(how);
  };
  client.on('exists', ({ count, prevCount }) => {
    if (count <= prevCount) return;
    announced = true;
    wake('mail');
  });
  client.on('close', () => wake('closed'));

  /** Asks until the signal, or until the answers are slow: then the server, or what stands behind it, is elsewhere or busy. */
  const ask = async (signal: AbortSignal): Promise<void> => {
    for (let slow = 0; slow < slowAnswers; ) {
      await pause(askEvery, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      const asked = performance.now();
      await client.noop();
      slow = performance.now() - asked > slowAnswer ? slow + 1 : 0;
    }
  };
  const listen = async (signal: AbortSignal): Promise<void> => {
    if (await isNear()) await ask(signal);
    // ends with the next command
    if (!signal.aborted) await client.idle();
  };

  return {
    seen() {
      announced = false;
    },

    async waitForMail(ms, signal) {
      if (signal.aborted) return 'aborted';
      if (!client.usable) return 'closed';
      if (announced) return 'mail';
      const asleep = new AbortController();
      const woken = new Promise<Woken>((resolve) => {
        const onAbort = (): void => end('aborted');
        const timer = setTimeout(() => end('timeout'), ms);
        const end = (how: Woken): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', onAbort);
          sleepers.delete(end);
          asleep.abort();
          resolve(how);
        };
        signal.addEventListener('abort', onAbort);
        sleepers.add(end);
      });
      // a failure closes the connection, which wakes
      listen(asleep.signal).catch(() => client.close());
      return await woken;
    },
  };
}

/** True if the host's addresses are all this machine's own. One that cannot be looked up is elsewhere. */
export async function isOnThisMachine(host: string): Promise<boolean> {
  if (isLoopback(host)) return true;
  const own = new Set(
    Object.values(networkInterfaces()).flatMap((addresses) => addresses?.map(({ address }) => address) ?? []),
  );
  try {
    const found = await lookup(host, { all: true });
    return found.length > 0 && found.every(({ address }) => isLoopback(address) || own.has(address));
  } catch {
    return false;
  }
}
