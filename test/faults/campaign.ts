/**
 * A desk at work under fire: two workers as processes of their own against Dovecot, PostgreSQL and an SMTP server, people
 * who write to it and answer it, and SIGKILL at the instants that the seed picks. Then everything must have become what it
 * would have become without.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import { sql } from 'kysely';
import { addCompany, addStaff } from '../../src/store/directory.ts';
import { scratchDatabase } from '../harness/database.ts';
import { startDovecot } from '../harness/dovecot.ts';
import { startSmtpServer } from '../harness/smtp-server.ts';
import { randomFrom } from '../simulation/random.ts';
import { headerOf } from '../simulation/world.ts';
import { type Point, points, type Service } from './points.ts';
import { createTraffic, deskAddress, technician, type Traffic } from './traffic.ts';
import { findWrong, type Received } from './verdict.ts';
import { type Direction, type Fate, startWire } from './wire.ts';
import { type Happening, openSlot, type Slot } from './worker.ts';

/** Milliseconds to wait for an instant that does not come before a worker is killed just so. */
const patience = 10_000;
/** Milliseconds without anything new after which the desk counts as stuck. */
const stuckAfter = 120_000;
/** Milliseconds between looks at the database. */
const look = 25;
/** Attempts that killed the worker, after which a message is let through: nobody kills over one message for ever. */
const mostAttempts = 2;

export type Campaign = {
  /** how often a worker was killed at each instant */
  kills: Record<string, number>;
  mails: number;
  sent: number;
  /** mails that arrived twice, since the worker died before it knew that they had arrived */
  repeats: number;
};

