/**
 * The other side of the benchmark: the same parts without a desk, as plain good code joins them. Mails are read by imapflow
 * from the same kind of mailbox in the same ranges, parsed by mailparser, and committed, each with the rows that the desk
 * writes for it, bodies once for the client and once for all staff, in one transaction. Then each outgoing mail is composed by nodemailer as it is sent over its pool, over as
 * many connections as the desk uses while its server is quick, and one statement marks those of one transaction as sent.
 * Whatever can overlap does, and all statements are prepared. Nothing is decided, nothing is looked up, and nothing survives
 * but by luck: a range is moved away without a thought for what a crash would lose, and no row is held while it is sent.
 */
import { createHash, randomBytes, randomUUID, type BinaryLike } from 'node:crypto';
import { type FetchMessageObject, ImapFlow } from 'imapflow';
import { type Attachment, type ParsedMail, simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import { Client, Pool, type QueryResultRow } from 'pg';
import { z } from 'zod';
import { staffOf, staffSizes } from './mails.ts';
import { measure, settings } from './side.ts';

const rangeLength = 50;
/** As many as the desk uses while its server is quick. */
const connections = 4;
/** Requests whose mails are being sent while the next ones are read. */
const mostUnderWay = 20;
/** Letters of the text and of the HTML of one outgoing mail: about what the desk's templates make of these mails. */
const textLength = 1_200;
const htmlLength = 10_500;

const staff = staffOf(z.literal(staffSizes).parse(Number(process.argv[2])));
const config = settings();
const [mailbox] = config.mailboxes;
if (mailbox === undefined || config.databaseUrl === null)
  throw new Error('MAILBOX_URL or DATABASE_URL is missing');
const imap = new ImapFlow({
  host: mailbox.host,
  port: mailbox.port,
  secure: false,
  auth: { user: mailbox.user, pass: mailbox.password ?? '' },
  logger: false,
});
const writer = new Client({ connectionString: config.databaseUrl });
const marker = new Pool({ connectionString: config.databaseUrl, max: 2 });
const smtp = createTransport({
  pool: true,
  host: config.smtp.host,
  port: config.smtp.port,
  secure: false,
  ignoreTLS: true,
  maxConnections: connections,
  maxMessages: Number.POSITIVE_INFINITY,
});
const sha256 = (bytes: BinaryLike): string => createHash('sha256').update(bytes).digest('hex');
const underWay = new Set<Promise<void>>();

await writer.connect();
await measure(async () => {
  await imap.connect();
  await takeAll();
  await Promise.all(underWay);
  await imap.logout();
});
smtp.close();
await Promise.all([writer.end(), marker.end()]);
process.disconnect();

/** Mail in: while one range is committed, the next one is fetched, and the mails of those before it leave. */
async function takeAll(): Promise<void> {
  await imap.mailboxOpen('INBOX');
  await imap.mailboxCreate('kTicket');
  const found = await imap.search({ all: true }, { uid: true });
  const uids = found === undefined || found === false ? [] : found;
  const ranges = Array.from({ length: Math.ceil(uids.length / rangeLength) }, (_, i) =>
    uids.slice(i * rangeLength, (i + 1) * rangeLength),
  );
  let next = fetchRange(ranges[0] ?? []);
  for (const [i, range] of ranges.entries()) {
    const messages = await next;
    next = fetchRange(ranges[i + 1] ?? []);
    for (const message of messages) {
      const mails = await commit(message, await simpleParser(message.source ?? ''));
      if (underWay.size >= mostUnderWay) await Promise.race(underWay);
      const sent = sendAll(mails).finally(() => underWay.delete(sent));
      underWay.add(sent);
    }
    await imap.messageMove(range.join(','), 'kTicket', { uid: true });
  }
}

function fetchRange(uids: number[]): Promise<FetchMessageObject[]> {
  if (uids.length === 0) return Promise.resolve([]);
  return imap.fetchAll(
    uids.join(','),
    { uid: true, size: true, internalDate: true, source: true },
    { uid: true },
  );
}

/** A prepared statement: the server plans it once. */
function write<R extends QueryResultRow>(name: string, text: string, values: unknown[]) {
  return writer.query<R>({ name, text, values });
}

/** What one reader is sent. */
type Outgoing = {
  id: string;
  to: string;
  messageId: string;
  references: string[];
  subject: string;
  text: string;
  html: string;
  files: Attachment[];
};

/** Composed and sent by nodemailer's pool, side by side, and marked once all of them are with the server. */
async function sendAll(mails: Outgoing[]): Promise<void> {
  await Promise.all(
    mails.map(({ to, messageId, references, subject, text, html, files }) =>
      smtp.sendMail({
        messageId,
        from: { name: 'Assistenza', address: 'assistenza@kybernes.example' },
        to,
        replyTo: `assistenza+${randomBytes(13).toString('hex')}@kybernes.example`,
        references,
        subject,
        text,
        html,
        attachments: files.map(({ filename, content, contentType }) => ({
          filename: filename ?? false,
          content,
          contentType,
        })),
      }),
    ),
  );
  await marker.query({
    name: 'sent',
    text: `update outbox set state = 'sent', sent_at = now(), attempts = attempts + 1 where id = any($1::bigint[])`,
    values: [mails.map(({ id }) => id)],
  });
}

/** Commits one mail in one transaction: the mail, its ticket with one event, its files, a mail for each reader, their tokens. */
async function commit(message: FetchMessageObject, mail: ParsedMail): Promise<Outgoing[]> {
  const source = message.source ?? Buffer.of();
  const from = mail.from?.value[0];
  const ticketId = `<ticket.${randomUUID()}@kybernes.example>`;
  await writer.query('begin');
  const { rows: messages } = await write<{ id: string }>(
    'message',
    `insert into message (mailbox, uid_validity, uid, received_at, raw, size, sha256, identity, content_hash, message_id,
       from_name, from_email, subject, kind, text, authenticity, disposition, reason, decided_at, decisions, filed_at)
     values ('bare', 1, $1, now(), $2, $3, $4, $5, $6, $5, $7, $8, $9, 'person', $10, 'pass', 'held', 'bare', now(), 1, now())
     returning id`,
    [
      message.uid,
      source,
      source.length,
      sha256(source),
      mail.messageId,
      sha256(mail.text ?? ''),
      from?.name,
      from?.address,
      mail.subject,
      mail.text,
    ],
  );
  const id = messages[0]?.id;
  const { rows: tickets } = await write<{ id: string }>(
    'ticket',
    `with given as (update desk set next_ticket_number = next_ticket_number + 1 returning next_ticket_number - 1 as number)
     insert into ticket (number, state, subject, description, company_id, requester_name, requester_email, category,
       queue_address, queue_name, opened_at, root_message_id, client_message_id, opened_by)
     select number, 'open', $1, $2, (select min(id) from company), $3, $4, 'Altro', 'assistenza@kybernes.example',
       'Assistenza', now(), $5, $6, $7 from given
     returning id`,
    [mail.subject, mail.text, from?.name, from?.address, ticketId, mail.messageId, id],
  );
  const ticket = tickets[0]?.id;
  await write(
    'event',
    `insert into ticket_event (ticket_id, at, type, actor, text, message_id) values ($1, now(), 'opened', $2, $3, $4)`,
    [ticket, from?.address, mail.text, id],
  );
  for (const file of mail.attachments) await commitFile(file, ticket, id);
  const outgoing = await commitMails(mail, from?.address ?? '', ticket, id, ticketId);
  await write(
    'token',
    `insert into token (hash, purpose, ticket_id, staff_id, expires_at, outbox_id, address)
     select hash, 'ticket', $1, staff, now() + interval '90 days', outbox, 'assistenza@kybernes.example'
       from unnest($2::bytea[], $3::bigint[], $4::bigint[]) as t (hash, staff, outbox)`,
    [
      ticket,
      staff.map(() => createHash('sha256').update(randomBytes(16)).digest()),
      staff.map((_, i) => i + 1),
      outgoing.slice(1).map(({ id: mailId }) => mailId),
    ],
  );
  await writer.query('commit');
  return outgoing;
}

async function commitFile(
  file: Attachment,
  ticket: string | undefined,
  message: string | undefined,
): Promise<void> {
  const hash = sha256(file.content);
  await write('blob', 'insert into blob (sha256, content) values ($1, $2) on conflict do nothing', [
    hash,
    file.content,
  ]);
  await write(
    'attachment',
    `insert into attachment (ticket_id, message_id, position, filename, content_type, size, sha256)
     values ($1, $2, 0, $3, $4, $5, $6)`,
    [ticket, message, file.filename, file.contentType, file.size, hash],
  );
}

async function commitMails(
  mail: ParsedMail,
  client: string,
  ticket: string | undefined,
  message: string | undefined,
  root: string,
): Promise<Outgoing[]> {
  const subject = `[#1001] ${mail.subject ?? ''}`;
  const text = filled(mail.text ?? '', textLength);
  const html = filled(mail.html || '', htmlLength);
  const references = [root, mail.messageId ?? ''];
  const readers = [client, ...staff.map(({ email }) => email)];
  const messageIds = readers.map(() => `<${randomUUID()}@kybernes.example>`);
  const { rows } = await write<{ id: string }>(
    'outbox',
    `with to_client as (insert into mail_body (encoded, gaps, subject) values ($5, '{}', $4) returning id),
          to_staff as (insert into mail_body (encoded, gaps, subject) values ($5, '{}', $4) returning id)
     insert into outbox (cause_id, position, ticket_id, template, staff_id, recipient, from_name, from_address,
       message_id, reference_ids, body_id, slots, next_attempt_at)
     select $1, ordinality, $2, case when staff is null then 'opened-client' else 'opened-staff' end, staff, recipient,
       'Assistenza', 'assistenza@kybernes.example', message_id, $3,
       case when staff is null then (select id from to_client) else (select id from to_staff) end, array[recipient], now()
       from unnest($6::bigint[], $7::text[], $8::text[]) with ordinality as t (staff, recipient, message_id)
     returning id`,
    [
      message,
      ticket,
      references,
      subject,
      Buffer.from(text + html),
      [null, ...staff.map((_, i) => i + 1)],
      readers,
      messageIds,
    ],
  );
  return readers.map((to, i) => ({
    id: rows[i]?.id ?? '',
    to,
    messageId: messageIds[i] ?? '',
    references,
    subject,
    text,
    html,
    files: to === client ? [] : mail.attachments,
  }));
}

function filled(text: string, length: number): string {
  return text.repeat(Math.ceil(length / Math.max(1, text.length))).slice(0, length);
}
