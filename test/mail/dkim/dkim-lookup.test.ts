import { expect, test } from 'vitest';
import type { Resolver } from '../../../src/mail/dkim/dkim.ts';
import { keyResolver, systemDns } from '../../../src/mail/dkim/dkim-lookup.ts';

const minute = 60_000;

/** A resolver that counts what it is asked, and a clock that is set by hand. */
function counted(answer: Resolver) {
  const asked: string[] = [];
  const time = { now: 0 };
  const keys = keyResolver(
    (name, type) => {
      asked.push(name);
      return answer(name, type);
    },
    () => time.now,
  );
  return { asked, time, keys };
}

const failing =
  (code: string): Resolver =>
  async (name) => {
    throw Object.assign(new Error(`${code} ${name}`), { code });
  };

test('a key is looked up once for ten minutes, whatever the case of its name', async () => {
  const { asked, time, keys } = counted(async () => [['v=DKIM1; p=AAAA']]);
  const both = await Promise.all([
    keys('uno._domainkey.acme.it', 'TXT'),
    keys('UNO._domainkey.ACME.it', 'TXT'),
  ]);
  expect(both).toEqual([[['v=DKIM1; p=AAAA']], [['v=DKIM1; p=AAAA']]]);
  time.now = 10 * minute - 1;
  await keys('uno._domainkey.acme.it', 'TXT');
  expect(asked).toHaveLength(1);
  time.now = 10 * minute;
  await keys('uno._domainkey.acme.it', 'TXT');
  expect(asked).toHaveLength(2);
});

test.each(['ENOTFOUND', 'ENODATA'])('that there is no key (%s) is kept for a minute', async (code) => {
  const { asked, time, keys } = counted(failing(code));
  await expect(keys('a.it', 'TXT')).rejects.toMatchObject({ code });
  await expect(keys('a.it', 'TXT')).rejects.toMatchObject({ code });
  expect(asked).toHaveLength(1);
  time.now = minute;
  await expect(keys('a.it', 'TXT')).rejects.toMatchObject({ code });
  expect(asked).toHaveLength(2);
});

test.each(['ECONNREFUSED', 'ESERVFAIL', 'ETIMEOUT'])('a failure (%s) is not kept', async (code) => {
  const { asked, keys } = counted(failing(code));
  await expect(keys('a.it', 'TXT')).rejects.toMatchObject({ code });
  await expect(keys('a.it', 'TXT')).rejects.toMatchObject({ code });
  expect(asked).toHaveLength(2);
});

test('of many names the oldest are forgotten', async () => {
  const { asked, keys } = counted(async () => []);
  for (let n = 0; n <= 1_000; n += 1) await keys(`k${n}.it`, 'TXT');
  await keys('k1000.it', 'TXT');
  expect(asked).toHaveLength(1_001);
  await keys('k0.it', 'TXT');
  expect(asked).toHaveLength(1_002);
});

test('nothing but TXT is ever looked up', async () => {
  await expect(systemDns()('acme.it', 'MX')).rejects.toThrow('only TXT');
});
