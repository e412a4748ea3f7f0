import { getDomain } from 'tldts';
import { emailDomain } from './address.ts';

/** One Authentication-Results header, parsed (RFC 8601). */
export type AuthenticationResults = {
  /** lower-case; '' where the header names none (Exchange Online) */
  authservId: string;
  results: {
    method: string;
    result: string;
    /** lower-case `ptype.property` to value, e.g. `header.from` */
    properties: Record<string, string>;
  }[];
};

/**
 * Stands in TRUSTED_AUTHSERV_IDS for the server whose headers name no authserv-id, as Exchange Online writes them: an
 * explicit setting, since anybody can leave the id out. A header that claims this very word counts for nothing.
 */
export const exchangeOnline = 'exchange-online';

/** What our own DKIM verification found. */
export type DkimCheck = {
  signatures: {
    result: 'pass' | 'fail' | 'temperror' | 'permerror' | 'none';
    /** d= */
    domain: string;
    /**
     * What of the mail could be changed under it, so that it does not count: the rest of the body after l=
     * (BAD-MAIL 37), a header it leaves out; null: nothing that commands
     */
    uncovered: string | null;
  }[];
};

/** Whether a mail is authentic for its From domain. Only `pass` lets a command act. */
export type Verdict = {
  result: 'pass' | 'fail' | 'none';
  /** for the admin */
  why: string;
};

/**
 * Reads an Authentication-Results header (RFC 8601 §2.2): comments, folding, quoted strings, `reason=`, version and
 * `none` included.
 * @param header the unfolded value
 * @returns null where it is malformed: an unclosed quote or comment, control characters
 */
export function parseAuthenticationResults(header: string): AuthenticationResults | null {
  const segments = /[^\P{Cc}\s]/u.test(header) ? null : splitSegments(header);
  if (segments === null) return null;
  const [first = [], ...rest] = segments;
  const firstWord = first[0] ?? '';
  // Exchange Online leaves the authserv-id out and begins with a result
  const named = !firstWord.includes('=');
  const results = (named ? rest : segments).flatMap((words) => readResult(words) ?? []);
  if (named && firstWord === '') return null;
  return { authservId: named ? firstWord.toLowerCase() : '', results };
}

/** The words of each `;`-separated segment: no comments, quotes taken off, no space around `=`; null if malformed. */
function splitSegments(header: string): string[][] | null {
  const segments: string[][] = [[]];
  let word = '';
  let depth = 0;
  let quoted = false;
  const endWord = () => {
    const words = segments.at(-1);
    if (word !== '') words?.push(word);
    word = '';
  };
  for (let at = 0; at < header.length; at += 1) {
    const char = header[at] ?? '';
    if (char === '\\' && (quoted || depth > 0)) {
      at += 1;
      if (quoted && depth === 0) word += header[at] ?? '';
    } else if (quoted) {
      if (char === '"') quoted = false;
      else word += char;
    } else if (char === '(') depth += 1;
    else if (depth > 0) depth -= char === ')' ? 1 : 0;
    else if (char === '"') quoted = true;
    else if (char === ';') {
      endWord();
      segments.push([]);
    } else if (/\s/u.test(char)) {
      // `dkim = pass` is one word (RFC 8601 allows CFWS around the sign)
      const next = /\S/u.exec(header.slice(at, at + 200))?.[0];
      if (next !== '=' && !word.endsWith('=')) endWord();
    } else word += char;
  }
  if (quoted || depth > 0) return null;
  endWord();
  return segments;
}

function readResult(words: string[]): AuthenticationResults['results'][number] | null {
  const [head = '', ...rest] = words;
  const found = /^([a-z][a-z0-9-]*)(?:\/\d+)?=([a-z][a-z0-9-]*)$/iu.exec(head);
  if (found === null) return null;
  const properties: Record<string, string> = {};
  for (const word of rest) {
    const sign = word.indexOf('=');
    const name = word.slice(0, sign).toLowerCase();
    // the first of two equal names stays; `__proto__` cannot be a name, it holds no dot
    if (/^[a-z]+\.[a-z0-9_-]+$/u.test(name)) properties[name] ??= word.slice(sign + 1);
  }
  return { method: (found[1] ?? '').toLowerCase(), result: (found[2] ?? '').toLowerCase(), properties };
}

/** The domain a registrar sold (public suffix list), or the name itself where there is none. */
function organisation(domain: string): string {
  const plain = domain.toLowerCase().replace(/\.$/u, '');
  return getDomain(plain, { allowPrivateDomains: true }) ?? plain;
}

