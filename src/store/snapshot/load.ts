import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { emailDomain, normaliseEmail, plusDetail } from '../../core/address/address.ts';
import { newWordsOf } from '../../core/classify/new-words.ts';
import type { Message } from '../../core/message/message.ts';
import { companyOf, type Snapshot, type Standing } from '../../core/case/snapshot.ts';
import type { Reply } from '../../core/message/reply.ts';
import { readTags } from '../../core/message/thread.ts';
import { readTypedNumbers } from '../../core/message/typed-numbers.ts';
import type { Staff, Ticket } from '../../core/ticket/ticket.ts';
import { bouncedBy } from './bounced.ts';
import { askedTogether } from '../db/asked-together.ts';
import type { Database } from '../db/database.ts';
import type { Claimed } from '../mails/inbox.ts';
import { closingMails, lastCommands } from './last-commands.ts';
import { type Concerned, echoOf, recentCounts, waitingFolds } from './recent-counts.ts';
import { sentTextsOf, tokensQuoted, toCompareWith } from './client-texts.ts';
import { ticketsWithoutClient } from '../mails/why-not-sent.ts';
import { companiesUnderContract, isAboutStranger, listedBy, subjectMessageOf } from './held.ts';
import type { MessageRow } from '../db/schema.ts';
import { clientOf, type Known, knownOf, staffMember, standingOf } from './who-is-who.ts';
import {
  lastTicketOf,
  lastTicketsOf,
  openTickets,
  ticketsById,
  ticketsByNumber,
  ticketsMergedInto,
} from './tickets.ts';
import { quotedFiles } from './files.ts';
import { lookUpTokens, ofToken, tokensIn } from './tokens.ts';
import type { Config } from '../../config/settings.ts';
import type { Directory } from './directory.ts';

/** What is known of the missing sender of a mail without one. */
const nobodyKnown: Known = {
  standing: { kind: 'stranger', lookalike: null },
  formerStaff: false,
  block: null,
};

/**
 * Everything outside the message that its decision reads, as it stands in this transaction: first what the message
 * names, then what that leads to. What only some mails need is only asked for those.
 */
