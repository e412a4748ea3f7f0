import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { TemplateName } from '../core/ticket/template-views.ts';
import type { DemoDesk } from './desk-server.ts';
import {
  type Draft,
  type ShownMail,
  newMail,
  openMail,
  photo,
  pressButton,
  readInbox,
  replyTo,
  sendMail,
} from './mail-program.ts';
import { desk as deskQueue, type Name, people } from './people.ts';
import { mailboxOwner } from './show.ts';
import { internalWords, type Step } from './story.ts';

/** A mail that somebody received. */
type ReceivedMail = { to: Name; template: TemplateName; mail: ShownMail };
/** Result of a step. */
export type Played = { step: Step; disposition: string; arrivals: ReceivedMail[]; problems: string[] };

/** Longest wait for what must come, in milliseconds. */
const patience = 60_000;

/**
 * Plays steps at a running desk, as people with mail programs would, and compares who receives what with the table.
 * @param tell called for each step once everything it causes has arrived
 */
export async function play(
  desk: DemoDesk,
  steps: readonly Step[],
  tell: (played: Played) => void,
  signal: AbortSignal,
): Promise<Played[]> {
  const arrived: { to: Name; raw: Buffer }[] = [];
  const stop = desk.server.onDelivered(({ mailbox, raw }) => {
    const to = mailboxOwner(mailbox);
    if (to !== null) arrived.push({ to, raw });
  });
  const played: Played[] = [];
  try {
    for (const step of steps) {
      const before = arrived.length;
      const { messageId } = await sendMail(desk.server, people[step.who], await write(desk, step, played));
      const disposition = await settled(desk, messageId, signal);
      if (step.undoTime === 'over') await endUndoTime(desk);
      await until(() => allSent(desk, step), signal);
      await until(async () => arrived.length - before >= (await sentSince(desk, played)), signal);
      const arrivals = await Promise.all(arrived.slice(before).map((one) => known(desk, one)));
      const done = { step, disposition, arrivals, problems: problemsOf(step, disposition, arrivals) };
      played.push(done);
      tell(done);
    }
  } finally {
    stop();
  }
  return played;
}

async function write(desk: DemoDesk, step: Step, played: readonly Played[]): Promise<Draft> {
  const { writing } = step;
  if (writing.kind === 'new') return newMail(deskQueue.address, writing.subject, writing.text);
  const wanted = played
    .flatMap(({ arrivals }) => arrivals)
    .findLast(({ to, template }) => to === step.who && step.answers?.includes(template) === true);
  const inbox = await readInbox(desk.server, people[step.who]);
  const answered = inbox.find(({ messageId }) => messageId === wanted?.mail.messageId);
  if (answered === undefined)
    throw new Error(`${people[step.who].name} has no mail to answer for "${step.title}"`);
  if (writing.kind === 'button') return pressButton(answered, writing.word, writing.text);
  const reply = replyTo(answered, writing.text, { locale: 'it', timeZone: 'Europe/Rome' });
  return writing.photo ? { ...reply, files: [photo] } : reply;
}

async function settled(desk: DemoDesk, messageId: string, signal: AbortSignal): Promise<string> {
  let disposition = 'pending';
  await until(async () => {
    const row = await desk.db
      .selectFrom('message')
      .select('disposition')
      .where('message_id', '=', messageId)
      .executeTakeFirst();
    const unsettled = await desk.db
      .selectFrom('message')
      .select('id')
      .where((eb) => eb.or([eb('disposition', '=', 'pending'), eb('filed_at', 'is', null)]))
      .executeTakeFirst();
    disposition = row?.disposition ?? 'pending';
    return disposition !== 'pending' && unsettled === undefined;
  }, signal);
  return disposition;
}

/** Nothing waits any more, but for a client's mail whose undo time still runs. */
async function allSent(desk: DemoDesk, { undoTime }: Step): Promise<boolean> {
  const waiting = desk.db
    .selectFrom('outbox')
    .select('id')
    .where('state', 'not in', ['sent', 'cancelled'])
    .$if(undoTime === 'runs', (query) => query.where('template', '!=', 'closed-client'));
  return (await waiting.executeTakeFirst()) === undefined;
}

/** The undo time of every mail is over: nobody waits for it in a demo. */
async function endUndoTime({ db }: DemoDesk): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ next_attempt_at: sql<Date>`now()` })
    .where('state', '=', 'queued')
    .execute();
  await sql`notify kticket, 'outbox'`.execute(db);
}

async function sentSince(desk: DemoDesk, played: readonly Played[]): Promise<number> {
  const { count } = await desk.db
    .selectFrom('outbox')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('state', '=', 'sent')
    .executeTakeFirstOrThrow();
  return count - played.reduce((sum, { arrivals }) => sum + arrivals.length, 0);
}

async function known(desk: DemoDesk, { to, raw }: { to: Name; raw: Buffer }): Promise<ReceivedMail> {
  const mail = await openMail(raw);
  const { template } = await desk.db
    .selectFrom('outbox')
    .select('template')
    .where('message_id', '=', mail.messageId)
    .executeTakeFirstOrThrow();
  return { to, template, mail };
}

/** Differences from the manual's table, in words. */
function problemsOf(step: Step, disposition: string, arrivals: readonly ReceivedMail[]): string[] {
  const expected = step.told.toSorted();
  const actual = arrivals.map(({ template, to }) => `${template} > ${to}`).toSorted();
  const leaked = arrivals
    .filter(({ to }) => people[to].role === null)
    .flatMap(({ mail }) => internalWords.filter((words) => `${mail.text}\n${mail.html}`.includes(words)));
  return [
    ...(disposition === step.disposition ? [] : [`became ${disposition}, not ${step.disposition}`]),
    ...expected
      .filter((one, i) => expected.indexOf(one) === i && !actual.includes(one))
      .map((one) => `missing: ${one}`),
    ...actual
      .filter((one, i) => !expected.some((e) => e === one) || actual.indexOf(one) !== i)
      .map((one) => `too much: ${one}`),
    ...leaked.map((words) => `internal words reached the client: ${words}`),
  ];
}

async function until(holds: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  const end = performance.now() + patience;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`nothing came of it within ${patience / 1000} s`);
    await pause(30, undefined, { signal });
  }
}