/** Relaxed alignment (RFC 7489 §3.1): both belong to the same organisation. */
function aligned(one: string, other: string): boolean {
  return one !== '' && other !== '' && organisation(one) === organisation(other);
}

/**
 * Whether a mail is authentic for the domain of its From address. The topmost header of a trusted server counts,
 * wherever it stands among the others (BAD-MAIL 36); where that says nothing, our own DKIM check does. A header that
 * cannot be read may be the trusted server's, made unreadable by what it quotes of the mail: what stands below it is
 * not looked at.
 * @param mail `fromDomain` lower-case ASCII; the headers topmost first, null for one that cannot be read
 * @param trusted authserv-ids, compared whole and without case, or `exchangeOnline`; the empty one never counts
 */
export function judge(
  mail: {
    fromDomain: string;
    authenticationResults: (AuthenticationResults | null)[];
    ownDkim: DkimCheck | null;
  },
  trusted: string[],
): Verdict {
  const trustedIds = new Set(trusted.map((id) => id.toLowerCase()));
  const header = mail.authenticationResults.find((one) => {
    const name = one === null ? null : authservName(one);
    return one === null || (name !== null && trustedIds.has(name));
  });
  const verdict = header === undefined || header === null ? null : judgeHeader(header, mail.fromDomain);
  if (verdict !== null) return verdict;

  const own = mail.ownDkim?.signatures.filter(({ domain }) => aligned(domain, mail.fromDomain)) ?? [];
  const passed = own.find(({ result, uncovered }) => result === 'pass' && uncovered === null);
  if (passed !== undefined) {
    return { result: 'pass', why: `our own check: DKIM pass of ${passed.domain}` };
  }
  const server = withoutVerdict(header);
  const found = own.length === 0 ? 'no DKIM signature of the From domain' : describe(own);
  return { result: 'none', why: mail.ownDkim === null ? server : `${server}; our own check: ${found}` };
}

/** The word by which TRUSTED_AUTHSERV_IDS names the server that wrote a header; null: no word does. */
export function authservName({ authservId }: AuthenticationResults): string | null {
  if (authservId === '') return exchangeOnline;
  return authservId === exchangeOnline ? null : authservId;
}

function withoutVerdict(header: AuthenticationResults | null | undefined): string {
  if (header === undefined) return 'no trusted server gave a verdict';
  return header === null
    ? 'the topmost Authentication-Results cannot be read'
    : `${authservName(header)} gave no verdict`;
}

function describe(signatures: DkimCheck['signatures']): string {
  return signatures
    .map(
      ({ result, uncovered, domain }) =>
        `DKIM ${result} of ${domain}${uncovered === null ? '' : ` that leaves out ${uncovered}`}`,
    )
    .join(', ');
}

/** Whether our own check may come to a pass when it is made again: a key of the From domain was not to be had. */
export function mayPassLater(check: DkimCheck, fromDomain: string): boolean {
  return check.signatures.some(
    ({ result, uncovered, domain }) =>
      result === 'temperror' && uncovered === null && aligned(domain, fromDomain),
  );
}

/** What a trusted header says about the From domain; null where it says nothing that decides. */
function judgeHeader(header: AuthenticationResults, fromDomain: string): Verdict | null {
  const { results } = header;
  const server = authservName(header);
  const dmarc = results.filter(
    ({ method, properties }) =>
      method === 'dmarc' && aligned(domainOf(properties['header.from'] ?? fromDomain), fromDomain),
  );
  const failed = dmarc.some(({ result }) => result === 'fail');
  if (!failed && dmarc.some(({ result }) => result === 'pass')) {
    return { result: 'pass', why: `${server}: DMARC pass of ${fromDomain}` };
  }
  const signature = results.find(
    ({ method, result, properties }) =>
      method === 'dkim' &&
      result === 'pass' &&
      aligned(domainOf(properties['header.d'] ?? properties['header.i'] ?? ''), fromDomain),
  );
  if (signature !== undefined)
    return { result: 'pass', why: `${server}: aligned DKIM pass of ${fromDomain}` };
  return failed ? { result: 'fail', why: `${server}: DMARC fail of ${fromDomain}` } : null;
}

/** A property's value is a domain or an address of one (`@acme.it`, `mario@acme.it`). */
function domainOf(value: string): string {
  return emailDomain(value).toLowerCase();
}
