import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claim, takeIn } from '../../src/store/mails/inbox.ts';
import { clientMail } from '../builders/bytes.ts';
import { openDesk, type PathDesk } from '../builders/desk.ts';

let here: PathDesk;
beforeAll(async () => {
  here = await openDesk();
});
afterAll(() => here.drop());

test('the only worker there is takes over what a dead one held, though it waits with later messages meanwhile', async () => {
  const ids = await takeIn(
    here.db,
    [clientMail(), clientMail()].map((raw) => ({
      mailbox: null,
      uidValidity: null,
      uid: null,
      receivedAt: new Date(),
      envelopeRecipient: null,
      envelopeSender: null,
      raw,
      size: raw.length,
      truncated: false,
    })),
  );
  expect(await claim(here.db, randomUUID(), 1, 2)).toHaveLength(1);
  await here.receive();
  const outcomes = await Promise.all(ids.map((id) => here.outcomeOf(id)));
  expect(outcomes.map(({ disposition, ticket }) => ({ disposition, ticket }))).toEqual([
    { disposition: 'opened', ticket: 1001 },
    { disposition: 'opened', ticket: 1002 },
  ]);
});
