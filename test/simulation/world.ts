/** The mail servers of the simulation: what waits in the mailbox, what was sent. They never die and forget nothing. */
import { MailboxError } from '../../src/mail/imap/mailbox-error.ts';
import type { Mailbox } from '../../src/mail/imap/mailbox.ts';
import type { SmtpAccepted, SmtpRefusal, Smtp } from '../../src/mail/smtp/smtp.ts';
import type { Random } from './random.ts';
import type { Killable, Scheduler } from './scheduler.ts';
import type { Arriving } from '../../src/mail/imap/fetched-message.ts';

/** A mail that the mail server took over from a worker, as often as that happened. */
type Sent = { to: string; messageId: string; bytes: string };

export type World = {
  readonly mailbox: string;
  inbox: Map<number, Buffer>;
  filed: Buffer[];
  sent: Sent[];
  /** A mail arrives. */
  deliver(bytes: Buffer): void;
  /** The mailbox as a worker sees it. */
  mailboxFor(worker: Killable, scheduler: Scheduler): Mailbox;
  smtpFor(worker: Killable, scheduler: Scheduler): Smtp;
};

const headers = (bytes: Buffer): string => bytes.toString('utf8').split('\r\n\r\n', 1)[0] ?? '';

/** The value of a header, unfolded; '' where there is none. */
export function headerOf(bytes: Buffer, name: string): string {
  const unfolded = headers(bytes).replace(/\r\n[ \t]+/g, ' ');
  const line = unfolded.split('\r\n').find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line === undefined ? '' : line.slice(name.length + 1).trim();
}

/** @param onSent told of every mail that is taken over, the first time */
export function createWorld(random: Random, mailbox: string, onSent: (bytes: Buffer) => void): World {
  let lastUid = 0;
  const world: World = {
    mailbox,
    inbox: new Map(),
    filed: [],
    sent: [],
    deliver(bytes) {
      lastUid += 1;
      world.inbox.set(lastUid, bytes);
    },
    mailboxFor: (worker, scheduler) => mailboxFor(world, random, worker, scheduler),
    smtpFor: (worker, scheduler) => ({
      name: 'simulated',
      send: ({ to }, given) =>
        scheduler.step<SmtpAccepted | SmtpRefusal>({
          worker,
          what: `smtp to ${to}`,
          leased: true,
          async act() {
            const bytes = Buffer.from(given);
            const messageId = headerOf(bytes, 'Message-ID');
            const known = world.sent.some((one) => one.messageId === messageId);
            world.sent.push({ to, messageId, bytes: bytes.toString('latin1') });
            if (!known) onSent(bytes);
            return { kind: 'accepted', response: '250 ok' } as const;
          },
          lost: () =>
            random.pick([
              { kind: 'temporary', code: null, text: 'the connection was lost' },
              {
                kind: 'unreachable',
                text: 'the server is away',
                outage: { kind: 'no_connection', trouble: null, said: 'the server is away' },
              },
            ] as const),
        }),
      close() {
        // nothing is open
      },
    }),
  };
  return world;
}

function mailboxFor(world: World, random: Random, worker: Killable, scheduler: Scheduler): Mailbox {
  const ask = <T>(what: string, act: () => T): Promise<T> =>
    scheduler.step({
      worker,
      what: `imap ${what}`,
      act: async () => act(),
      lost() {
        throw new MailboxError('unreachable', 'the connection was lost');
      },
    });
  return {
    name: world.mailbox,
    waiting: () => ask('search', () => ({ uidValidity: 1, uids: [...world.inbox.keys()] })),
    async *read(uidValidity, uids, signal) {
      for (let from = 0; from < uids.length && !signal.aborted; ) {
        // in the step: outside of one, two workers may go on at the same time and draw from chance in any order
        const range = await ask('fetch', () => uids.slice(from, from + 1 + random.below(3)));
        from += range.length;
        const arriving = range.flatMap((uid) => arrivingFrom(world, uidValidity, uid));
        if (arriving.length > 0) yield arriving;
      }
    },
    file: async (_, uids) =>
      uids.length === 0
        ? []
        : ask('move', () => {
            for (const uid of uids) {
              const bytes = world.inbox.get(uid);
              if (bytes !== undefined) world.filed.push(bytes);
              world.inbox.delete(uid);
            }
            return uids;
          }),
    waitForMail: async () => 'timeout',
    close: async () => {},
  };
}

function arrivingFrom(world: World, uidValidity: number, uid: number): Arriving[] {
  const raw = world.inbox.get(uid);
  if (raw === undefined) return [];
  return [
    {
      mailbox: world.mailbox,
      uidValidity,
      uid,
      receivedAt: new Date(),
      envelopeRecipient: null,
      envelopeSender: null,
      raw,
      size: raw.length,
      truncated: false,
    },
  ];
}
