import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAutoconfig } from '../../src/setup/autoconfig.ts';
import {
  type NetworkAnswer,
  isOwnServer,
  type ServerLook,
  lookForServers,
  type Network,
} from '../../src/setup/discover.ts';
import { readServer } from '../../src/setup/server-name.ts';
import { mailProviders, providerOfDomain } from '../../src/setup/providers.ts';

const none: NetworkAnswer<never> = { ok: false, why: 'there is none' };
const said = <T>(value: T): NetworkAnswer<T> => ({ ok: true, value });

/** A network in which only what is given answers. */
function network(answers: {
  mx?: string[];
  srv?: Record<string, { host: string; port: number }[]>;
  https?: Record<string, string>;
}): Network & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    mx: async () => (answers.mx === undefined ? none : said(answers.mx)),
    srv: async (name) => {
      const found = answers.srv?.[name];
      return found === undefined ? none : said(found);
    },
    https: async (url) => {
      asked.push(url);
      const found = answers.https?.[url];
      return found === undefined ? none : said(found);
    },
  };
}

async function looks(domain: string, net: Network): Promise<ServerLook[]> {
  const found: ServerLook[] = [];
  for await (const look of lookForServers(domain, net)) found.push(look);
  return found;
}

const firstHosts = (found: ServerLook[]): (string | undefined)[] | null => {
  const candidate = found.find((look) => look.candidate !== null)?.candidate;
  return candidate ? [candidate.imap[0]?.host, candidate.smtp[0]?.host] : null;
};

const config = (inside: string): string =>
  `<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="x">${inside}</emailProvider></clientConfig>`;
const server = (kind: string, type: string, host: string, port: number, socket: string): string =>
  `<${kind}Server type="${type}"><hostname>${host}</hostname><port>${port}</port><socketType>${socket}</socketType><username>%EMAILADDRESS%</username></${kind}Server>`;

describe('where servers are looked for', () => {
  test('in the table, the domain’s autoconfig over https, its MX, its SRV names, then under usual names', async () => {
    const net = network({});
    expect((await looks('rossi.it', net)).map(({ where }) => where)).toEqual([
      'known providers',
      'autoconfig.rossi.it',
      'rossi.it/.well-known',
      'Mozilla’s directory',
      'MX',
      'SRV',
      'usual names',
    ]);
    expect(net.asked.every((url) => url.startsWith('https://'))).toBe(true);
  });

  test.each([
    ['libero.it', 'imapmail.libero.it'],
    ['pec.it', 'imaps.pec.aruba.it'],
    ['gmail.com', 'imap.gmail.com'],
    ['alice.it', 'imap.tim.it'],
  ])('%s is a provider’s own', async (domain, imap) => {
    expect(firstHosts(await looks(domain, network({})))?.[0]).toBe(imap);
  });

  test.each([
    ['mx.aruba.it', 'imaps.aruba.it'],
    ['mx.pec.aruba.it', 'imaps.pec.aruba.it'],
    ['rossi-it.mail.protection.outlook.com', 'outlook.office365.com'],
    ['aspmx.l.google.com', 'imap.gmail.com'],
    ['mx1.mail.ovh.net', 'ssl0.ovh.net'],
    ['mx00.ionos.it', 'imap.ionos.it'],
    ['mail.register.it', 'imap.securemail.pro'],
  ])('a domain with the MX %s is its customer', async (mx, imap) => {
    expect(firstHosts(await looks('rossi.it', network({ mx: [mx] })))?.[0]).toBe(imap);
  });

  test('an MX whose name merely ends in the same letters is no provider', async () => {
    const found = await looks('rossi.it', network({ mx: ['mx.notaruba.it'] }));
    expect(found.find(({ where }) => where === 'MX')).toMatchObject({
      words: 'mx.notaruba.it: no known provider',
      candidate: null,
    });
  });

  test('SRV names a pair, and the port with TLS from the first byte before STARTTLS', async () => {
    const net = network({
      srv: {
        '_imaps._tcp.rossi.it': [{ host: 'posta.rossi.it', port: 1993 }],
        '_submission._tcp.rossi.it': [{ host: 'out.rossi.it', port: 587 }],
        '_submissions._tcp.rossi.it': [{ host: 'out.rossi.it', port: 465 }],
      },
    });
    const look = (await looks('rossi.it', net)).find(({ where }) => where === 'SRV');
    expect(look?.candidate).toMatchObject({
      imap: [{ host: 'posta.rossi.it', port: 1993, tls: 'implicit' }],
      smtp: [
        { host: 'out.rossi.it', port: 465, tls: 'implicit' },
        { host: 'out.rossi.it', port: 587, tls: 'starttls' },
      ],
    });
  });

  test('autoconfig that names only STARTTLS for IMAP is tried with TLS from the first byte', async () => {
    const url = 'https://autoconfig.rossi.it/mail/config-v1.1.xml';
    const text = config(
      server('incoming', 'imap', 'mail.rossi.it', 143, 'STARTTLS') +
        server('outgoing', 'smtp', 'mail.rossi.it', 587, 'STARTTLS'),
    );
    const look = (await looks('rossi.it', network({ https: { [url]: text } }))).find(
      ({ where }) => where === 'autoconfig.rossi.it',
    );
    expect(look?.candidate?.imap).toEqual([{ host: 'mail.rossi.it', port: 993, tls: 'implicit' }]);
    expect(look?.candidate?.smtp).toEqual([{ host: 'mail.rossi.it', port: 587, tls: 'starttls' }]);
  });
});

