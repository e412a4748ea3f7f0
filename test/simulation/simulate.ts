/**
 * One schedule: a few mails, one to three workers, and whatever goes wrong; then everything must have become what it would
 * have become without. The workers' code, the decisions and PostgreSQL are the real ones; time, mailbox, mail server and
 * the order of everything are the seed's.
 */
import pino from 'pino';
import { Client, Pool } from 'pg';
import { deliverDue } from '../../src/desk/deliver.ts';
import { fetchOnce } from '../../src/desk/fetch.ts';
import { isOutage } from '../../src/desk/watch/outage.ts';
import { checkDkim } from '../../src/mail/dkim/dkim.ts';
import { parseMessage } from '../../src/mail/parse/parse.ts';
import type { Sandbox } from '../../src/mail/sandbox/sandbox.ts';
import { receiver } from '../../src/desk/receive.ts';
import { connectDatabase, presenceName } from '../../src/store/db/database.ts';
import type { Templates } from '../../src/templates/render.ts';
import { noKeys } from '../harness/keys.ts';
import { randomFrom, type Random } from './random.ts';
import { Scheduler } from './scheduler.ts';
import { createSlot, type Slot, type SimulatedWorker } from './worker.ts';
import { createWorld, headerOf, type World } from './world.ts';
import type { Config } from '../../src/config/settings.ts';
import { addCompany } from '../../src/store/directory/companies.ts';
import { addStaff } from '../../src/store/directory/staff.ts';

export type Simulator = {
  /** Runs the schedule of this seed. Throws an error that names what is wrong and what happened before. */
  run(seed: number): Promise<{ steps: number; faults: number }>;
  close(): Promise<void>;
};

const desk = 'assistenza@kybernes.example';
const authserv = 'mx.kybernes.example';
const staff = ['luigi', 'marco'].map((name) => `${name}@kybernes.example`);
/** Seconds by which the clock may jump when nobody has anything to do. */
const jumps = [1, 5, 25, 60, 600] as const;
const mostJumps = 200;

/** Reading in our own process: answers of another would come when they like. */
const reader: Sandbox = {
  read: async (raw, outside) => ({ ok: true, message: await parseMessage(raw, outside) }),
  readSoon: (raw, outside) => reader.read(raw, outside),
  checkDkim,
  async close() {},
};

/** Expected outcome of a mail: one event of this type on one ticket, and one disposition. */
type Expected = { id: string; disposition: string; event: string };

