/**
 * The From address of mails. A queue's mails are from its own address; if the server refuses it, from the next one it may
 * allow. A refusal is remembered for a week, so that a right granted meanwhile is discovered without intervention.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';

/** A login that mails go out by. */
export type SendingLogin = {
  /** addresses of the queues it serves, or null for all that no other login serves */
  queues: string[] | null;
  /** its user, where that is an address */
  user: string | null;
};

const rememberedDays = 7;

/**
 * The addresses a queue's mails may be from, the best first: what `queue add --from` says, else the queue's own; the
 * desk's; the login's.
 */
export async function candidates(
  db: Database,
  queue: string,
  login: SendingLogin,
  desk: string,
): Promise<string[]> {
  const row = await db
    .selectFrom('queue')
    .select('from_address')
    .where('address', '=', queue)
    .executeTakeFirst();
  const all = [row?.from_address ?? queue, ...(login.queues === null ? [desk] : []), login.user];
  return [...new Set(all.filter((address) => address !== null))];
}

/**
 * The From of a row of the table `outbox`: the first of its queue's `candidates` that the server has not refused recently, or the
 * first of all if it refused every one.
 */
export function senderOfRow(login: SendingLogin, desk: string): RawBuilder<string> {
  const others = [login.queues === null ? desk : null, login.user];
  return sql<string>`
    (select coalesce((array_agg(sender order by place) filter (where not refused))[1], (array_agg(sender order by place))[1])
       from (select sender, place,
                    exists (select from sender_refused
                             where sender_refused.queue = outbox.from_address and sender_refused.sender = candidate.sender
                               and refused_at > now() - make_interval(days => ${rememberedDays})) as refused
               from unnest(coalesce((select array[queue.from_address] from queue
                                      where queue.address = outbox.from_address and queue.from_address is not null),
                                    array[outbox.from_address]) || ${others}::text[])
                    with ordinality as candidate (sender, place)
              where sender is not null) as candidates)`;
}

async function refusedFor(db: Database, queue: string): Promise<string[]> {
  const rows = await db
    .selectFrom('sender_refused')
    .select('sender')
    .where('queue', '=', queue)
    .where('refused_at', '>', sql<Date>`now() - make_interval(days => ${rememberedDays})`)
    .execute();
  return rows.map(({ sender }) => sender);
}

/**
 * Notes that the server refused to send a queue's mail as this address.
 * @returns the address to use from now on, or null if it has refused them all, which is forgotten, so that the next try
 * begins with the first; and whether the refusal is news
 */
export async function noteRefused(
  tx: Database,
  queue: string,
  sender: string,
  addresses: string[],
): Promise<{ next: string | null; news: boolean }> {
  const before = await refusedFor(tx, queue);
  const refused = [...before, sender];
  const next = addresses.find((address) => !refused.includes(address)) ?? null;
  if (next === null) {
    await forgetRefused(tx, queue);
    return { next, news: true };
  }
  await tx
    .insertInto('sender_refused')
    .values({ queue, sender })
    .onConflict((conflict) =>
      conflict.columns(['queue', 'sender']).doUpdateSet({ refused_at: sql<Date>`now()` }),
    )
    .execute();
  return { next, news: !before.includes(sender) };
}

/** Forgets the refusals of a queue, so that every address is tried again. */
export async function forgetRefused(db: Database, queue: string): Promise<void> {
  await db.deleteFrom('sender_refused').where('queue', '=', queue).execute();
}

/** The From address of each registered queue's mails, by the queue's address: the configured one, else the last one used. */
export async function listSenders(db: Database): Promise<Map<string, string>> {
  const { rows } = await sql<{ address: string; sender: string | null }>`
    select address, coalesce(from_address,
             (select sent_as from outbox
               where outbox.from_address = queue.address and state = 'sent' and sent_as is not null
               order by outbox.id desc limit 1)) as sender
      from queue`.execute(db);
  return new Map(rows.map(({ address, sender }) => [address, sender ?? address]));
}