export async function loadSnapshot(
  db: Database,
  { claimed, message }: { claimed: Claimed; message: Message },
  { policy, staff }: Directory,
  addressing: Config['replyAddressing'],
): Promise<Snapshot> {
  const from = message.from.ok ? message.from.address.email : null;
  const addresses = new Set(policy.queues.map(({ address }) => address));
  const [own, { rows: tokens, unknown }, byTag, byReference, byNumber, addressedCompanies, earlier, bounced] =
    await Promise.all([
      startOf(db, { id: claimed.id, own: message.messageId }),
      lookUpTokens(db, tokensIn(message, addressing), addresses),
      ticketsByNumber(db, readTags(message.subject)),
      ticketsByReference(db, message),
      ticketsByNumber(db, readTypedNumbers(message.subject, message.reply.text)),
      companiesAddressed(db, message, addresses),
      earlierOf(db, { id: claimed.id, identity: message.identity }),
      bouncedBy(db, message),
    ]);

  const presented = tokens.map((row) => ofToken(row, staff));
  const sender = staffMember(staff, from);
  const confirmedBy = staff.find((s) => s.id === own.confirmed_by) ?? null;
  // whose words they are if they are confirmed
  const writer = confirmedBy ?? sender ?? presented[0]?.token.owner ?? null;
  const [known, byToken, subjectMessage, listed, lastTicket, knownTokens] = await Promise.all([
    from === null ? nobodyKnown : knownOf(db, from, staff),
    ticketsById(
      db,
      presented.flatMap((p) => p.ticketId ?? []),
    ),
    subjectMessageOf(db, presented, staff),
    listedBy(db, presented, staff),
    from === null || sender !== null ? null : lastTicketOf(db, from),
    tokensQuoted(db, message),
  ]);

  const { standing } = known;
  const commands = message.orders.own.kind === 'commands' ? message.orders.own.commands : [];
  const ordered = new Map(commands.map((command) => [command.name, command.argument]));
  const concerned = [...byToken, ...byTag, ...byReference];
  const spokenFor = await onBehalfOf(db, message, {
    standing,
    staff,
    openFor: ordered.get('open_for') ?? null,
  });
  const company = [standing, spokenFor?.standing].find((one) => one?.kind === 'client')?.company;
  const into = [...concerned, ...byNumber, lastTicket, bounced?.ticket].flatMap((t) => t?.mergedInto ?? []);
  const survivors = await ticketsByNumber(db, [...new Set(into)]);
  const family = [...concerned, ...survivors].map(({ number }) => number);
  const merged = await ticketsMergedInto(db, family);
  const target = ordered.get('merge') ?? null;
  const [mergeTarget = null] = target === null ? [] : await ticketsByNumber(db, [Number(target)]);
  const told: Concerned = {
    from,
    staffId: sender?.id ?? null,
    company: standing.kind === 'client' ? standing.company.id : null,
    readers: [
      from,
      spokenFor?.address.email,
      subjectMessage?.from.email,
      ...[...concerned, ...merged].map(({ requester }) => requester.email),
    ].filter((email) => email !== null && email !== undefined),
    tickets: [...concerned, ...survivors, mergeTarget, lastTicket, bounced?.ticket].filter(
      (t) => t !== null && t !== undefined,
    ),
  };
  const [recent, folds, echo, quoted, companyTickets] = await Promise.all([
    recentCounts(db, told),
    waitingFolds(db, told, staff),
    echoOf(db, claimed.id, from),
    quotedFiles(db, message, { standing, tickets: [...byToken, ...byReference] }),
    company === undefined ? [] : lastTicketsOf(db, company.id),
  ]);
  const goesOut = ordered.has('close') || ordered.has('open_for') || message.reply.forwarded !== null;
  const compared =
    writer !== null && goesOut
      ? await toCompareWith(db, message, [...concerned, ...merged], company?.id)
      : { internalKeys: new Set<number>(), named: [] };
  return {
    message: claimed.id,
    receivedAt: claimed.receivedAt,
    arrivedAt: claimed.envelopeRecipient?.toLowerCase() ?? null,
    ...known,
    staff,
    confirmedBy,
    announced: own.announced,
    accepted: own.accepted_at !== null,
    addressedCompanies,
    tokens: presented.map((p) => p.token),
    unknownTokens: unknown,
    tickets: { byToken, byTag, byReference, byNumber },
    quotedFiles: quoted,
    earlier,
    bounced,
    isOurs: own.isOurs,
    repliesGoTo: await repliesGoTo(db, message, staff),
    knownTokens,
    ...compared,
    newWords: isUnplain(message.reply)
      ? newWordsOf(message.reply, await sentTextsOf(db, message, concerned, writer?.id ?? null))
      : message.newWords,
    subjectMessage,
    listed,
    companies: isAboutStranger(standing, presented) ? await companiesUnderContract(db) : [],
    onBehalfOf: spokenFor,
    lastTicket: standing.kind === 'client' ? lastTicket : null,
    companyTickets,
    lastCommands:
      ordered.has('undo') && writer !== null ? await lastCommands(db, writer.email, concerned) : [],
    closingMails: await closingMails(db, [...concerned, ...survivors, ...merged]),
    withoutClient: ordered.has('close') ? await ticketsWithoutClient(db, [...concerned, ...merged]) : [],
    mergeTarget,
    merged,
    survivors,
    openTickets: ordered.has('list') ? await openTickets(db) : [],
    history: ordered.has('history') ? await historyOf(db, ordered.get('history') ?? null, concerned) : null,
    recent,
    echo,
    folds,
    nextTicketNumber: own.nextTicketNumber,
    newRootMessageId: `<ticket.${randomUUID()}@${emailDomain(policy.desk.address)}>`,
  };
}

