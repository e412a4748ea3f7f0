import { afterEach, expect, test, vi } from 'vitest';
import { checkDkim, type Resolver } from '../../src/mail/dkim.ts';
import { listKeys, lookUpKeys, resolverOf } from '../../src/mail/known-keys.ts';
import { serversAway, signingDomain } from '../harness/keys.ts';
import { mail } from './build.ts';

const { keys: resolver, record, sign: signed } = signingDomain('acme.it');

afterEach(() => {
  vi.useRealTimers();
});

test('a genuine signature passes, and names its domain', async () => {
  expect(await checkDkim(await signed(mail()), resolver)).toEqual({
    signatures: [{ result: 'pass', domain: 'acme.it', uncovered: null }],
  });
});

test('a mail handed over with bare LF is the same mail', async () => {
  const raw = Buffer.from((await signed(mail())).toString().replaceAll('\r\n', '\n'));
  expect((await checkDkim(raw, resolver)).signatures).toMatchObject([{ result: 'pass' }]);
});

test('a changed body or subject fails', async () => {
  const text = (await signed(mail())).toString();
  for (const changed of [
    text.replace('primo piano', 'terzo piano'),
    text.replace('Subject: La', 'Subject: Una'),
  ]) {
    expect((await checkDkim(Buffer.from(changed), resolver)).signatures).toMatchObject([{ result: 'fail' }]);
  }
});

test('37: a signature with l= passes but is marked as partial', async () => {
  const raw = Buffer.concat([await signed(mail(), { maxBodyLength: 10 }), Buffer.from('chiudere\r\n')]);
  expect((await checkDkim(raw, resolver)).signatures).toEqual([
    { result: 'pass', domain: 'acme.it', uncovered: 'the end of the body (l=)' },
  ]);
});

test.each(['Subject', 'Date', 'Message-ID'])(
  'a signature under which %s could be exchanged or added is marked as partial',
  async (name) => {
    const headerList = ['From', 'Subject', 'Date', 'Message-ID'].filter((one) => one !== name);
    expect((await checkDkim(await signed(mail(), { headerList }), resolver)).signatures).toMatchObject([
      { result: 'pass', uncovered: name },
    ]);
    const added = Buffer.concat([Buffer.from(`${name}: un altro\r\n`), await signed(mail())]);
    expect((await checkDkim(added, resolver)).signatures).toMatchObject([
      { result: 'pass', uncovered: name },
    ]);
  },
);

const testing: Resolver = async () => [[record.replace('k=rsa', 'k=rsa; t=y')]];

test('a key in testing vouches for nothing', async () => {
  expect(await checkDkim(await signed(mail()), testing)).toEqual({ signatures: [] });
});

test('a mail with more signatures than any mail needs is not verified, and nothing is looked up', async () => {
  let asked = 0;
  const counting: Resolver = (name, type) => {
    asked += 1;
    return resolver(name, type);
  };
  const genuine = await signed(mail());
  const raw = Buffer.concat([Buffer.from('DKIM-Signature: v=1; d=evil.it\r\n'.repeat(10)), genuine]);
  expect((await checkDkim(raw, counting)).signatures).toMatchObject([{ result: 'permerror' }]);
  expect(asked).toBe(0);
});

test('keys that were listed and looked up before give the same verdict as keys looked up in passing', async () => {
  const mails = [mail(), await signed(mail()), await signed(mail(), { selector: 'due' })];
  const changed = Buffer.from((await signed(mail())).toString().replace('non stampa', 'stampa'));
  for (const raw of [...mails, changed, Buffer.alloc(10_000, 0xff)]) {
    for (const names of [resolver, serversAway]) {
      const keys = await lookUpKeys(await listKeys(raw), names);
      expect(await checkDkim(raw, resolverOf(keys))).toEqual(await checkDkim(raw, names));
    }
  }
});

test('an unknown key is a permanent error, no signature is none at all', async () => {
  expect((await checkDkim(await signed(mail(), { selector: 'due' }), resolver)).signatures).toMatchObject([
    { result: 'permerror' },
  ]);
  expect(await checkDkim(mail(), resolver)).toEqual({ signatures: [] });
});

test('a resolver that is down is a temporary error', async () => {
  expect((await checkDkim(await signed(mail()), serversAway)).signatures).toMatchObject([
    { result: 'temperror' },
  ]);
});

test('a resolver that never answers is a temporary error after 5 s', async () => {
  const raw = await signed(mail());
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const asked = Promise.withResolvers<void>();
  const silent: Resolver = () => {
    asked.resolve();
    return new Promise(() => {});
  };
  const check = checkDkim(raw, silent);
  await asked.promise;
  await vi.advanceTimersByTimeAsync(5_000);
  expect((await check).signatures).toMatchObject([{ result: 'temperror' }]);
});

test('bytes that are no mail never make it throw', async () => {
  for (const raw of [
    Buffer.alloc(0),
    Buffer.from('DKIM-Signature: v=1; a=;;;\r\n\r\n'),
    Buffer.alloc(10_000, 0xff),
  ]) {
    expect((await checkDkim(raw, resolver)).signatures.some(({ result }) => result === 'pass')).toBe(false);
  }
});
