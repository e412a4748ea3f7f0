import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { desk, openDesk, type PathDesk } from '../builders/desk.ts';

let path: PathDesk;
beforeAll(async () => {
  path = await openDesk();
});
afterAll(() => path.drop());

/** Letters of four bytes that no compression makes shorter. */
function letters(count: number): string {
  let state = 1;
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 0x7fffffff;
    return String.fromCodePoint(0x20000 + (state % 0xa000));
  }).join('');
}
const client = 'Anna Neri <anna@rossi.it>';

test.each([
  ['a Message-ID', { id: `<${letters(900)}@h.test>` }],
  ['an In-Reply-To', { inReplyTo: `<${letters(900)}@h.test>` }],
  ['References', { headers: [`References: ${`<${letters(480)}@h.test> `.repeat(30)}`] }],
  ['a subject', { subject: letters(3_000) }],
  ['a name', { from: `${letters(3_000)} <anna@rossi.it>` }],
  ['a name in ASCII', { from: `${'a'.repeat(3_000)} <anna@rossi.it>` }],
  [
    'names of others',
    { cc: `${letters(3_000)} <b@x.test>`, headers: [`Sender: ${letters(3_000)} <c@x.test>`] },
  ],
  ['a local part of the queue’s', { to: `${letters(16)}@kybernes.it, ${desk}` }],
  [
    'an In-Reply-To beside a known sender',
    { inReplyTo: `<${letters(200)}@h.test>`, subject: `R: ${letters(900)}` },
  ],
])('%s of any length is taken, and what is answered has headers that servers take', async (_what, letter) => {
  const { disposition, reason, mails } = await path.send({ from: client, ...letter });
  expect(reason).not.toMatch(/error|could not be handled/u);
  expect(disposition).toMatch(/^(?:opened|follow_up)$/u);
  for (const { text } of mails) expect(text).not.toBe('');
});

test.each([
  ['a file name and its Content-ID', `image/png; name="${letters(300)}"`, `<${letters(490)}>`],
  ['a content type', `audio/${'x'.repeat(5_000)}`, `<${'y'.repeat(5_000)}>`],
])('%s of any length is taken', async (_what, type, id) => {
  const { disposition } = await path.send({
    from: client,
    raw: Buffer.from(
      [
        `From: ${client}`,
        `To: ${desk}`,
        `Subject: file ${type.length}`,
        `Message-ID: <${type.length}.file@h.test>`,
        'MIME-Version: 1.0',
        'Content-Type: multipart/mixed; boundary=QQ',
        '',
        '--QQ',
        'Content-Type: text/plain',
        '',
        'Ecco il file.',
        '--QQ',
        `Content-Type: ${type}`,
        `Content-ID: ${id}`,
        '',
        'x',
        '--QQ--',
        '',
      ].join('\r\n'),
    ),
  });
  expect(disposition).toBe('opened');
});

test('a mail from an address of more than 320 bytes is quarantined with the reason', async () => {
  const { reason, disposition } = await path.send({ from: `A <${letters(150)}@rossi.it>` });
  expect({ disposition, reason }).toEqual({
    disposition: 'quarantined',
    reason: 'From holds an address longer than 320 bytes',
  });
});

/** Columns whose text is ours, an administrator's or an address (320 bytes at most). */
const bounded = [
  /^(?:company|category|company_domain|queue|staff|staff_alias)\./u,
  /^(?:last_success|outage|outage_history|mailbox_reader|sender_refused)\.|\.mailbox$/u,
  /\.(?:email|from_email|requester_email|recipient|sha256|state|disposition|type|template|fold_key)$/u,
  /^(?:outbox\.message_id|ticket\.root_message_id|ticket_event\.actor)$/u,
];

test('an index that holds text whole holds only text whose length is bounded: a B-tree refuses the rest', async () => {
  const { rows } = await sql<{ what: string }>`
    select distinct relation.relname || '.' || attribute.attname as what
      from pg_index
      join pg_class relation on relation.oid = indrelid
      join pg_class index on index.oid = indexrelid
      join pg_am on pg_am.oid = index.relam
      join pg_attribute attribute on attribute.attrelid = relation.oid and attribute.attnum = any(indkey)
     where relation.relnamespace = 'public'::regnamespace and amname = 'btree'
       and attribute.atttypid = 'text'::regtype and relation.relname not like 'kysely%'`.execute(path.db);
  expect(rows.map(({ what }) => what).filter((what) => !bounded.some((one) => one.test(what)))).toEqual([]);
});