export async function openSimulator(url: string, config: Config, templates: Templates): Promise<Simulator> {
  await prepare(url);
  const control = new Pool({ connectionString: url, max: 4 });
  let scheduler = new Scheduler(randomFrom(0), { mostFaults: 0, faultEvery: 1 });
  const watch = async (backend: number): Promise<boolean> => {
    const { rows } = await control.query<{ waits: boolean }>(
      `select exists (select from pg_locks where pid = $1 and not granted) as waits`,
      [backend],
    );
    return rows[0]?.waits === true;
  };
  const presence = async (worker: string, lives: boolean): Promise<void> => {
    await control.query(
      lives
        ? 'insert into sim.pg_stat_activity values ($1)'
        : 'delete from sim.pg_stat_activity where application_name = $1',
      [presenceName(worker)],
    );
  };
  const slots: Slot[] = [1, 2, 3].map(() => createSlot(url, () => scheduler, { watch, presence }));

  return {
    async run(seed) {
      const random = randomFrom(seed);
      const shape = shapeOf(random);
      scheduler = new Scheduler(random, shape);
      const script = createScript(random, seed, shape);
      await introduce(control, seed, shape);
      const bugs: unknown[] = [];
      const start = (slot: Slot, name: string): SimulatedWorker => {
        const worker = slot.start(name);
        const { db } = worker;
        const log = pino({ level: 'silent' });
        const never = new AbortController().signal;
        const pause = (): Promise<void> => scheduler.rest(worker, 'turn');
        const { receive, onFailed } = receiver({ config, db, templates, log, reader, keys: noKeys, pause });
        const mailbox = script.world.mailboxFor(worker, scheduler);
        const smtp = script.world.smtpFor(worker, scheduler);
        const loop = async (what: string, pass: () => Promise<unknown>): Promise<void> => {
          for (;;) {
            try {
              await pass();
            } catch (error) {
              if (!isOutage(error)) bugs.push(error);
            }
            await scheduler.rest(worker, what);
          }
        };
        void loop('read', () => fetchOnce(db, mailbox, never));
        void loop('decide', () => receive(never));
        const route = { smtp, queues: null, user: null };
        const sending = { db, route, others: [], desk, locale: 'it' as const, log, onFailed, signal: never };
        void loop('send', () => deliverDue(sending));
        return worker;
      };
      const used = slots.slice(0, shape.workers);
      let workers = used.map((slot, i) => start(slot, `w${i}`));
      let steps = 0;
      let born = shape.workers;
      for (let jump = 0; ; jump += 1) {
        steps += await scheduler.untilAllRest();
        if (bugs.length > 0) throw failure(seed, scheduler, String(bugs[0]));
        workers = workers.map((worker, i) => {
          const slot = used[i];
          if (!worker.dead || slot === undefined) return worker;
          born += 1;
          return start(slot, `w${born}`);
        });
        await control.query({
          name: 'jump',
          text: `select setval('sim.skew', pg_sequence_last_value('sim.skew') + $1)`,
          values: [random.pick(jumps)],
        });
        const { done, due } = await work(control, script);
        if (done) break;
        if (jump > mostJumps) throw failure(seed, scheduler, 'it never comes to rest');
        scheduler.wakeSome((loop) => due.has(loop));
      }
      for (const worker of workers) worker.kill();
      const wrong = await findWrong(control, script, scheduler.faults);
      if (wrong !== null) throw failure(seed, scheduler, wrong);
      return { steps, faults: scheduler.faults };
    },
    async close() {
      for (const slot of slots) await slot.end();
      await control.end();
    },
  };
}

/** The clock that the desk's queries see, the workers that live, and the staff. */
async function prepare(url: string): Promise<void> {
  const db = await connectDatabase({ databaseUrl: url, dataDirectory: '' });
  try {
    for (const email of staff) {
      await addStaff(db, { email, name: email.split('@')[0] ?? '', role: 'technician', aliases: null });
    }
    await addCompany(db, { name: 'Nobody', domains: [], contracts: [] });
  } finally {
    await db.close();
  }
  const control = new Client({ connectionString: url });
  await control.connect();
  await control.query(`
    create schema sim;
    create table sim.pg_stat_activity (application_name text);
    create function sim.sent_once() returns trigger language plpgsql as $$
      begin raise exception 'outbox % was recorded as sent, and is recorded again', old.id; end $$;
    create trigger sent_once before update of state on outbox for each row when (old.state = 'sent')
      execute function sim.sent_once();
    create sequence sim.skew;
    select setval('sim.skew', 1);
    create function sim.clock_timestamp() returns timestamptz language sql volatile as
      $$ select pg_catalog.clock_timestamp() + make_interval(secs => pg_sequence_last_value('sim.skew')) $$;
    create function sim.now() returns timestamptz language sql stable as
      $$ select pg_catalog.now() + make_interval(secs => pg_sequence_last_value('sim.skew')) $$;
  `);
  await control.end();
}

