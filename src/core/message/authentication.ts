import { getDomain } from 'tldts';
import { emailDomain } from '../address/address.ts';
import type { AuthenticationResult, AuthenticationResults } from './authentication-results.ts';

/**
 * Entry of TRUSTED_AUTHSERV_IDS for Exchange Online, whose headers name no authserv-id: an explicit setting, since anybody can
 * leave the id out. A header that claims this very word does not count.
 */
export const exchangeOnline = 'exchange-online';

/** The result of our own DKIM verification. */
export type DkimCheck = {
  signatures: {
    result: 'pass' | 'fail' | 'temperror' | 'permerror' | 'none';
    /** d= */
    domain: string;
    /**
     * The part of the mail that could be changed without breaking the signature, which therefore does not count: the body
     * after l= (BAD-MAIL 37) or an unsigned header; null if nothing that commands is open to change
     */
    uncovered: string | null;
  }[];
};

/** Verdict on whether a mail is authentic for its From domain. Only `pass` lets a command take effect. */
export type Verdict = {
  /** the domain it was given for, or null if none */
  domain: string | null;
  result: 'pass' | 'fail' | 'none';
  /** for a failure, the DMARC policy of the domain, lower-case, or null if unknown */
  policy: string | null;
  /** for the admin */
  why: string;
};

/** The registered domain (public suffix list), or the name itself if it has none. */
function organisation(domain: string): string {
  const plain = domain.toLowerCase().replace(/\.$/u, '');
  return getDomain(plain, { allowPrivateDomains: true }) ?? plain;
}

/** Relaxed alignment (RFC 7489 §3.1): both belong to the same organisation. */
export function aligned(one: string, other: string): boolean {
  return one !== '' && other !== '' && organisation(one) === organisation(other);
}

/**
 * Judges whether a mail is authentic for the domain of its From address. The topmost header of a trusted server counts,
 * wherever it stands among the others (BAD-MAIL 36); if that says nothing, our own DKIM check counts. An unreadable header may
 * be the trusted server's, made unreadable by what it quotes from the mail: those below it are ignored. A DMARC failure is
 * never overruled, neither by another pass nor by our own check (BAD-MAIL 36a).
 * @param mail `fromDomain` lower-case ASCII; the headers topmost first
 * @param trusted authserv-ids, compared whole and ignoring case, or `exchangeOnline`; the empty one never counts
 */
export function judge(
  mail: {
    fromDomain: string;
    authenticationResults: AuthenticationResults[];
    ownDkim: DkimCheck | null;
  },
  trusted: string[],
): Verdict {
  const domain = mail.fromDomain;
  const trustedIds = new Set(trusted.filter((id) => id !== '').map((id) => id.toLowerCase()));
  const header =
    trustedIds.size === 0
      ? undefined
      : mail.authenticationResults.find((one) => !one.readable || trustedIds.has(authservName(one) ?? ''));
  const said = header === undefined ? null : judgeHeader(header, domain);
  if (said !== null && said.result !== 'pass') return { domain, policy: null, ...said };
  // A server whose filters each write a header of their own reports DMARC in another one than DKIM. Somebody who forges a failure
  // harms nobody but themselves.
  const isDmarc = header?.results.some(({ method }) => method === 'dmarc') ?? false;
  const isServers = (one: AuthenticationResults): boolean => trustedIds.has(authservName(one) ?? '');
  if (!isDmarc && mail.authenticationResults.some((one) => isServers(one) && one.saysFail)) {
    const why = `${withoutVerdict(header)} on DMARC, and another header of a trusted server says that it fails`;
    return { domain, result: 'none', policy: null, why };
  }
  if (said !== null) return { domain, policy: null, ...said };

  const own = mail.ownDkim?.signatures.filter((signature) => aligned(signature.domain, domain)) ?? [];
  const passed = own.find(({ result, uncovered }) => result === 'pass' && uncovered === null);
  if (passed !== undefined) {
    return { domain, result: 'pass', policy: null, why: `our own check: DKIM pass of ${passed.domain}` };
  }
  const server = withoutVerdict(header);
  const found = own.length === 0 ? 'no DKIM signature of the From domain' : describe(own);
  const why = mail.ownDkim === null ? server : `${server}; our own check: ${found}`;
  return { domain, result: 'none', policy: null, why };
}