/** Whether our own mails are needed to recognise its quotes. */
function isUnplain({ guessed, unmarked }: Reply): boolean {
  return guessed || unmarked !== '';
}

/** Where the decision starts from: earlier answers of people about the message, whether it is a mail of ours, the next number. */
const startOf = askedTogether(async (db, asked: readonly { id: number; own: string | null }[]) => {
  const { rows } = await sql<
    Pick<MessageRow, 'id' | 'confirmed_by' | 'accepted_at'> & {
      announced: string | null;
      isOurs: boolean;
      nextTicketNumber: number;
    }
  >`
    select message.id, message.confirmed_by, message.accepted_at, encode(token.asked_hash, 'hex') as announced,
           exists (select from outbox where outbox.message_id = asked.own) as "isOurs",
           next_ticket_number as "nextTicketNumber"
      from unnest(${asked.map(({ id }) => id)}::bigint[], ${asked.map(({ own }) => own)}::text[]) as asked (id, own)
           join message on message.id = asked.id
           cross join desk left join token on token.id = message.confirmed_with`.execute(db);
  return asked.map(({ id }) => {
    const row = rows.find((one) => one.id === id);
    if (row === undefined) throw new Error(`message ${id} is not there`);
    return row;
  });
});

// ── threads ──────────────────────────────────────────────────────────────────

/**
 * Tickets that a mail's references name: our mails, the root, the client's mails; nearest first. Its own Message-ID
 * names what its sender's earlier mail of that id became; another sender's is on its own (BAD-MAIL 51).
 */
async function ticketsByReference(db: Database, message: Message): Promise<Ticket[]> {
  const ids = [...new Set([...message.inReplyTo, ...message.references.toReversed()])];
  const own = message.messageId ?? '';
  const from = message.from.ok ? message.from.address.email : '';
  if (ids.length === 0 && own === '') return [];
  const rows = await ticketsNamed(db, { ids, own, from });
  return ticketsById(
    db,
    [...ids, own].flatMap((id) => rows.filter((row) => row.ref === id).map((row) => row.ticket)),
  );
}

type Named = { ref: string; ticket: number; sender: string | null };

const ticketsNamed = askedTogether(
  async (db, asked: readonly { ids: string[]; own: string; from: string }[]) => {
    const ids = [...new Set(asked.flatMap((one) => one.ids))];
    const own = asked.map((one) => one.own);
    const itsOwn = sql`
    select message_id as ref, ticket_id as ticket, from_email as sender from message
     where message_id = any(${own}::text[]) and ticket_id is not null`;
    const named = sql`
    select message_id as ref, ticket_id as ticket, null as sender
      from outbox where message_id = any(${ids}) and ticket_id is not null
    union all
    select root_message_id, id, null from ticket where root_message_id = any(${ids})
    union all
    select message_id, ticket_id, null from message where message_id = any(${ids}) and ticket_id is not null
    union all`;
    // new mails name none
    const { rows } = await sql<Named>`${ids.length === 0 ? sql`` : named} ${itsOwn}`.execute(db);
    return asked.map((one) =>
      rows.filter(({ ref, sender }) =>
        sender === null ? one.ids.includes(ref) : ref === one.own && sender === one.from,
      ),
    );
  },
);

/** Ids of the companies that own an address in To or Cc; the desk's own addresses belong to none, whichever company has their domain. */
async function companiesAddressed(
  db: Database,
  message: Message,
  ours: ReadonlySet<string>,
): Promise<number[]> {
  const emails = [...message.to, ...message.cc]
    .slice(0, 100)
    .map(({ email }) => email)
    .filter((email) => !ours.has(email) && !ours.has(plusDetail(email).base));
  if (emails.length === 0) return [];
  const domains = emails.map(emailDomain);
  const { rows } = await sql<{ company: number }>`
    select company_id as company from contact where email = any(${emails})
    union
    select company_id from company_domain where domain = any(${domains})`.execute(db);
  return rows.map((row) => row.company);
}