/** Works until nothing is left to do: true if everything is done; otherwise the resting loops that have something due now. */
async function work(control: Pool, { world }: Script): Promise<{ done: boolean; due: Set<string> }> {
  const { rows } = await control.query<Record<'decide' | 'send' | 'read' | 'later', boolean>>({
    name: 'work',
    text: `
      with pending as (select * from message where disposition = 'pending'),
           outgoing as (select * from outbox where state in ('queued', 'deferred'))
      select exists (select from pending where greatest(leased_until, not_before) <= sim.clock_timestamp()
                                            or greatest(leased_until, not_before) is null) as decide,
             exists (select from outgoing where next_attempt_at <= sim.clock_timestamp()) as send,
             exists (select from message where mailbox is not null and filed_at is null) as read,
             exists (select from pending) or exists (select from outgoing) as later`,
  });
  const [row] = rows;
  if (row === undefined) throw new Error('no row');
  const due = new Set<string>(row.later ? ['turn'] : []);
  if (world.inbox.size > 0 || row.read) due.add('read');
  if (row.decide) due.add('decide');
  if (row.send) due.add('send');
  return { done: due.size === 0, due };
}

/** Size of a schedule. */
type Shape = {
  /** clients who write, once each */
  clients: number;
  /** replies to what the desk sends */
  replies: number;
  staff: number;
  workers: number;
  /** one step in so many goes wrong, until there were `mostFaults` */
  faultEvery: number;
  mostFaults: number;
};

/** Most are as small as a schedule that goes wrong can be, since more of those are played in the same time; one in eight is not. */
function shapeOf(random: Random): Shape {
  const large = random.below(8) === 0;
  return {
    clients: large ? 1 + random.below(3) : 1,
    replies: large ? random.below(3) : Number(random.below(4) === 0),
    staff: large ? 2 : 1,
    workers: large ? 1 + random.below(3) : 1 + random.below(2),
    faultEvery: large ? 5 + random.below(60) : 4 + random.below(20),
    mostFaults: random.below(5),
  };
}

/** The schedule's company, and the staff at work. */
async function introduce(control: Pool, seed: number, shape: Shape): Promise<void> {
  await control.query({
    name: 'introduce',
    text: `
      with company as (insert into company (name, name_key) values ('C' || $1, 'c' || $1) returning id),
           domain as (insert into company_domain (domain, company_id) select 'c' || $1 || '.example', id from company)
      update staff set disabled_at = case when id > $2 then sim.now() end
       where (disabled_at is null) = (id > $2)`,
    values: [String(seed), shape.staff],
  });
}

type Script = { world: World; expected: Expected[]; clients: string[] };

/** Mails that arrive, and those that people send because of what they receive. */
function createScript(random: Random, seed: number, shape: Shape): Script {
  const expected: Expected[] = [];
  const clients: string[] = [];
  let serial = 0;
  let reactions = shape.replies;
  const send = (letter: {
    from: string;
    to: string;
    subject: string;
    text: string;
    reply?: string;
    expect: Omit<Expected, 'id'>;
  }): void => {
    serial += 1;
    const id = `<m${serial}.${seed}@${letter.from.split('@')[1]}>`;
    expected.push({ id, ...letter.expect });
    world.deliver(bytesOf({ ...letter, id }));
  };
  const answered = new Set<string>();
  const react = (bytes: Buffer): void => {
    const to = headerOf(bytes, 'To').replace(/.*<|>.*/g, '');
    const subject = headerOf(bytes, 'Subject');
    const number = /#(\d+)/.exec(subject)?.[1] ?? '';
    const reply = headerOf(bytes, 'Message-ID');
    if (reactions === 0 || answered.has(number) || random.below(2) === 0) return;
    const replyTo = headerOf(bytes, 'Reply-To').replace(/.*<|>.*/g, '');
    const again = { from: to, to: replyTo, subject: `Re: ${subject}`, reply };
    if (staff.includes(to)) {
      const closing = random.below(2) === 0;
      send({
        ...again,
        text: closing ? 'chiudere\n\nFatto.' : 'in lavorazione',
        expect: { disposition: 'command', event: closing ? 'closed' : 'taken' },
      });
    } else {
      send({
        ...again,
        text: 'Aggiungo che lampeggia.',
        expect: { disposition: 'follow_up', event: 'client_replied' },
      });
    }
    reactions -= 1;
    answered.add(number);
  };
  const world = createWorld(random, `desk@sim/${seed}`, react);
  for (let mails = shape.clients; mails > 0; mails -= 1) {
    const from = `anna${mails}@c${seed}.example`;
    clients.push(from);
    send({
      from,
      to: desk,
      subject: 'Stampante',
      text: 'Non stampa.',
      expect: { disposition: 'opened', event: 'opened' },
    });
  }
  return { world, expected, clients };
}

