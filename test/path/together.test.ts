import { array, assert, asyncProperty, constantFrom, record } from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { addCompany } from '../../src/store/directory/companies.ts';
import type { OpenDatabase } from '../../src/store/db/database.ts';
import { type TakenIn, openDesk } from '../builders/desk.ts';
import { isLong } from '../harness/runs.ts';

/** What a letter says, but for its id. `{n}`: a number of a ticket that an earlier one may have opened. */
const words: (TakenIn & { subject: string })[] = [
  { from: 'Anna <anna@rossi.it>', subject: 'La stampante non stampa' },
  { from: 'Anna <anna@rossi.it>', subject: 'Re: [#{n}] x', text: 'Adesso fischia anche.' },
  { from: 'Bruno <bruno@bianchi.it>', subject: 'Fermo', text: 'Non parte più niente da stamattina.' },
  {
    from: 'Zoe <zoe@altrove.example>',
    subject: 'Ciao',
    text: 'Vorrei un preventivo per il vostro servizio.',
  },
  { from: 'Luigi <luigi@kybernes.it>', subject: 'Re: [#{n}] x', text: 'in carico' },
  { from: 'Luigi <luigi.verdi@libero.it>', subject: 'Re: [#{n}] x', text: 'nota: il toner è finito' },
  { from: 'Marco <marco@kybernes.it>', subject: 'Re: [#{n}] x', text: 'chiudere: sostituito il toner' },
  { from: 'Marco <marco@kybernes.it>', subject: 'Re: [#{n}] x', text: 'annulla ultimo' },
  { from: 'Carla <carla@kybernes.it>', subject: 'Elenco', text: 'elenco' },
  { from: 'Carla <carla@kybernes.it>', subject: 'Nuovo', text: 'apri per nuovo@rossi.it\n\nNon stampa.' },
  { from: 'Ugo <ugo@gmail.com>', subject: 'Guasto', text: 'Il computer non si accende.', dmarc: 'fail' },
  // of other companies than their neighbours, and yet of what these write
  { from: 'Dora <dora@bianchi.it>', subject: 'Rete lenta', text: 'La rete va a singhiozzo.' },
  {
    from: 'Eva <eva@verdi.it>',
    subject: 'Re: Fermo',
    text: 'Vale anche per noi.',
    inReplyTo: '<1.2@bianchi.it>',
  },
  { from: 'Eva <eva@verdi.it>', subject: 'Ticket {n}', text: 'Novità?' },
  { from: 'Eva <eva+casa@verdi.it>', subject: 'Schermo', text: 'Lo schermo resta nero.' },
  { from: 'Ivo <ivo@neri.it>', subject: 'Schermo', text: 'Lo schermo resta nero.' },
  // our own code fails over it
  { from: 'Anna <anna@rossi.it>', subject: 'INCIAMPA', text: 'Non si apre il gestionale.' },
];

const letters = array(
  record({
    what: constantFrom(...words),
    ticket: constantFrom(1001, 1002, 1003),
    id: constantFrom(1, 2, 3, 4, 5),
  }),
  { minLength: 2, maxLength: 14 },
);

/** All that the decisions left, but for what is drawn anew for each desk. */
async function left(db: OpenDatabase): Promise<unknown> {
  const about = {
    messages: sql`select m.id, disposition, reason, attempts, failures, t.number, decisions, answerable, from_email
                    from message m left join ticket t on t.id = m.ticket_id order by m.id`,
    tickets: sql`select number, state, subject, description, requester_email, category, priority, opened_by, assignee_id
                   from ticket order by number`,
    events: sql`select t.number, type, actor, text, staff_id, message_id, position
                  from ticket_event e join ticket t on t.id = e.ticket_id order by e.id`,
    mails: sql`select cause_id, position, round, t.number, template, staff_id, recipient, o.state, fold_key,
                      jsonb_array_length(fold_items) as folded, (select count(*) from token where outbox_id = o.id) as tokens
                 from outbox o left join ticket t on t.id = o.ticket_id order by cause_id, round, position`,
    people: sql`select email, name, company_id from contact order by email`,
    next: sql`select next_ticket_number from desk`,
  };
  const found: Record<string, unknown> = {};
  for (const [name, query] of Object.entries(about)) found[name] = (await query.execute(db)).rows;
  return found;
}

/** A desk whose database refuses one subject, as a bug of ours would. */
async function openStumblingDesk() {
  const here = await openDesk();
  for (const name of ['verdi', 'neri'])
    await addCompany(here.db, { name, domains: [`${name}.it`], contracts: ['remote'] });
  await sql
    .raw(
      `create function stumble() returns trigger language plpgsql as $$ begin raise exception 'a bug'; end $$;
       create trigger stumble before insert on ticket for each row when (new.subject like '%INCIAMPA%')
         execute function stumble();
       -- however long all of it takes, what failed is not tried again
       create function leave() returns trigger language plpgsql as $$
         begin new.not_before := now() + interval '1 hour'; return new; end $$;
       create trigger leave before update on message for each row when (new.failures > old.failures)
         execute function leave();`,
    )
    .execute(here.db);
  return here;
}

test('mails decided together become what they become one by one, also where one of them fails', async () => {
  await assert(
    asyncProperty(letters, async (drawn) => {
      const mails: TakenIn[] = drawn.map(({ what, ticket, id }) => ({
        ...what,
        subject: what.subject.replace('{n}', `${ticket}`),
        id: `<${id}.${words.indexOf(what)}@${what.from.split('@')[1]}`,
      }));
      const [together, alone] = [await openStumblingDesk(), await openStumblingDesk()];
      try {
        await together.arrive(mails);
        for (const mail of mails) await alone.arrive([mail]);
        expect(await left(together.db)).toEqual(await left(alone.db));
      } finally {
        await together.drop();
        await alone.drop();
      }
    }),
    { numRuns: isLong ? 25 : 6 },
  );
}, 180_000);

test('mails that wait are decided several in one transaction', async () => {
  const here = await openDesk();
  const ids = await here.arrive(
    [1, 2, 3, 4].map((i) => ({
      from: 'Anna <anna@rossi.it>',
      id: `<${i}@rossi.it>`,
      text: `Non stampa: ${i}.`,
    })),
  );
  const { rows } = await sql<{ transactions: number }>`
    select count(distinct xmin::text)::integer as transactions from message where id = any(${ids}::bigint[])`.execute(
    here.db,
  );
  // on a starved machine two may take too long together
  expect(rows[0]?.transactions).toBeLessThan(ids.length);
});