const earlierOf = askedTogether(
  async (db, asked: readonly { id: number; identity: string }[]): Promise<Snapshot['earlier'][]> => {
    const { rows } = await sql<Snapshot['earlier'][number] & { asked: number }>`
    select asked.id as asked, earlier.*
      from unnest(${asked.map(({ id }) => id)}::bigint[], ${asked.map(({ identity }) => identity)}::text[])
           as asked (id, identity)
           cross join lateral (
             select message.id, coalesce(from_email, '') as from, coalesce(content_hash, '') as "contentHash",
                    ticket.number as ticket, disposition
               from message left join ticket on ticket.id = message.ticket_id
              where message.identity = asked.identity and message.id <> asked.id
                and disposition not in ('pending', 'duplicate')
              order by message.id limit 20) as earlier
     order by earlier.id`.execute(db);
    return asked.map(({ id }) => rows.flatMap(({ asked: of, ...earlier }) => (of === id ? [earlier] : [])));
  },
);

/** The first addresses of Reply-To that are not the writer's, and whose clients they are. */
async function repliesGoTo(
  db: Database,
  message: Message,
  staff: readonly Staff[],
): Promise<Snapshot['repliesGoTo']> {
  const from = message.from.ok ? message.from.address.email : null;
  const others = message.replyTo.filter(({ email }) => email !== from).slice(0, 3);
  return Promise.all(
    others.map(async (address) => ({
      address,
      company: companyOf(await standingOf(db, address.email, staff))?.name ?? null,
    })),
  );
}

// ── what single commands need ────────────────────────────────────────────────

/** Whom a mail speaks for: the client of `apri per`, the writer of a forwarded original, the form's `E-mail:` line. */
async function onBehalfOf(
  db: Database,
  message: Message,
  { standing, staff, openFor }: { standing: Standing; staff: readonly Staff[]; openFor: string | null },
): Promise<Snapshot['onBehalfOf']> {
  const forwarded = message.reply.forwarded?.from ?? null;
  const isClient = standing.kind === 'client';
  const written = isClient ? message.opening.email : (openFor ?? forwarded?.email ?? null);
  const email = written === null ? null : normaliseEmail(written);
  if (email === null) return null;
  const contact = await db.selectFrom('contact').select('name').where('email', '=', email).executeTakeFirst();
  const named = !isClient && openFor === null ? (forwarded?.name ?? '') : '';
  const name = contact === undefined || contact.name === '' ? named : contact.name;
  const found = await standingOf(db, email, staff);
  // staff may make requests too, as members of the company of their address
  const own = openFor !== null && found.kind === 'staff' ? await clientOf(db, email) : null;
  return { address: { name, email }, standing: own ?? found };
}

async function historyOf(
  db: Database,
  argument: string | null,
  concerned: readonly Ticket[],
): Promise<Snapshot['history']> {
  const [ticket] = argument === null ? concerned : await ticketsByNumber(db, [Number(argument)]);
  if (ticket === undefined) return null;
  const rows = await db
    .selectFrom('ticket_event')
    .innerJoin('ticket', 'ticket.id', 'ticket_event.ticket_id')
    .leftJoin('staff', 'staff.id', 'ticket_event.staff_id')
    .select(['ticket_event.at', 'ticket_event.type', 'ticket_event.actor', 'ticket_event.text'])
    .select(['staff.id', 'staff.name', 'staff.email'])
    .leftJoin('ticket as survivor', 'survivor.id', 'ticket.merged_into')
    .where((eb) =>
      eb.or([eb('ticket.number', '=', ticket.number), eb('survivor.number', '=', ticket.number)]),
    )
    .orderBy('ticket_event.id')
    .execute();
  return {
    ticket,
    events: rows.map(({ at, type, actor, text, id, name, email }) => ({
      at,
      type,
      actor,
      text,
      staff: id === null || name === null || email === null ? null : { id, name, email },
    })),
  };
}
