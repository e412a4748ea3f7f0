import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultLimits } from '../../src/mail/limits.ts';
import { takeIn } from '../../src/store/inbox.ts';
import { clientMail } from './bytes.ts';
import { openDesk, type PathDesk } from './desk.ts';

let here: PathDesk;
beforeAll(async () => {
  // room for a text that takes far longer than the time there is
  const limits = { ...defaultLimits, textBytes: 1_000_000_000, textLength: 1_000_000_000 };
  here = await openDesk({ reading: { limits, seconds: 2, megabytes: 4_000 } });
});
afterAll(() => here.drop());

async function arrive(mails: Buffer[]): Promise<number[]> {
  return takeIn(
    here.db,
    mails.map((raw) => ({
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
}

test('a mail that takes too long to read is quarantined for it after its tries, and holds up nobody', {
  timeout: 180_000,
}, async () => {
  const endless = clientMail({ body: 'La stampante non stampa.\n'.repeat(1_000_000) });
  const ids = await arrive([clientMail(), endless, clientMail(), clientMail()]);
  const dispositions = async (): Promise<string[]> =>
    (await Promise.all(ids.map((id) => here.outcomeOf(id)))).map(({ disposition }) => disposition);

  while ((await dispositions())[1] === 'pending') {
    await here.receive();
    expect((await dispositions()).toSpliced(1, 1)).toEqual(['opened', 'opened', 'opened']);
    // nobody waits here for the time of the next try
    await here.db
      .updateTable('message')
      .set({ not_before: null })
      .where('disposition', '=', 'pending')
      .execute();
  }
  expect(await here.outcomeOf(ids[1] ?? 0)).toMatchObject({
    disposition: 'quarantined',
    reason: expect.stringContaining('reading it took longer than 2 s (MAX_READ_SECONDS)'),
    ticket: null,
  });
  const { attempts } = await here.db
    .selectFrom('message')
    .select('attempts')
    .where('id', '=', ids[1] ?? 0)
    .executeTakeFirstOrThrow();
  expect(attempts).toBe(3);
});
