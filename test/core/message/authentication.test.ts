import { describe, expect, test } from 'vitest';
import { type DkimCheck, judge, mayPassLater } from '../../../src/core/message/authentication.ts';
import { parseAuthenticationResults } from '../../../src/core/message/authentication-results.ts';

const parse = (...headers: string[]) => headers.map((header) => parseAuthenticationResults(header));
const verdict = (headers: string[], ownDkim: DkimCheck | null = null, fromDomain = 'kybernes.it') =>
  judge({ fromDomain, authenticationResults: parse(...headers), ownDkim }, ['mx.kybernes.it']).result;

const own = (domain: string, uncovered: string | null): DkimCheck => ({
  signatures: [{ result: 'pass', domain, uncovered }],
});

/** Verdict on a mail from kybernes.it with this one header. */
function by(header: string, trusted: string[]): string {
  const mail = { fromDomain: 'kybernes.it', authenticationResults: parse(header), ownDkim: null };
  return judge(mail, trusted).result;
}

describe('whose verdict counts', () => {
  const pass = 'mx.kybernes.it; dmarc=pass header.from=kybernes.it';
  const fail = 'mx.kybernes.it; dmarc=fail header.from=kybernes.it';

  test.each([
    ['DMARC pass', [pass], 'pass'],
    ['DMARC pass without header.from', ['mx.kybernes.it; dmarc=pass'], 'none'],
    [
      'DMARC pass without header.from, beside an aligned DKIM pass',
      ['mx.kybernes.it; dmarc=pass; dkim=pass header.d=kybernes.it'],
      'pass',
    ],
    [
      'DMARC pass of a From that we do not read',
      ['mx.kybernes.it; dmarc=pass header.from=posta.kybernes.it'],
      'none',
    ],
    [
      'DMARC pass of it as an address, in capitals, with a dot',
      ['mx.kybernes.it; dmarc=pass header.from=Mario@KYBERNES.it.'],
      'pass',
    ],
    [
      'DMARC pass of it beside one of another From',
      ['mx.kybernes.it; dmarc=pass header.from=kybernes.it; dmarc=pass header.from=evil.it'],
      'none',
    ],
    [
      'DMARC pass of another From beside an aligned DKIM pass',
      ['mx.kybernes.it; dkim=pass header.d=kybernes.it; dmarc=pass header.from=evil.it'],
      'none',
    ],
    [
      '36a: DMARC fail beside a DKIM pass of a delegated subdomain',
      [
        'mx.kybernes.it; dkim=pass header.d=cliente.kybernes.it; dmarc=fail (p=reject adkim=s) header.from=kybernes.it',
      ],
      'fail',
    ],
    [
      '36a: DMARC fail beside a DKIM pass of the very domain',
      ['mx.kybernes.it; dkim=pass header.d=kybernes.it; dmarc=fail header.from=kybernes.it'],
      'fail',
    ],
    [
      '36a: DMARC fail that names no From, beside an aligned DKIM pass',
      ['mx.kybernes.it; dkim=pass header.d=kybernes.it; dmarc=fail'],
      'none',
    ],
    [
      '36a: DMARC fail of another From, beside an aligned DKIM pass',
      ['mx.kybernes.it; dkim=pass header.d=kybernes.it; dmarc=fail header.from=evil.it'],
      'none',
    ],
    [
      '36a: pass and fail in one header',
      ['mx.kybernes.it; dmarc=pass header.from=kybernes.it; dmarc=fail header.from=kybernes.it'],
      'fail',
    ],
    [
      '36a: fail of the subdomain that is the From of another reading',
      ['mx.kybernes.it; dkim=pass header.d=kybernes.it; dmarc=fail header.from=posta.kybernes.it'],
      'fail',
    ],
    [
      '36a: a failure in the words of its policy',
      ['mx.kybernes.it; dmarc=quarantine header.from=kybernes.it; dkim=pass header.d=kybernes.it'],
      'fail',
    ],
    [
      '36a: a failure that a comment swallowed',
      [
        'mx.kybernes.it; dkim=pass header.d=kybernes.it; x=y (@evil.it; dmarc=fail header.from=kybernes.it; z=z a.b=)',
      ],
      'none',
    ],
    ['DMARC pass of another domain', ['mx.kybernes.it; dmarc=pass header.from=evil.it'], 'none'],
    ['aligned DKIM pass', ['mx.kybernes.it; dkim=pass header.d=kybernes.it'], 'pass'],
    ['aligned DKIM pass by header.i', ['mx.kybernes.it; dkim=pass header.i=@posta.kybernes.it'], 'pass'],
    ['DKIM pass of another domain', ['mx.kybernes.it; dkim=pass header.d=evil.it'], 'none'],
    ['SPF pass alone', ['mx.kybernes.it; spf=pass smtp.mailfrom=kybernes.it'], 'none'],
    ['explicit DMARC fail', [fail], 'fail'],
    ['a passing error', ['mx.kybernes.it; dmarc=temperror header.from=kybernes.it'], 'none'],
    ['the server without regard to case', [pass.toUpperCase()], 'pass'],
    ['a header of another server on top', ['altro.it; dmarc=fail', pass], 'pass'],
    ['a forged one below the genuine one (BAD-MAIL 36)', [fail, pass], 'fail'],
    [
      'a forged one below one that its sender made unreadable',
      ['mx.kybernes.it; spf=fail smtp.mailfrom="(a; dmarc=fail', pass],
      'none',
    ],
    ['an unreadable one below the genuine one', [pass, 'mx.kybernes.it; dmarc=pass ('], 'pass'],
    [
      'the second of two headers of the trusted server',
      ['mx.kybernes.it; spf=pass smtp.mailfrom=kybernes.it', pass],
      'none',
    ],
    ['permerror', ['mx.kybernes.it; dmarc=permerror header.from=kybernes.it'], 'none'],
    ['none and no method', ['mx.kybernes.it; none'], 'none'],
    [
      'several DKIM results, one of them aligned',
      [
        'mx.kybernes.it; dkim=fail header.d=kybernes.it; dkim=pass header.d=lista.example; dkim=pass header.d=kybernes.it',
      ],
      'pass',
    ],
    ['a result inside a comment', ['mx.kybernes.it; spf=none (dmarc=pass header.from=kybernes.it)'], 'none'],
    ['a method of a like name', ['mx.kybernes.it; x-dmarc=pass header.from=kybernes.it'], 'none'],
    [
      'DMARC of another domain beside DKIM of ours that failed',
      ['mx.kybernes.it; dmarc=pass header.from=evil.it; dkim=fail header.d=kybernes.it'],
      'none',
    ],
    [
      'a look-alike server (BAD-MAIL 36)',
      ['mx.kybernes.it.evil.it; dmarc=pass header.from=kybernes.it'],
      'none',
    ],
    ['a server inside a comment', ['evil.it (mx.kybernes.it); dmarc=pass header.from=kybernes.it'], 'none'],
    [
      'a quoted result',
      ['mx.kybernes.it; spf=pass smtp.helo="x; dmarc=pass header.from=kybernes.it"'],
      'none',
    ],
    ['no server named', ['dmarc=pass header.from=kybernes.it'], 'none'],
    ['no header at all', [], 'none'],
  ])('%s', (_, headers, expected) => {
    expect(verdict(headers)).toBe(expected);
  });

  test('the empty authserv-id is never trusted', () => {
    expect(by('dmarc=pass header.from=kybernes.it', [''])).toBe('none');
  });

  test('headers that name no server count by their explicit setting alone, and no header can claim its word', () => {
    const results =
      'dkim=pass header.d=kybernes.it;dmarc=pass action=none header.from=kybernes.it;compauth=pass';
    expect(by(results, ['exchange-online'])).toBe('pass');
    expect(by(results, ['mx.kybernes.it'])).toBe('none');
    expect(by(`exchange-online; ${results}`, ['exchange-online', ''])).toBe('none');
  });

  test('36a: our own DKIM check overrules no failure, not even one in a header that cannot be read', () => {
    const passed = own('posta.kybernes.it', null);
    expect(verdict([fail], passed)).toBe('fail');
    expect(
      verdict(
        ['mx.kybernes.it; spf=pass smtp.mailfrom="a"@evil.it; dmarc=fail header.from=kybernes.it'],
        passed,
      ),
    ).toBe('none');
    expect(
      verdict([`mx.kybernes.it; dmarc=fail header.from=kybernes.it; ${'x'.repeat(9_000)}`], passed),
    ).toBe('none');
    expect(verdict(['mx.kybernes.it; spf=pass smtp.mailfrom="a"@evil.it'], passed)).toBe('pass');
    const nobody = {
      fromDomain: 'kybernes.it',
      authenticationResults: parse('mx; dmarc=fail ('),
      ownDkim: passed,
    };
    expect(judge(nobody, []).result).toBe('pass');
  });

  test('36a: a failure in another header of the same server is not overruled by a DKIM pass in the topmost', () => {
    const dkim = 'mx.kybernes.it; dkim=pass header.d=kybernes.it';
    const spf = 'mx.kybernes.it; spf=pass smtp.mailfrom=kybernes.it';
    expect(verdict([dkim, fail])).toBe('none');
    expect(verdict([dkim, spf, fail])).toBe('none');
    expect(verdict([spf, fail], own('kybernes.it', null))).toBe('none');
    // what passes below is not looked at, nor what other servers said; DMARC's pass on top is its last word
    expect(verdict([spf, pass])).toBe('none');
    expect(verdict([dkim, 'mx.evil.it; dmarc=fail header.from=kybernes.it'])).toBe('pass');
    expect(verdict([pass, fail])).toBe('pass');
  });

  test('our own DKIM check counts only where no server decided, aligned and whole', () => {
    expect(verdict([], own('kybernes.it', null))).toBe('pass');
    expect(verdict([], own('posta.kybernes.it', null))).toBe('pass');
    // l= (BAD-MAIL 37)
    expect(verdict([], own('kybernes.it', 'the end of the body (l=)'))).toBe('none');
    expect(verdict([], own('evil.it', null))).toBe('none');
    expect(verdict([fail], own('kybernes.it', null))).toBe('fail');
    expect(verdict(['mx.kybernes.it; dmarc=none'], own('kybernes.it', null))).toBe('pass');
  });

  test('a domain that is itself a public suffix aligns with none under it', () => {
    expect(verdict(['mx.kybernes.it; dkim=pass header.d=co.uk'], null, 'acme.co.uk')).toBe('none');
    expect(verdict(['mx.kybernes.it; dkim=pass header.d=github.io'], null, 'evil.github.io')).toBe('none');
    expect(verdict([], own('github.io', null), 'acme.github.io')).toBe('none');
  });

  test.each([
    ['a key that was not to be had', { result: 'temperror', domain: 'kybernes.it', uncovered: null }, true],
    ['one of another domain', { result: 'temperror', domain: 'evil.it', uncovered: null }, false],
    ['one that would not count', { result: 'temperror', domain: 'kybernes.it', uncovered: 'Subject' }, false],
    ['an unknown key', { result: 'permerror', domain: 'kybernes.it', uncovered: null }, false],
  ] as [string, DkimCheck['signatures'][number], boolean][])(
    'only a check that may come to a pass is worth making again: %s',
    (_, signature, expected) => {
      expect(mayPassLater({ signatures: [signature] }, 'kybernes.it')).toBe(expected);
    },
  );

  test('two names under one public suffix are two organisations', () => {
    expect(verdict(['mx.kybernes.it; dmarc=pass header.from=evil.co.uk'], null, 'acme.co.uk')).toBe('none');
  });
});
