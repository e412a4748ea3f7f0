import { array, assert, constantFrom, oneof, property, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/core/message/authentication.ts';
import { parseAuthenticationResults } from '../../../src/core/message/authentication-results.ts';
import { runs } from '../../harness/runs.ts';

const parsed = (header: string) =>
  parseAuthenticationResults(header).results.map(({ method, result }) => `${method}=${result}`);

describe('Authentication-Results (RFC 8601)', () => {
  test('comments, folding, reasons, versions and quoted strings are read', () => {
    expect(
      parseAuthenticationResults(
        'MX.Kybernes.it 1; (a (nested) one) dkim=pass reason="good; really" header.d=Acme.it\t header.i = "@acme.it" header.b=Ab/c+d==;\t spf/1 = fail smtp.mailfrom=anna@acme.it',
      ),
    ).toEqual({
      readable: true,
      authservId: 'mx.kybernes.it',
      results: [
        {
          method: 'dkim',
          result: 'pass',
          properties: {
            reason: 'good; really',
            'header.d': 'Acme.it',
            'header.i': '@acme.it',
            'header.b': 'Ab/c+d==',
          },
          policy: null,
        },
        { method: 'spf', result: 'fail', properties: { 'smtp.mailfrom': 'anna@acme.it' }, policy: null },
      ],
      saysFail: false,
    });
  });

  test('none is no result', () => {
    expect(parseAuthenticationResults('mx.kybernes.it; none')).toMatchObject({ readable: true, results: [] });
  });

  test.each([
    [
      'Google',
      'mx.google.com; dkim=pass header.i=@acme.it header.s=2024 header.b="Ab+c/d12"; spf=pass (google.com: domain of anna@acme.it designates 192.0.2.7 as permitted sender) smtp.mailfrom=anna@acme.it; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=acme.it; dara=pass header.i=@esempio.it',
      ['dkim=pass', 'spf=pass', 'dmarc=pass', 'dara=pass'],
    ],
    [
      'Yahoo',
      'atlas1.mail.example; dkim=pass header.i=@acme.it header.s=s1; spf=pass smtp.mailfrom=acme.it; dmarc=pass(p=NONE) header.from=acme.it;',
      ['dkim=pass', 'spf=pass', 'dmarc=pass'],
    ],
    [
      'Exchange Online, which names no server',
      'spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=acme.it; esempio.it; dkim=pass (signature was verified) header.d=acme.it;dmarc=pass action=none header.from=acme.it;compauth=pass reason=100',
      ['spf=pass', 'dkim=pass', 'dmarc=pass', 'compauth=pass'],
    ],
    [
      'Authentication Milter',
      'mx.example; bimi=skipped (DMARC Policy is not at enforcement); arc=none (no signatures found); dkim=pass (2048-bit rsa key sha256) header.d=acme.it header.i=@acme.it header.b="Ab=" header.a=rsa-sha256 x-bits=2048; dmarc=pass policy.published-domain-policy=none policy.applied-disposition=none (p=none,d=none,d.eval=none) policy.policy-from=p header.from=acme.it; x-vs=clean score=-51 state=0; iprev=pass policy.iprev="2001:db8::7" (mail.acme.it)',
      ['bimi=skipped', 'arc=none', 'dkim=pass', 'dmarc=pass', 'x-vs=clean', 'iprev=pass'],
    ],
    [
      'OpenDKIM and amavis',
      'mail.example (amavisd-new); dkim=pass (1024-bit key; unprotected) reason="pass (just generated, assumed good)" header.d=acme.it',
      ['dkim=pass'],
    ],
    [
      'a gateway that checks MAIL FROM and HELO',
      'esa.example; spf=Pass smtp.mailfrom=a@acme.it; spf=None smtp.helo=postmaster@mx.acme.it',
      ['spf=pass', 'spf=none'],
    ],
    [
      'a server that judges no sender',
      'mx.example; spf=none smtp.mailfrom=; dkim=none',
      ['spf=none', 'dkim=none'],
    ],
  ])('as %s writes it', (_, header, expected) => {
    expect(parseAuthenticationResults(header).readable).toBe(true);
    expect(parsed(header)).toEqual(expected);
  });

  test.each([
    '',
    ';',
    '\0; dmarc=pass',
    'mx; dmarc=pass (unclosed',
    'mx; dmarc="pass',
    'mx; dmarc=pass) header.from=a.it',
    'mx; spf=pass (domain of "a"@b.it) smtp.mailfrom=b.it',
    String.raw`mx; spf=pass (domain of a\)b@b.it) smtp.mailfrom=b.it`,
    'mx; spf=pass smtp.mailfrom="a b"@b.it; dmarc=pass header.from=a.it',
    'mx; spf=pass smtp.mailfrom=a"b"; dmarc=pass header.from=a.it',
    'mx; spf=pass smtp.mailfrom="a"b; dmarc=pass header.from=a.it',
    'mx; spf=pass smtp.mailfrom=a;b@b.it; dmarc=pass header.from=a.it',
    'mx; dmarc=pass header.from=a.it header.from=b.it',
    'mx; dmarc=pass header.from=a.it mario',
    'mx; dmarc=pass policy.x= header.from=a.it',
    'mx; dmarc =\u00a0pass header.from=a.it',
    'mx altro; dmarc=pass header.from=a.it',
    'mx; dmarc=pass header.from=a\\.it',
    `mx; dmarc=pass header.from=a.it (${'x'.repeat(8_000)})`,
  ])('%j cannot be read without doubt: no result', (header) => {
    expect(parseAuthenticationResults(header)).toMatchObject({ readable: false, results: [] });
  });

  test.each([
    ['dmarc=fail (p=NONE sp=NONE dis=NONE) header.from=a.it', 'none'],
    ['dmarc=fail reason="No valid SPF" header.from=a.it (policy=none)', 'none'],
    [
      'dmarc=fail policy.published-domain-policy=quarantine (p=quarantine,d=none) header.from=a.it',
      'quarantine',
    ],
    ['dmarc=fail header.from=a.it', null],
    ['dmarc=fail action=none header.from=a.it', null],
    ['dmarc=fail (p=reject) policy.dmarc=none header.from=a.it', null],
  ])('the policy that the server notes: %s', (result, policy) => {
    expect(parseAuthenticationResults(`mx; spf=pass (p=none); ${result}`).results[1]?.policy).toBe(policy);
  });

  test('is read in time linear in its length', () => {
    const units = ['dkim = ', '(', '"', '=', 'a ', 'a=b ', 'a=b (c) ', '; ', '\\', 'dmarc ', '("', '="'];
    const started = process.cpuUsage();
    for (const unit of units) parseAuthenticationResults(`x; ${unit.repeat(1_000_000 / unit.length)}`);
    const { user } = process.cpuUsage(started);
    expect(user / 1e6).toBeLessThan(5);
  });
});

/**
 * Places where servers write what the sender chose: the parts of MAIL FROM and HELO, quoted or not, and the client's reverse
 * name.
 */
const places = [
  (said: string) => `spf=fail smtp.mailfrom=${said}@evil.it`,
  (said: string) => `spf=fail smtp.mailfrom="${said}"@evil.it`,
  (said: string) => `spf=fail smtp.mailfrom="${said}@evil.it"`,
  (said: string) => `spf=fail smtp.mailfrom=evil.it smtp.helo=${said}`,
  (said: string) => `spf=fail smtp.helo="${said}" smtp.mailfrom=evil.it`,
  (said: string) =>
    `spf=fail (mx: domain of ${said}@evil.it does not designate 192.0.2.1) smtp.mailfrom=evil.it`,
  (said: string) => `spf=fail (mx: domain of "${said}"@evil.it) smtp.mailfrom="${said}"@evil.it`,
  (said: string) => `iprev=fail (${said}) policy.iprev=192.0.2.1`,
  (said: string) => `dkim=fail reason="${said}" header.d=evil.it`,
  (said: string) => `dkim=fail header.i=${said} header.d=evil.it`,
];
const escapes = [
  (said: string) => said,
  (said: string) => said.replaceAll(/["\\()]/gu, String.raw`\$&`),
  (said: string) => said.replaceAll('"', ''),
];
const wanted = [
  'dmarc=pass header.from=kybernes.it',
  'dkim=pass header.d=kybernes.it',
  'dmarc=pass(p=none) header.from=kybernes.it',
];
const glue = [
  '"',
  '\\',
  '(',
  ')',
  ';',
  '; ',
  ' ',
  '=',
  '@',
  'a',
  'x=y ',
  'spf=pass smtp.mailfrom=',
  '"; ',
  '); ',
  '; x=y (',
  '; x.y="',
  'header.from=kybernes.it',
  'dmarc=',
  'pass',
  '\t',
];
const said = array(
  oneof({ weight: 3, arbitrary: constantFrom(...glue) }, constantFrom(...wanted), string({ maxLength: 3 })),
  { maxLength: 12 },
).map((pieces) => pieces.join(''));
const result = tuple(constantFrom(...places), constantFrom(...escapes), said).map(([place, escape, text]) =>
  place(escape(text)),
);
const genuine = 'dmarc=fail (p=reject dis=none) header.from=kybernes.it';

test('36a: nothing that a sender has the server write makes a pass of a header that says dmarc=fail', () => {
  assert(
    property(array(result, { maxLength: 3 }), array(result, { maxLength: 3 }), (above, below) => {
      const header = `mx.kybernes.it; ${[...above, genuine, ...below].join('; ')}`;
      const forged = parseAuthenticationResults('mx.kybernes.it; dmarc=pass header.from=kybernes.it');
      const ownDkim = {
        signatures: [{ result: 'pass' as const, domain: 'posta.kybernes.it', uncovered: null }],
      };
      const mail = {
        fromDomain: 'kybernes.it',
        authenticationResults: [parseAuthenticationResults(header), forged],
        ownDkim,
      };
      expect(judge(mail, ['mx.kybernes.it']).result).not.toBe('pass');
    }),
    { numRuns: runs(3_000) },
  );
});
