import { getDomain } from 'tldts';
import { readAutoconfig } from './autoconfig.ts';
import {
  isListedServer,
  isWithin,
  type MailProvider,
  type ServerAddress,
  providerOfDomain,
  providerOfMx,
} from './providers.ts';

/** What the network answers, or why it does not, in words. */
export type NetworkAnswer<T> = { ok: true; value: T } | { ok: false; why: string };

/** What is asked of the network to find a domain's servers. None of it throws. */
export type Network = {
  /** names of the MX hosts, the preferred first */
  mx(domain: string): Promise<NetworkAnswer<string[]>>;
  /** targets of an SRV name, in the order in which RFC 2782 has them tried; a target of `.` is left out */
  srv(name: string): Promise<NetworkAnswer<{ host: string; port: number }[]>>;
  /** a text over https, redirected nowhere, of bounded length */
  https(url: string): Promise<NetworkAnswer<string>>;
};

/** Servers that may be a domain's, to be tried in this order. */
type Candidate = {
  provider: MailProvider | null;
  imap: ServerAddress[];
  smtp: ServerAddress[];
  user: 'address' | 'local_part';
};

/** One place that was looked into, and what it says. */
export type ServerLook = { where: string; words: string; candidate: Candidate | null };

/**
 * Looks for the mail servers of a domain, a place at a time: the table of providers, the domain's autoconfig and Mozilla's
 * directory, its MX, its SRV names (RFC 6186, RFC 8314), then names that are usual. Whoever asks tries each candidate, and
 * ends when one answers.
 */
export async function* lookForServers(domain: string, network: Network): AsyncGenerator<ServerLook> {
  const listed = providerOfDomain(domain);
  yield {
    where: 'known providers',
    words: listed === null ? 'it is none of theirs' : listed.name,
    candidate: listed === null ? null : ofProvider(listed),
  };
  for (const { where, url } of autoconfigPlaces(domain)) {
    const answered = await network.https(url);
    yield { where, ...(answered.ok ? fromAutoconfig(answered.value, domain) : nothing(answered.why)) };
  }
  yield { where: 'MX', ...fromMx(await network.mx(domain)) };
  const [imaps, submissions, submission] = await Promise.all(
    ['_imaps', '_submissions', '_submission'].map((service) => network.srv(`${service}._tcp.${domain}`)),
  );
  yield { where: 'SRV', ...fromSrv({ imaps, submissions, submission }) };
  yield {
    where: 'usual names',
    words: `imap.${domain}, smtp.${domain}, mail.${domain}`,
    candidate: usualNames(domain),
  };
}

type Found = Pick<ServerLook, 'words' | 'candidate'>;
const nothing = (words: string): Found => ({ words, candidate: null });

const ofProvider = (provider: MailProvider): Candidate => ({
  provider,
  imap: provider.imap,
  smtp: provider.smtp,
  user: 'address',
});

function autoconfigPlaces(domain: string): { where: string; url: string }[] {
  return [
    { where: `autoconfig.${domain}`, url: `https://autoconfig.${domain}/mail/config-v1.1.xml` },
    {
      where: `${domain}/.well-known`,
      url: `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
    },
    { where: 'Mozilla’s directory', url: `https://autoconfig.thunderbird.net/v1.1/${domain}` },
  ];
}

function fromAutoconfig(text: string, domain: string): Found {
  const read = readAutoconfig(text, domain);
  if (!read.ok) return nothing(read.why);
  const { imap: named, smtp, user } = read.config;
  const implicit = named.filter(({ tls }) => tls === 'implicit');
  // off this machine a mailbox is read with TLS from the first byte only: a server that is named with STARTTLS mostly has both
  const imap =
    implicit.length > 0
      ? implicit
      : named.map(({ host }): ServerAddress => ({ host, port: 993, tls: 'implicit' }));
  return {
    words: [...imap, ...smtp].map(({ host }) => host).join(', '),
    candidate: { provider: null, imap, smtp, user },
  };
}

function fromMx(answered: NetworkAnswer<string[]>): Found {
  if (!answered.ok) return nothing(answered.why);
  const hosts = answered.value;
  const provider = hosts.map(providerOfMx).find((one) => one !== null);
  if (provider === undefined) return nothing(`${hosts.join(', ') || 'none'}: no known provider`);
  return { words: `${hosts[0]}: ${provider.name}`, candidate: ofProvider(provider) };
}

type Srv = NetworkAnswer<{ host: string; port: number }[]> | undefined;

function fromSrv(answered: { imaps: Srv; submissions: Srv; submission: Srv }): Found {
  const servers = (srv: Srv, tls: ServerAddress['tls']): ServerAddress[] =>
    srv?.ok === true ? srv.value.map(({ host, port }) => ({ host, port, tls })) : [];
  const imap = servers(answered.imaps, 'implicit');
  const smtp = [...servers(answered.submissions, 'implicit'), ...servers(answered.submission, 'starttls')];
  if (imap.length === 0 || smtp.length === 0) {
    const { imaps } = answered;
    return nothing(imaps?.ok === false ? imaps.why : 'it names no pair of IMAP and SMTP servers');
  }
  return {
    words: [...imap, ...smtp].map(({ host }) => host).join(', '),
    candidate: { provider: null, imap, smtp, user: 'address' },
  };
}

function usualNames(domain: string): Candidate {
  const names = (first: string): string[] => [`${first}.${domain}`, `mail.${domain}`, domain];
  return {
    provider: null,
    imap: names('imap').map((host) => ({ host, port: 993, tls: 'implicit' })),
    smtp: names('smtp').flatMap((host): ServerAddress[] => [
      { host, port: 465, tls: 'implicit' },
      { host, port: 587, tls: 'starttls' },
    ]),
    user: 'address',
  };
}

/**
 * Whether a password may be said to a host once TLS has named it: it is the mail domain's own, or a listed provider's. Any other
 * is a stranger's word, from DNS or a web server, and is asked about first.
 */
export function isOwnServer(host: string, mailDomain: string): boolean {
  const own = getDomain(mailDomain, { allowPrivateDomains: true }) ?? mailDomain;
  return isWithin(host, own) || isListedServer(host);
}
