/**
 * Strict reading of an Authentication-Results header (RFC 8601 §2.2). A server includes values chosen by the sender (the
 * address of MAIL FROM, the name of HELO), and not every server quotes them properly. So anything that could be split in two
 * ways is not read at all: a mail without a verdict is asked about, one with somebody else's verdict acts.
 */

/** One result: `dkim=pass header.d=acme.it`. */
export type AuthenticationResult = {
  /** lower-case, as are `result` and the names of properties */
  method: string;
  result: string;
  /** `ptype.property` to value, e.g. `header.from` */
  properties: Record<string, string>;
  /** for DMARC, the policy that the domain publishes, as noted by the server in one of several ways, or null if unknown */
  policy: string | null;
};

/** One Authentication-Results header, parsed. */
export type AuthenticationResults = {
  /** it is split into results without doubt; else it has none, and its server is unknown */
  readable: boolean;
  /** lower-case; '' where the header names none (Exchange Online) */
  authservId: string;
  results: AuthenticationResult[];
  /** `dmarc=fail` stands in it anywhere, in a comment, a quote or a header that cannot be read too */
  saysFail: boolean;
};

/** Characters; servers write a few hundred, and one with ten signatures 2,000. A longer header is not read. */
const longest = 8_000;

const failure = /\bdmarc(?:\/\d{1,3})?\s{0,20}=\s{0,20}"?fail/iu;

/**
 * Reads a header in time linear in its length. Not read are, beyond what breaks the grammar: quotes and backslashes in a
 * comment, a quoted local part, text beside a quote, a segment that is no result, a property with two values.
 * @param header the unfolded value
 */
export function parseAuthenticationResults(header: string): AuthenticationResults {
  const saysFail = failure.test(header);
  const read = header.length > longest || /[^\P{Cc}\s]/u.test(header) ? null : readHeader(header);
  return read === null
    ? { readable: false, authservId: '', results: [], saysFail }
    : { readable: true, ...read, saysFail };
}

function readHeader(header: string): Pick<AuthenticationResults, 'authservId' | 'results'> | null {
  const segments = splitSegments(header);
  if (segments === null) return null;
  const [first = [], ...rest] = segments;
  // Exchange Online leaves the authserv-id out and begins with a result
  const isNamed = !first.some(({ kind }) => kind === 'equals');
  const authservId = isNamed ? readServer(first) : '';
  if (authservId === null) return null;
  const results: AuthenticationResult[] = [];
  for (const segment of isNamed ? rest : segments) {
    if (saysNothing(segment, isNamed)) continue;
    const result = readResult(segment);
    if (result === null) return null;
    results.push(result);
  }
  return { authservId, results };
}

// ── tokens ───────────────────────────────────────────────────────────────────

/** `glued`: nothing stands between it and the one before */
type Token =
  | { kind: 'word' | 'quoted'; text: string; glued: boolean }
  | { kind: 'equals'; glued: boolean }
  | { kind: 'comment'; text: string };

