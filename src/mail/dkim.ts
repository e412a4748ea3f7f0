import type { DKIMVerifyResult, DNSResolver } from 'mailauth';
import type { DkimCheck } from '../core/authentication.ts';

/** Looks up DNS records: mailauth asks for TXT. Rejects with a `code` as node:dns has it. */
export type Resolver = DNSResolver;

/** Milliseconds that all look-ups of one mail may take. */
const timeoutMs = 5_000;
/** A mail carries one to four; each costs a pass over the body and a look-up that whoever wrote it chose. */
const mostSignatures = 10;
/** What decides when and as what a mail acts: a signature under which one of them may be changed does not count. */
const commanding = ['From', 'Subject', 'Date', 'Message-ID'];

type Signature = DkimCheck['signatures'][number];

/**
 * Verifies a mail's DKIM signatures (RFC 6376), strictly: rsa-sha1, keys under 1,024 bits and keys in testing do not
 * pass. Never rejects; a resolver that is down or slower than 5 s in all makes a `temperror`.
 * @param resolver where keys are looked up, see `keyResolver`
 */
export async function checkDkim(raw: Uint8Array, resolver: Resolver): Promise<DkimCheck> {
  const bytes = withNetworkLineEnds(raw);
  if (signatureCount(bytes) > mostSignatures) return unverifiable;
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
    return signaturesOf(await dkimVerify(bytes, options));
  } catch {
    // mailauth throws on some malformed mails; a mail that cannot be verified is one that did not pass
    return unverifiable;
  } finally {
    clearTimeout(timer);
  }
}

/** What is said of a mail whose signatures, if it has any, our code cannot check. */
export const unverifiable: DkimCheck = { signatures: [{ result: 'permerror', domain: '', uncovered: null }] };

function signatureCount(bytes: Buffer): number {
  const end = bytes.indexOf('\r\n\r\n');
  const head = bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
  return head.match(/^dkim-signature[ \t]*:/gimu)?.length ?? 0;
}

function signaturesOf({ results, headers }: DKIMVerifyResult): DkimCheck {
  const present = headers?.parsed.map(({ key }) => key) ?? [];
  return {
    signatures: results.flatMap(({ status, signingDomain, canonBodyLengthLimited, signingHeaders }) => {
      // a key in testing vouches for nothing (RFC 6376 §3.6.1)
      if (status.result === 'none' || status.testing === true) return [];
      const signed = signingHeaders?.headers.map((line) => line.slice(0, line.indexOf(':'))) ?? [];
      const unsigned = commanding.find((name) => count(present, name) > count(signed, name));
      return [
        {
          result: readResult(status.result),
          domain: (signingDomain ?? '').toLowerCase(),
          uncovered: canonBodyLengthLimited === true ? 'the end of the body (l=)' : (unsigned ?? null),
        },
      ];
    }),
  };
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

/** Signatures are made over CRLF; an MTA's pipe hands over the same mail with LF. */
function withNetworkLineEnds(raw: Uint8Array): Buffer {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  if (bytes.includes('\r\n') || !bytes.includes('\n')) return bytes;
  return Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}
