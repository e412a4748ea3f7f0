import type { DKIMVerifyResult, DNSResolver } from 'mailauth';
import type { DkimCheck } from '../../core/message/authentication.ts';
import { type ForVerification, selectSignatures } from './signatures.ts';

/** Looks up DNS records: mailauth asks for TXT. Rejects with a `code` as node:dns has it. */
export type Resolver = DNSResolver;

/** Milliseconds that all look-ups of one mail may take. */
const timeoutMs = 5_000;
/**
 * Headers that decide when, where and as what a mail takes effect, and how its bytes are read: a signature under which one of
 * them may be changed or added does not count.
 */
const commanding = [
  'From',
  'To',
  'Cc',
  'Subject',
  'Date',
  'Message-ID',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
];

type Signature = DkimCheck['signatures'][number];

/**
 * Verifies the DKIM signatures of a mail's From domain (RFC 6376), strictly: rsa-sha1, keys under 1,024 bits and keys in testing
 * do not pass. Those of other domains, which would not count, are left alone. Never rejects; a resolver that is down or slower
 * than 5 s in all makes a `temperror`. Takes time linear in the size of the mail.
 * @param resolver where keys are looked up, see `keyResolver`
 */
export async function checkDkim(raw: Uint8Array, resolver: Resolver): Promise<DkimCheck> {
  const chosen = selectSignatures(withNetworkLineEnds(raw));
  if (chosen === null) return unverifiable;
  const partial = chosen.selected.filter((one) => one.partial).map(({ domain }) => partly(domain));
  if (chosen.bytes === null) return { signatures: partial };
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    deadline.reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEOUT' }));
  }, timeoutMs);
  const inTime: Resolver = (name, type) => Promise.race([resolver(name, type), deadline.promise]);
  // nobody waits for it where no key is looked up
  deadline.promise.catch(() => {});
  try {
    // few mails need it, and it takes its time to load
    const { dkimVerify } = await import('mailauth/lib/dkim/verify.js');
    const options = { resolver: inTime, strict: true, minBitLength: 1_024 };
    const verified = signaturesOf(await dkimVerify(chosen.bytes, options), chosen);
    return { signatures: [...verified, ...partial] };
  } catch {
    // mailauth throws on some malformed mails; a mail that cannot be verified is one that did not pass
    return unverifiable;
  } finally {
    clearTimeout(timer);
  }
}

/** Result for a mail whose signatures, if any, our code cannot check. */
export const unverifiable: DkimCheck = { signatures: [{ result: 'permerror', domain: '', uncovered: null }] };

const theEnd = 'the end of the body (l=)';

/** Signatures that do not count are not verified. */
function partly(domain: string): Signature {
  return { result: 'none', domain: domain.toLowerCase(), uncovered: theEnd };
}

function signaturesOf({ results }: DKIMVerifyResult, { present }: ForVerification): Signature[] {
  return results.flatMap(({ status, signingDomain, canonBodyLengthLimited, signingHeaders }) => {
    // a key in testing vouches for nothing (RFC 6376 §3.6.1)
    if (status.result === 'none' || status.testing === true) return [];
    const signed = signingHeaders?.headers.map((line) => line.slice(0, line.indexOf(':'))) ?? [];
    const unsigned = commanding.find((name) => count(present, name) > count(signed, name));
    return [
      {
        result: readResult(status.result),
        domain: (signingDomain ?? '').toLowerCase(),
        uncovered: canonBodyLengthLimited === true ? theEnd : (unsigned ?? null),
      },
    ];
  });
}

function count(names: string[], name: string): number {
  return names.filter((one) => one.trim().toLowerCase() === name.toLowerCase()).length;
}

/** `neutral` (unknown or expired key, bad syntax) and `policy` (weak key) will not become better by waiting. */
function readResult(result: string): Signature['result'] {
  switch (result) {
    case 'pass':
    case 'fail':
    case 'temperror':
      return result;
    default:
      return 'permerror';
  }
}

/** Signatures are made over CRLF; an MTA's pipe hands over the same mail with LF, and others mix them. */
function withNetworkLineEnds(raw: Uint8Array): Buffer {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  return hasBareLineFeed(bytes)
    ? Buffer.from(bytes.toString('latin1').replace(/\r?\n/gu, '\r\n'), 'latin1')
    : bytes;
}

function hasBareLineFeed(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at - 1] !== 0x0d) return true;
  }
  return false;
}