const space = /[ \t\r\n]+/y;
const word = /[^\s;="()\\]+/y;
/** Text of a comment without escapes and quotes, which may close it in one reading and not in another. */
const commentText = /[^()"\\]+/y;
const quotedText = /(?:[^"\\]|\\.)*"/y;

/** The tokens of each `;`-separated segment; null where they are in doubt. */
function splitSegments(header: string): Token[][] | null {
  const segments: Token[][] = [];
  let segment: Token[] = [];
  let glued = false;
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(header)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  while (at < header.length) {
    const char = header[at];
    if (char === ';') {
      segments.push(segment);
      segment = [];
      glued = false;
      at += 1;
    } else if (char === '=') {
      segment.push({ kind: 'equals', glued });
      glued = true;
      at += 1;
    } else if (char === '"') {
      at += 1;
      const text = take(quotedText);
      if (text === null) return null;
      segment.push({ kind: 'quoted', text: text.slice(0, -1).replace(/\\(.)/gu, '$1'), glued });
      glued = true;
    } else if (char === '(') {
      const end = commentEnd(header, at);
      if (end === null) return null;
      segment.push({ kind: 'comment', text: header.slice(at + 1, end - 1) });
      glued = false;
      at = end;
    } else if (take(space) !== null) glued = false;
    else {
      const text = take(word);
      if (text === null) return null;
      segment.push({ kind: 'word', text, glued });
      glued = true;
    }
  }
  return [...segments, segment];
}

/** End of the comment that begins at `start` (comments nest); null if it has none, or may have another. */
function commentEnd(header: string, start: number): number | null {
  let depth = 0;
  let at = start;
  while (at < header.length) {
    const char = header[at];
    if (char === '(' || char === ')') {
      depth += char === '(' ? 1 : -1;
      at += 1;
      if (depth === 0) return at;
      continue;
    }
    commentText.lastIndex = at;
    const text = commentText.exec(header)?.[0];
    if (text === undefined) return null;
    at += text.length;
  }
  return null;
}

// ── segments ─────────────────────────────────────────────────────────────────

const withoutComments = (segment: Token[]) => segment.filter((token) => token.kind !== 'comment');

/** The authserv-id, with an optional version; null if malformed. */
function readServer(segment: Token[]): string | null {
  const [id, version, ...more] = withoutComments(segment);
  if (id === undefined || id.kind === 'equals' || id.text === '' || more.length > 0) return null;
  const isVersion =
    version === undefined || (version.kind === 'word' && !version.glued && /^\d{1,3}$/u.test(version.text));
  return isVersion ? id.text.toLowerCase() : null;
}

/** An empty segment, `none`, or the bare domain that Exchange Online puts between its results. */
function saysNothing(segment: Token[], isNamed: boolean): boolean {
  const [only, ...more] = withoutComments(segment);
  if (only === undefined) return true;
  if (only.kind !== 'word' || more.length > 0) return false;
  return (
    only.text.toLowerCase() === 'none' ||
    (!isNamed && /^(?:[\w-]{1,63}\.){1,10}[a-z]{2,63}$/iu.test(only.text))
  );
}

const methodName = /^([a-z][a-z0-9-]*)(?:\/\d{1,3})?$/u;
const resultName = /^[a-z][a-z0-9-]*$/u;
/** `ptype.property`, or a property without ptype: `reason`, and Exchange Online's `action`. */
const propertyName = /^[a-z][a-z0-9-]*(?:\.[a-z0-9_.-]+)?$/u;

/** A result with its properties; null where the segment is not made of these alone. */
function readResult(segment: Token[]): AuthenticationResult | null {
  const pairs = readPairs(segment);
  const [head, ...rest] = pairs ?? [];
  const method = methodName.exec(head?.name ?? '')?.[1];
  const result = head?.value.toLowerCase() ?? '';
  if (method === undefined || !resultName.test(result)) return null;
  const properties: Record<string, string> = {};
  for (const { name, value } of rest) {
    if (!propertyName.test(name)) return null;
    // `__proto__` cannot be a name: it begins with no letter
    if ((properties[name] ?? value) !== value) return null;
    properties[name] = value;
  }
  return { method, result, properties, policy: method === 'dmarc' ? policyOf(segment, properties) : null };
}

type Pair = { name: string; value: string };

/** `name=value` again and again, as RFC 8601 has them: comments and space may stand around each of the three. */
function readPairs(segment: Token[]): Pair[] | null {
  const tokens = withoutComments(segment);
  const pairs: Pair[] = [];
  let at = 0;
  while (at < tokens.length) {
    const name = tokens[at];
    const sign = tokens[at + 1];
    if (name?.kind !== 'word' || name.glued || sign?.kind !== 'equals') return null;
    at += 2;
    const value = readValue(tokens, at);
    if (value === null) return null;
    pairs.push({ name: name.text.toLowerCase(), value: value.text });
    at = value.end;
  }
  return pairs;
}

/** The value that begins at `start`: empty, a quoted string, or a word, which may contain `=` (base64, SRS). */
function readValue(
  tokens: Exclude<Token, { kind: 'comment' }>[],
  start: number,
): { text: string; end: number } | null {
  const first = tokens[start];
  if (first === undefined) return { text: '', end: start };
  let end = start + 1;
  while (tokens[end]?.glued === true) end += 1;
  const parts = tokens.slice(start, end);
  if (first.kind === 'quoted') return parts.length === 1 ? { text: first.text, end } : null;
  if (parts.some(({ kind }) => kind === 'quoted')) return null;
  // what is set apart from the sign before it and has one of its own may be the next property
  if (!first.glued && parts.length > 1) return null;
  return { text: parts.map((part) => (part.kind === 'equals' ? '=' : part.text)).join(''), end };
}

/**
 * The policy that a DMARC result was judged by: `(p=NONE sp=NONE dis=NONE)` of Google and OpenDMARC, `(policy=none)` of rspamd,
 * `policy.published-domain-policy=none` of Authentication Milter. Null where none or several are named.
 */
function policyOf(segment: Token[], properties: Record<string, string>): string | null {
  const comments = segment.flatMap((token) => (token.kind === 'comment' ? [token.text] : []));
  const noted = comments.flatMap((text) =>
    [...text.matchAll(/(?:^|[\s,;])(?:p|policy)[ \t]?=[ \t]?([a-z]{1,20})/giu)].map(([, policy]) => policy),
  );
  const named = ['policy.published-domain-policy', 'policy.dmarc', 'policy.p'].map(
    (name) => properties[name],
  );
  const all = new Set([...noted, ...named].flatMap((policy) => policy?.toLowerCase() ?? []));
  const [policy] = all;
  return all.size === 1 && policy !== undefined ? policy : null;
}
