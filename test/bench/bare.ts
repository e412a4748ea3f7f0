/**
 * The other side of the benchmark: the same parts without a desk. Mails are read from the same kind of mailbox in the
 * same ranges, parsed by mailparser, committed one by one as rows of about the same size in the same tables, and as many
 * mails of the same size leave by nodemailer over as many connections, each locked while it is sent and then marked.
 * Whatever can overlap does. Nothing is decided, nothing is looked up, and nothing survives but by luck: a range is
 * moved away without a thought for what a crash would lose.
 */
import { createHash, randomBytes, randomUUID, type BinaryLike } from 'node:crypto';
import { type FetchMessageObject, ImapFlow } from 'imapflow';
import { type Attachment, type ParsedMail, simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import { Client, Pool } from 'pg';
import { createBell } from '../../src/desk/watch/loop.ts';
import { staff } from './mails.ts';
import { measure, settings } from './side.ts';

const rangeLength = 50;
/** As many as the desk uses while its server is quick. */
const connections = 4;
/** Letters of the text and of the HTML of one outgoing mail: about what the desk's templates make of these mails. */
const textLength = 1_200;
const htmlLength = 10_500;

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
const senders = new Pool({ connectionString: config.databaseUrl, max: connections });
const smtp = createTransport({
  pool: true,
  host: config.smtp.host,
  port: config.smtp.port,
  secure: false,
  ignoreTLS: true,
  maxConnections: connections,
});
const sha256 = (bytes: BinaryLike): string => createHash('sha256').update(bytes).digest('hex');
const queued = createBell();
let allQueued = false;

await writer.connect();
await measure(async () => {
  await imap.connect();
  const sending = sendAll();
  await takeAll();
  allQueued = true;
  queued.ring();
  await sending;
  await imap.logout();
});
smtp.close();
await senders.end();
await writer.end();
process.disconnect();

/** Mail in: while one range is committed, the next one is fetched. */
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
    const parsed = messages.map(async (message) => ({
      message,
      mail: await simpleParser(message.source ?? ''),
    }));
    for (const one of parsed) {
      const { message, mail } = await one;
      await commit(message, mail);
      queued.ring();
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

/** Commits one mail in one transaction: the mail, its ticket with one event, its files, a mail for each reader, their tokens. */
async function commit(message: FetchMessageObject, mail: ParsedMail): Promise<void> {
  const source = message.source ?? Buffer.of();
  const from = mail.from?.value[0];
  const ticketId = `<ticket.${randomUUID()}@kybernes.example>`;
  await writer.query('begin');
  const { rows: messages } = await writer.query<{ id: string }>(
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
  const { rows: tickets } = await writer.query<{ id: string }>(
    `with given as (update desk set next_ticket_number = next_ticket_number + 1 returning next_ticket_number - 1 as number)
     insert into ticket (number, state, subject, description, company_id, requester_name, requester_email, category,
       queue_address, queue_name, opened_at, root_message_id, client_message_id, opened_by)
     select number, 'open', $1, $2, (select min(id) from company), $3, $4, 'Altro', 'assistenza@kybernes.example',
       'Assistenza', now(), $5, $6, $7 from given
     returning id`,
    [mail.subject, mail.text, from?.name, from?.address, ticketId, mail.messageId, id],
  );
  const ticket = tickets[0]?.id;
  await writer.query(
    `insert into ticket_event (ticket_id, at, type, actor, text, message_id) values ($1, now(), 'opened', $2, $3, $4)`,
    [ticket, from?.address, mail.text, id],
  );
  for (const file of mail.attachments) await commitFile(file, ticket, id);
  const { rows: outgoing } = await commitMails(mail, from?.address ?? '', ticket, id, ticketId);
  await writer.query(
    `insert into token (hash, purpose, ticket_id, staff_id, expires_at, outbox_id, address)
     select hash, 'ticket', $1, staff, now() + interval '90 days', outbox, 'assistenza@kybernes.example'
       from unnest($2::bytea[], $3::bigint[], $4::bigint[]) as t (hash, staff, outbox)`,
    [
      ticket,
      staff.map(() => createHash('sha256').update(randomBytes(16)).digest()),
      staff.map((_, i) => i + 1),
      outgoing.slice(1).map((row) => row.id),
    ],
  );
  await writer.query('commit');
}

async function commitFile(
  file: Attachment,
  ticket: string | undefined,
  message: string | undefined,
): Promise<void> {
  const hash = sha256(file.content);
  await writer.query('insert into blob (sha256, content) values ($1, $2) on conflict do nothing', [
    hash,
    file.content,
  ]);
  await writer.query(
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
): Promise<{ rows: { id: string }[] }> {
  const subject = `[#1001] ${mail.subject ?? ''}`;
  const text = filled(mail.text ?? '', textLength);
  const html = filled(mail.html || '', htmlLength);
  const mails = [client, ...staff.map(({ email }) => email)].map((to) => ({
    to,
    messageId: `<${randomUUID()}@kybernes.example>`,
  }));
  const bytes = await Promise.all(
    mails.map(({ to, messageId }) =>
      new MailComposer({
        messageId,
        from: { name: 'Assistenza', address: 'assistenza@kybernes.example' },
        to,
        replyTo: 'assistenza+abcdefghijklmnopqrstuvwxyz@kybernes.example',
        references: [root, mail.messageId ?? ''],
        subject,
        text,
        html,
        attachments:
          to === client
            ? []
            : mail.attachments.map(({ filename, content, contentType }) => ({
                filename: filename ?? false,
                content,
                contentType,
              })),
      })
        .compile()
        .build(),
    ),
  );
  return writer.query<{ id: string }>(
    `insert into outbox (cause_id, position, ticket_id, template, staff_id, recipient, from_name, from_address,
       message_id, reference_ids, subject, text, html, mime, next_attempt_at)
     select $1, ordinality, $2, case when staff is null then 'opened-client' else 'opened-staff' end, staff, recipient,
       'Assistenza', 'assistenza@kybernes.example', message_id, $3, $4, $5, $6, mime, now()
       from unnest($7::bigint[], $8::text[], $9::text[], $10::bytea[])
            with ordinality as t (staff, recipient, message_id, mime)
     returning id`,
    [
      message,
      ticket,
      [root, mail.messageId],
      subject,
      text,
      html,
      [null, ...staff.map((_, i) => i + 1)],
      mails.map(({ to }) => to),
      mails.map(({ messageId }) => messageId),
      bytes,
    ],
  );
}

function filled(text: string, length: number): string {
  return text.repeat(Math.ceil(length / Math.max(1, text.length))).slice(0, length);
}

/** Mail out, over all connections at once, until all that is ever queued has left. */
async function sendAll(): Promise<void> {
  for (;;) {
    const last = allQueued;
    await Promise.all(Array.from({ length: connections }, sendDue));
    if (last) return;
    await queued.wait(5_000, AbortSignal.timeout(5_000));
  }
}

/** Sends waiting mails one after the other, each row locked while it is sent. */
async function sendDue(): Promise<void> {
  const client = await senders.connect();
  for (;;) {
    await client.query('begin');
    const { rows } = await client.query<{ id: string; recipient: string; mime: Buffer }>(
      `select id, recipient, mime from outbox
        where state in ('queued', 'deferred') and next_attempt_at <= now()
        order by next_attempt_at, id limit 1 for update skip locked`,
    );
    const [row] = rows;
    if (row !== undefined) {
      await smtp.sendMail({ envelope: { from: config.desk.address, to: row.recipient }, raw: row.mime });
      await client.query(
        `update outbox set state = 'sent', sent_at = now(), attempts = attempts + 1,
           mime = case when octet_length(mime) <= 262144 then mime end where id = $1`,
        [row.id],
      );
    }
    await client.query('commit');
    if (row === undefined) break;
  }
  client.release();
}
