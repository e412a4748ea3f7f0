import { generateKeyPairSync } from 'node:crypto';
import { dkimSign } from 'mailauth/lib/dkim/sign.js';
import { afterEach, expect, test, vi } from 'vitest';
import { checkDkim, type Resolver } from '../../src/mail/dkim.ts';
import { mail } from './build.ts';

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** A name server that knows one key. */
const resolver: Resolver = async (name) => {
  if (name === 'uno._domainkey.acme.it') return [[`v=DKIM1; k=rsa; p=${keys.publicKey.toString('base64')}`]];
  throw Object.assign(new Error(`no such name: ${name}`), { code: 'ENOTFOUND' });
};

const down: Resolver = async () => {
  throw Object.assign(new Error('down'), { code: 'ECONNREFUSED' });
};

async function signed(
  raw: Buffer,
  options: { selector?: string; maxBodyLength?: number } = {},
): Promise<Buffer> {
  const { selector = 'uno', ...rest } = options;
  const signer = { signingDomain: 'acme.it', selector, privateKey: keys.privateKey };
  const { signatures } = await dkimSign(raw, {
    canonicalization: 'relaxed/relaxed',
    ...signer,
    signatureData: [{ ...signer, ...rest }],
  });
  return Buffer.concat([Buffer.from(signatures), raw]);
}

afterEach(() => {
  vi.useRealTimers();
});

test('a genuine signature passes, and names its domain', async () => {
  expect(await checkDkim(await signed(mail()), resolver)).toEqual({
    signatures: [{ result: 'pass', domain: 'acme.it', partial: false }],
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
    { result: 'pass', domain: 'acme.it', partial: true },
  ]);
});

test('an unknown key is a permanent error, no signature is none at all', async () => {
  expect((await checkDkim(await signed(mail(), { selector: 'due' }), resolver)).signatures).toMatchObject([
    { result: 'permerror' },
  ]);
  expect(await checkDkim(mail(), resolver)).toEqual({ signatures: [] });
});

test('a resolver that is down is a temporary error', async () => {
  expect((await checkDkim(await signed(mail()), down)).signatures).toMatchObject([{ result: 'temperror' }]);
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