/** Runs a campaign. Throws an error that names what is wrong. */
export async function runCampaign(seed: number, kills: number): Promise<Campaign> {
  const random = randomFrom(seed);
  const [scratch, dovecot, smtp] = await Promise.all([scratchDatabase(), startDovecot(), startSmtpServer()]);
  const { db, url } = scratch;
  await addCompany(db, { name: 'Rossi S.r.l.', domains: ['rossi.example'], contracts: null });
  await addStaff(db, { email: technician, name: 'Luigi Verdi', role: 'technician', aliases: null });
  const box = new ImapFlow({
    host: '127.0.0.1',
    port: dovecot.imapPort,
    secure: false,
    auth: { user: deskAddress, pass: dovecot.password },
    logger: false,
  });
  await box.connect();

  const count: Record<string, number> = {};
  const killed = (): number => Object.values(count).reduce((sum, one) => sum + one, 0);
  const received: Received[] = [];
  const happenings: Happening[] = [];
  let failure: unknown = null;
  const traffic: Traffic = createTraffic(
    async (bytes) => {
      if ((await box.append('INBOX', Buffer.from(bytes))) === false) throw new Error('INBOX took no mail');
    },
    async (messageId) =>
      (
        await db
          .selectFrom('outbox')
          .select('template')
          .where('message_id', '=', messageId)
          .executeTakeFirstOrThrow()
      ).template,
  );
  smtp.replies.data = (bytes) => {
    const to = headerOf(bytes, 'To').replace(/^.*<|>$/gu, '');
    received.push({ messageId: headerOf(bytes, 'Message-ID'), bytes });
    // people answer in their own time
    traffic.answer(to, bytes).catch((error: unknown) => {
      failure ??= error;
    });
    return null;
  };

  let aim: Point | null = null;
  let shot: (() => void) | null = null;
  const strike = (slot: Slot, name: string): void => {
    aim = null;
    count[name] = (count[name] ?? 0) + 1;
    dead.add(slot);
    shot?.();
  };
  const dead = new Set<Slot>();
  const fateOf = (slot: Slot, service: Service, direction: Direction, text: string): Fate => {
    const point = aim;
    if (point === null || dead.has(slot)) return 'passes';
    if (point.service !== service || point.direction !== direction || !point.pattern.test(text))
      return 'passes';
    strike(slot, point.name);
    return point.fate;
  };
  /** Who reads the mailbox: one worker at a time. */
  let reader: Slot | null = null;
  const imap = await startWire(
    dovecot.imapPort,
    (direction, text) => (reader === null ? 'passes' : fateOf(reader, 'imap', direction, text)),
    () => reader?.kill(),
  );
  const server = new URL(url);
  const slots = await Promise.all(
    [1, 2].map(() =>
      openSlot(
        { postgres: Number(server.port), smtp: smtp.settings.port },
        (ports) => ({
          DATABASE_URL: url.replace(`:${server.port}/`, `:${ports.postgres}/`),
          MAILBOX_URL: `imap://${encodeURIComponent(deskAddress)}:${dovecot.password}@127.0.0.1:${imap.port}/INBOX`,
          SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
          DESK_ADDRESS: `Assistenza <${deskAddress}>`,
          TRUSTED_AUTHSERV_IDS: 'mx.desk.example',
          UNDO_MINUTES: '0',
          LOG_LEVEL: 'warn',
        }),
        fateOf,
        (happening) => happenings.push(happening),
      ),
    ),
  );
  const findReader = async (): Promise<boolean> => {
    const { rows } = await sql<{ worker: string }>`
      select worker from mailbox_reader where held_until > clock_timestamp()`.execute(db);
    reader = slots.find((slot) => !dead.has(slot) && slot.is(rows[0]?.worker ?? '')) ?? null;
    return reader !== null;
  };

  /** The dead are replaced. Their leases run out, which the database's clock would see to within 20 s. */
  const replace = async (): Promise<void> => {
    for (const slot of dead) {
      if (reader === slot) reader = null;
      await slot.ended();
      const ids = slot.claimedAs();
      slot.start();
      await sql`
        update message set leased_until = clock_timestamp()
         where leased_by = any(${ids}::uuid[]) and disposition = 'pending'`.execute(db);
      await sql`select pg_notify('kticket', 'message'), pg_notify('kticket', 'outbox')`.execute(db);
    }
    dead.clear();
  };
  /** Waits until this is so; anything that is decided or sent meanwhile shows that the desk is not stuck. */
  const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    let last = '';
    let since = performance.now();
    while (!(await isSo())) {
      if (failure !== null) throw failure;
      const now = await progress();
      if (now !== last) [last, since] = [now, performance.now()];
      if (performance.now() - since > stuckAfter) {
        throw new Error(`${what} never came: ${now}\n${slots.map((slot) => slot.said()).join('\n---\n')}`);
      }
      await pause(look);
    }
  };
  const progress = async (): Promise<string> => {
    const { rows } = await sql<{ text: string }>`
      select (select string_agg(disposition || ' ' || count, ', ') from (select disposition || coalesce(' (' || nullif(reason, '') || ')', '') as disposition, count(*) from message where disposition in ('pending', 'refused', 'quarantined', 'duplicate', 'confirm_asked') group by 1) m)
             || '; ' || (select coalesce(string_agg(state || ' ' || count, ', '), '') from (select state, count(*) from outbox group by 1) o)
             as text`.execute(db);
    return `${rows[0]?.text ?? ''}; ${received.length} received`;
  };
  const isSettled = async (): Promise<boolean> => {
    const written = traffic.expected.length;
    const { rows } = await sql<{ decided: number; open: number; sent: number }>`
      select (select count(*) from message where disposition <> 'pending' and filed_at is not null) as decided,
             (select count(*) from message where disposition = 'pending')
             + (select count(*) from outbox where state in ('queued', 'deferred')) as open,
             (select count(*) from outbox where state = 'sent') as sent`.execute(db);
    const [row] = rows;
    return (
      row !== undefined &&
      row.decided === written &&
      row.open === 0 &&
      written === traffic.expected.length &&
      traffic.answered() === row.sent
    );
  };
  const isFair = async (): Promise<boolean> => {
    const { rows } = await sql<{ tired: boolean }>`
      select exists (select from message where disposition = 'pending' and attempts >= ${mostAttempts}) as tired`.execute(
      db,
    );
    return rows[0]?.tired === false;
  };

  try {
    for (const slot of slots) slot.start();
    while (killed() < kills) {
      const point = random.below(4) === 0 ? null : (points[random.below(points.length)] ?? null);
      const [delay, both] = [random.below(300), random.below(8) === 0];
      await until('a message let through', isFair);
      if (point?.service === 'imap') await until('a reader of the mailbox', findReader);
      for (let mails = 1 + random.below(2); mails > 0; mails -= 1) await traffic.open();
      if (point !== null) {
        const struck = new Promise<boolean>((resolve) => {
          shot = () => resolve(true);
        });
        aim = point;
        const hit = await Promise.race([struck, pause(patience, false, { ref: false })]);
        aim = null;
        if (hit) {
          await replace();
          continue;
        }
      } else await pause(delay);
      for (const slot of both ? slots : [slots[random.below(slots.length)]]) {
        if (slot === undefined || dead.has(slot)) continue;
        slot.kill();
        strike(slot, both ? 'both at any instant' : 'at any instant');
      }
      await replace();
    }
    await until('rest', isSettled);
    const wrong = await findWrong(db, box, traffic.expected, received, happenings);
    if (wrong !== null) throw new Error(wrong);
    const distinct = new Set(received.map(({ messageId }) => messageId)).size;
    return {
      kills: count,
      mails: traffic.expected.length,
      sent: distinct,
      repeats: received.length - distinct,
    };
  } finally {
    aim = null;
    await Promise.all(slots.map((slot) => slot.close()));
    await box.logout();
    await Promise.all([imap.close(), smtp.close(), dovecot.stop()]);
    await scratch.drop();
  }
}
