import { afterEach, expect, test, vi } from 'vitest';
import { checkDkim, type Resolver } from '../../../src/mail/dkim/dkim.ts';
import { listKeys, lookUpKeys, resolverOf } from '../../../src/mail/dkim/dkim-keys.ts';
import { serversAway, signingDomain } from '../../harness/keys.ts';
import { type Header, mail } from '../../builders/mail.ts';

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

test('37: a signature with l= is not even verified', async () => {
  const raw = Buffer.concat([await signed(mail(), { maxBodyLength: 10 }), Buffer.from('chiudere\r\n')]);
  expect((await checkDkim(raw, never)).signatures).toEqual([
    { result: 'none', domain: 'acme.it', uncovered: 'the end of the body (l=)' },
  ]);
});

const never: Resolver = async () => {
  throw new Error('no key is looked up');
};

/** Whatever decides what a mail says, to whom and when, and how its bytes are read. */
const commanding: Header[] = [
  ['From', 'Anna Rossi <anna.rossi@acme.it>'],
  ['To', 'assistenza@kybernes.it'],
  ['Cc', 'pda@kybernes.it'],
  ['Subject', 'La stampante non stampa'],
  ['Date', 'Tue, 4 Mar 2025 09:15:00 +0100'],
  ['Message-ID', '<prova-2@acme.it>'],
  ['MIME-Version', '1.0'],
  ['Content-Type', 'text/plain; charset=utf-8'],
  ['Content-Transfer-Encoding', '8bit'],
];
const whole = () => mail({ headers: commanding });
const headerList = commanding.map(([name]) => name);

test.each(headerList.slice(1))(
  'a signature under which %s could be exchanged or added is marked as partial',
  async (name) => {
    const raw = await signed(whole(), { headerList: headerList.filter((one) => one !== name) });
    expect((await checkDkim(raw, resolver)).signatures).toMatchObject([{ result: 'pass', uncovered: name }]);
    const complete = await signed(whole(), { headerList });
    expect((await checkDkim(complete, resolver)).signatures).toMatchObject([
      { result: 'pass', uncovered: null },
    ]);
    for (const added of [`${name}: un altro`, `${name.toUpperCase()} : un altro`]) {
      const more = Buffer.concat([Buffer.from(`${added}\r\n`), complete]);
      expect((await checkDkim(more, resolver)).signatures).toMatchObject([
        { result: 'pass', uncovered: name },
      ]);
    }
  },
);

test('a second From leaves nobody to verify for', async () => {
  const raw = Buffer.concat([Buffer.from('From: eva@evil.it\r\n'), await signed(whole(), { headerList })]);
  expect(await checkDkim(raw, never)).toEqual({ signatures: [] });
});

test('a field that a mail has not and its signature names cannot be added', async () => {
  const raw = await signed(mail(), { headerList: [...headerList, 'Cc', 'Content-Transfer-Encoding'] });
  expect((await checkDkim(raw, resolver)).signatures).toMatchObject([{ result: 'pass', uncovered: null }]);
  const added = Buffer.concat([Buffer.from('Cc: pda@kybernes.it\r\n'), raw]);
  expect((await checkDkim(added, resolver)).signatures).not.toMatchObject([
    { result: 'pass', uncovered: null },
  ]);
});

const testing: Resolver = async () => [[record.replace('k=rsa', 'k=rsa; t=y')]];

test('a key in testing vouches for nothing', async () => {
  expect(await checkDkim(await signed(mail()), testing)).toEqual({ signatures: [] });
});

test('signatures of other domains are left alone, and of its own the first three are verified', async () => {
  let asked = 0;
  const counting: Resolver = (name, type) => {
    asked += 1;
    return resolver(name, type);
  };
  const genuine = await signed(mail());
  const others = Buffer.from(
    'DKIM-Signature: v=1; a=rsa-sha256; d=evil.it; s=x; h=from; bh=eA==; b=eA==\r\n'.repeat(100),
  );
  expect((await checkDkim(Buffer.concat([others, genuine]), counting)).signatures).toEqual([
    { result: 'pass', domain: 'acme.it', uncovered: null },
  ]);
  expect(asked).toBe(1);
  const own = Buffer.from(
    'DKIM-Signature: v=1; a=rsa-sha256; d=posta.acme.it; s=x; h=from; bh=eA==; b=eA==\r\n'.repeat(100),
  );
  const many = await checkDkim(Buffer.concat([own, genuine]), counting);
  expect(many.signatures.map(({ result }) => result)).toEqual(['fail', 'fail', 'fail']);
});

const repeated = (unit: string, size: number) => unit.repeat(Math.ceil(size / unit.length));
const signature = (more = '') =>
  `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=acme.it; s=uno;${more} h=from:to:subject:references; bh=eA==; b=eA==\r\n`;

test.each([
  ['ten lengths and one line', Array.from({ length: 10 }, (_, i) => signature(` l=${i + 1};`)).join(''), 'x'],
  ['one line', signature(), 'x'],
  ['one line of spaces', signature(), ' '],
  [
    'ten canonicalisations',
    repeated(signature() + signature().replaceAll('relaxed', 'simple'), 4_000),
    'x\r\n',
  ],
  ['bare line feeds among others', signature(), 'a\n\n b\r\n'],
  ['bare returns', signature(), '\r'],
  ['empty lines', signature(), '\r\n'],
  ['a header of folds', `${signature()}References: <a@b>\r\n${repeated(' <a@b>\r\n', 1_000_000)}`, 'x\r\n'],
  ['many headers', signature() + repeated('To: a@b.it\r\n', 1_000_000), 'x\r\n'],
  ['many names in h=', signature().replace('h=from', `h=${repeated('from:', 500_000)}from`), 'x\r\n'],
])('is checked in time linear in its size: %s', async (_, head, unit) => {
  const cost = async (megabytes: number): Promise<number> => {
    const body = Buffer.from(repeated(unit, megabytes * 1e6));
    const raw = Buffer.concat([Buffer.from(`${head}From: anna@acme.it\r\nSubject: x\r\n\r\n`), body]);
    const started = process.cpuUsage();
    await checkDkim(raw, resolver);
    return process.cpuUsage(started).user / 1e6;
  };
  await cost(0.1);
  expect(await cost(8)).toBeLessThan(2);
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
