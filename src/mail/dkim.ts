import { resolve } from 'node:dns/promises';
import { type DNSResolver, dkimVerify } from 'mailauth';
import type { DkimCheck } from '../core/authentication.ts';

/** Looks up DNS records: mailauth asks for TXT. */
export type Resolver = DNSResolver;

const timeoutMs = 5_000;

type Signature = DkimCheck['signatures'][number];

/**
 * Verifies a mail's DKIM signatures (RFC 6376), strictly: rsa-sha1 and keys under 1,024 bits do not pass.
 * Never rejects; a resolver that is down or slower than 5 s in all gives one `temperror`.
 */
export async function checkDkim(raw: Uint8Array, resolver: Resolver = systemResolver): Promise<DkimCheck> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<DkimCheck>((done) => {
    timer = setTimeout(() => done(failed), timeoutMs);
  });
  try {
    return await Promise.race([verify(withNetworkLineEnds(raw), resolver), tooLate]);
  } catch {
    // mailauth throws on some malformed mails; a mail that cannot be verified is one that did not pass
    return failed;
  } finally {
    clearTimeout(timer);
  }
}

const failed: DkimCheck = { signatures: [{ result: 'temperror', domain: '', partial: false }] };

async function systemResolver(name: string, type: string): Promise<string[][] | string[]> {
  if (type !== 'TXT') throw new Error(`only TXT records are looked up here, not ${type}`);
  return resolve(name, 'TXT');
}

async function verify(raw: Buffer, resolver: Resolver): Promise<DkimCheck> {
  const { results } = await dkimVerify(raw, { resolver, strict: true, minBitLength: 1_024 });
  return {
    signatures: results.flatMap(({ status, signingDomain, canonBodyLengthLimited }) =>
      status.result === 'none'
        ? []
        : [
            {
              result: readResult(status.result),
              domain: (signingDomain ?? '').toLowerCase(),
              partial: canonBodyLengthLimited === true,
            },
          ],
    ),
  };
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