describe('the table of providers', () => {
  test('names each domain and MX once', () => {
    for (const key of ['domains', 'mx'] as const) {
      const all = mailProviders.flatMap((one) => one[key]);
      expect(new Set(all).size).toBe(all.length);
    }
  });

  test('has TLS everywhere, and IMAP with TLS from the first byte', () => {
    for (const { imap, smtp } of mailProviders) {
      expect(imap.every(({ tls, port }) => tls === 'implicit' && port === 993)).toBe(true);
      expect(smtp.every(({ tls, port }) => port === (tls === 'implicit' ? 465 : 587))).toBe(true);
    }
  });

  test.each([
    'aruba.it',
    'register.it',
    'libero.it',
    'virgilio.it',
    'tiscali.it',
    'tim.it',
    'alice.it',
    'poste.it',
    'legalmail.it',
    'gmail.com',
    'outlook.it',
  ])('knows %s', (domain) => {
    expect(providerOfDomain(domain)).not.toBeNull();
  });
});

describe('whom a password may be said to without asking', () => {
  test.each([
    ['mail.rossi.it', 'rossi.it', true],
    ['mail.rossi.it', 'posta.rossi.it', true],
    ['imaps.aruba.it', 'rossi.it', true],
    ['rossi.it.evil.example', 'rossi.it', false],
    ['evil-rossi.it', 'rossi.it', false],
    ['mail.hoster.net', 'rossi.it', false],
    ['mail.bianchi.github.io', 'rossi.github.io', false],
  ])('%s for addresses of %s: %s', (host, domain, own) => {
    expect(isOwnServer(host, domain)).toBe(own);
  });
});

describe('a domain’s autoconfig', () => {
  test('names servers, in its order, and those without TLS not at all', () => {
    const text = config(
      server('incoming', 'pop3', 'pop.%EMAILDOMAIN%', 995, 'SSL') +
        server('incoming', 'imap', 'plain.rossi.it', 143, 'plain') +
        server('incoming', 'imap', 'IMAP.%EMAILDOMAIN%', 993, 'SSL') +
        server('outgoing', 'smtp', 'smtp.rossi.it', 465, 'SSL'),
    );
    expect(readAutoconfig(text, 'rossi.it')).toEqual({
      ok: true,
      config: {
        imap: [{ host: 'imap.rossi.it', port: 993, tls: 'implicit' }],
        smtp: [{ host: 'smtp.rossi.it', port: 465, tls: 'implicit' }],
        user: 'address',
      },
    });
  });

  test.each([
    ['a DOCTYPE', `<!DOCTYPE x [<!ENTITY a "b">]>${config('')}`, 'DOCTYPE'],
    ['an unknown entity', config('&a;'), 'well-formed'],
    ['broken XML', '<clientConfig>', 'well-formed'],
    ['HTML', '<html><br></html>', 'well-formed'],
    ['very deep XML', '<a>'.repeat(20) + '</a>'.repeat(20), 'deep'],
    ['a long file', config(' '.repeat(70_000)), '64 KB'],
    ['a file without servers', config(''), 'no pair'],
    [
      'hosts that are none',
      config(server('incoming', 'imap', 'a b', 993, 'SSL') + server('outgoing', 'smtp', 'x.it', 465, 'SSL')),
      'no pair',
    ],
  ])('%s is refused in words', (_, text, why) => {
    expect(readAutoconfig(text, 'rossi.it')).toMatchObject({ ok: false, why: expect.stringContaining(why) });
  });

  test('whatever a server sends is read or refused, never thrown', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: fc.constantFrom('<', '>', 'a', '/', '&', ';', '"', '!', '[', ' ') }),
        ),
        (text) => {
          expect(typeof readAutoconfig(text, 'rossi.it').ok).toBe('boolean');
        },
      ),
    );
  });
});

describe('a server that a person names', () => {
  test.each([
    ['imap.rossi.it', 'imap', { host: 'imap.rossi.it', port: 993, tls: 'implicit' }],
    ['imaps://IMAP.rossi.it:1993/', 'imap', { host: 'imap.rossi.it', port: 1993, tls: 'implicit' }],
    ['smtp.rossi.it:587', 'smtp', { host: 'smtp.rossi.it', port: 587, tls: 'starttls' }],
    ['smtp.rossi.it', 'smtp', { host: 'smtp.rossi.it', port: 465, tls: 'implicit' }],
    ['smtp://smtp.rossi.it', 'smtp', { host: 'smtp.rossi.it', port: 587, tls: 'starttls' }],
    ['imap://127.0.0.1:10143', 'imap', { host: '127.0.0.1', port: 10_143, tls: 'starttls' }],
    ['smtps://smtp.rossi.it', 'imap', null],
    ['imaps://user:password@imap.rossi.it', 'imap', null],
    ['rossi', 'imap', null],
    ['imap.rossi.it:99999', 'imap', null],
  ] as const)('%s as %s', (text, kind, expected) => {
    expect(readServer(text, kind)).toEqual(expected);
  });
});