/** The entry of TRUSTED_AUTHSERV_IDS that names the server that wrote a header, or null if none does. */
export function authservName({ readable, authservId }: AuthenticationResults): string | null {
  if (!readable || authservId === exchangeOnline) return null;
  return authservId === '' ? exchangeOnline : authservId;
}

function withoutVerdict(header: AuthenticationResults | undefined): string {
  if (header === undefined) return 'no trusted server gave a verdict';
  return header.readable
    ? `${authservName(header)} gave no verdict`
    : 'the topmost Authentication-Results cannot be read';
}

function describe(signatures: DkimCheck['signatures']): string {
  return signatures
    .map(
      ({ result, uncovered, domain }) =>
        `DKIM ${result} of ${domain}${uncovered === null ? '' : ` that leaves out ${uncovered}`}`,
    )
    .join(', ');
}

/** True if repeating our own check may yield a pass: a key of the From domain could not be fetched. */
export function mayPassLater(check: DkimCheck, fromDomain: string): boolean {
  return check.signatures.some(
    ({ result, uncovered, domain }) =>
      result === 'temperror' && uncovered === null && aligned(domain, fromDomain),
  );
}

/** DMARC results that are neither pass nor fail (RFC 8601 §2.7.1, RFC 7489 §11.2; the last is Exchange Online's). */
const undecided = new Set(['none', 'temperror', 'permerror', 'bestguesspass']);

type Said = Pick<Verdict, 'result' | 'why'> & { policy?: string | null };

/** A trusted header's result for the From domain, or null if it has no decisive one. */
function judgeHeader(header: AuthenticationResults, fromDomain: string): Said | null {
  const server = authservName(header) ?? 'an Authentication-Results that cannot be read';
  const dmarc = header.results.filter(({ method }) => method === 'dmarc');
  const decided = dmarc.filter(({ result }) => result !== 'pass' && !undecided.has(result));
  const failed = decided.find((one) => aligned(domainOf(one.properties['header.from'] ?? ''), fromDomain));
  if (failed !== undefined)
    return { result: 'fail', policy: failed.policy, why: `${server}: DMARC fail of ${fromDomain}` };
  // it fails, though not for certain whose From: nothing beside it and no check of ours makes a pass of that
  if (header.saysFail || decided.length > 0)
    return { result: 'none', why: `${server} says that DMARC fails, but not for which From` };

  const passed = dmarc.filter(({ result }) => result === 'pass');
  if (passed.length > 0 && passed.length === dmarc.length && passed.every((one) => isOf(one, fromDomain)))
    return { result: 'pass', why: `${server}: DMARC pass of ${fromDomain}` };
  // it was judged for another From than ours, or says two things
  if (passed.some(({ properties }) => properties['header.from'] !== undefined) || dmarc.length > 1)
    return { result: 'none', why: `${server}: DMARC pass, but not of ${fromDomain} alone` };
  const signature = header.results.find(
    ({ method, result, properties }) =>
      method === 'dkim' &&
      result === 'pass' &&
      aligned(domainOf(properties['header.d'] ?? properties['header.i'] ?? ''), fromDomain),
  );
  return signature === undefined
    ? null
    : { result: 'pass', why: `${server}: aligned DKIM pass of ${fromDomain}` };
}

/** The From domain that a server judged is the one that speaks: one that read another From than we do vouches for none. */
function isOf({ properties }: AuthenticationResult, fromDomain: string): boolean {
  return domainOf(properties['header.from'] ?? '').replace(/\.$/u, '') === fromDomain;
}

/** A property's value is a domain or an address of one (`@acme.it`, `mario@acme.it`). */
function domainOf(value: string): string {
  return emailDomain(value).toLowerCase();
}

/** The proof of a mail. */
export type Proof = Verdict['result'];