function bytesOf(letter: {
  from: string;
  to: string;
  subject: string;
  text: string;
  id: string;
  reply?: string;
}): Buffer {
  const domain = letter.from.split('@')[1] ?? '';
  return Buffer.from(
    [
      `Authentication-Results: ${authserv}; dmarc=pass header.from=${domain}`,
      `From: <${letter.from}>`,
      `To: <${letter.to}>`,
      `Subject: ${letter.subject}`,
      `Message-ID: ${letter.id}`,
      ...(letter.reply === undefined ? [] : [`In-Reply-To: ${letter.reply}`, `References: ${letter.reply}`]),
      'Date: Tue, 24 Nov 2026 10:00:00 +0100',
      'Content-Type: text/plain; charset=utf-8',
      '',
      letter.text,
      '',
    ].join('\r\n'),
  );
}

/** The first promise that does not hold; null: all do. */
async function findWrong(
  control: Pool,
  { world, expected, clients }: Script,
  faults: number,
): Promise<string | null> {
  if (world.filed.length !== expected.length) {
    return `${expected.length} mails arrived, ${world.filed.length} are in the folder`;
  }
  const { rows } = await control.query<{ id: string; disposition: string; reason: string; events: string[] }>(
    `select message_id as id, disposition, reason,
            array(select type from ticket_event where ticket_event.message_id = message.id order by position) as events
       from message where mailbox = $1 order by message.id`,
    [world.mailbox],
  );
  for (const { id, disposition, event } of expected) {
    const found = rows.filter((row) => row.id === id);
    const [row] = found;
    if (row === undefined || found.length > 1) return `${id} is recorded ${found.length} times`;
    if (row.disposition !== disposition)
      return `${id} became ${row.disposition} (${row.reason}), not ${disposition}`;
    const count = row.events.filter((one) => one === event).length;
    if (count !== 1) return `${id} acted ${count} times: ${row.events.join(', ')}`;
  }
  return findWrongMail(control, world, clients, faults);
}

async function findWrongMail(
  control: Pool,
  world: World,
  clients: string[],
  faults: number,
): Promise<string | null> {
  const { rows } = await control.query<{ id: string; to: string; state: string; template: string }>(
    `select outbox.message_id as id, recipient as to, outbox.state, template
       from outbox join message on message.id = outbox.cause_id where message.mailbox = $1`,
    [world.mailbox],
  );
  for (const row of rows) {
    if (row.state !== 'sent') return `${row.template} to ${row.to} is ${row.state}`;
    const sent = world.sent.filter((one) => one.messageId === row.id);
    if (sent.length === 0) return `${row.template} to ${row.to} is said to be sent, and was not`;
    if (new Set(sent.map((one) => one.bytes)).size > 1)
      return `${row.template} to ${row.to} left with different bytes`;
    if (sent.length > 1 + faults) return `${row.to} was sent ${sent.length} times after ${faults} faults`;
  }
  const known = new Set(rows.map((row) => row.id));
  const unknown = world.sent.find((one) => !known.has(one.messageId));
  if (unknown !== undefined) return `a mail to ${unknown.to} left that is not in the outbox`;
  for (const client of clients) {
    const confirmations = rows.filter((row) => row.to === client && row.template === 'opened-client').length;
    if (confirmations !== 1) return `${client} got ${confirmations} confirmations`;
  }
  return null;
}

function failure(seed: number, scheduler: Scheduler, what: string): Error {
  const trace = scheduler.trace.slice(-60).join('\n  ');
  return new Error(
    `seed ${seed}: ${what}\n  ${trace}\nplay it again: npm run test:simulation -- --seed ${seed} --schedules 1`,
  );
}
