import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { codeOrWords } from '../log/errors.ts';

const block = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED )?CERTIFICATE-----/g;

/** Certificates in PEM, or in words what the file has instead. */
type Authorities = { ok: true; certificates: string[] } | { ok: false; found: string };

/** Reads the file of TLS_CA_FILE. */
export function readAuthorities(path: string): Authorities {
  let bytes: Buffer;
  try {
    bytes = readFileSync(resolve(path));
  } catch (error) {
    return {
      ok: false,
      found: `this one cannot be read (${codeOrWords(error)})`,
    };
  }
  const text = bytes.toString('latin1');
  const certificates = text.match(block) ?? [];
  if (certificates.length === 0) return { ok: false, found: contentOf(bytes, text) };
  const broken = certificates.findIndex((one) => !isCertificate(one));
  return broken === -1
    ? { ok: true, certificates }
    : {
        ok: false,
        found: `certificate ${broken + 1} in it is damaged; copy it again, whole`,
      };
}

function contentOf(bytes: Buffer, text: string): string {
  if (bytes.length === 0) return 'this one is empty';
  if (text.includes('PRIVATE KEY-----'))
    return 'this one holds a private key, which belongs to the server alone';
  return isCertificate(bytes)
    ? 'this one is in DER: openssl x509 -inform der -in FILE -out FILE.pem'
    : 'this one holds none';
}

function isCertificate(written: string | Buffer): boolean {
  try {
    return new X509Certificate(written).subject !== undefined;
  } catch {
    return false;
  }
}

const trusted = new Set<string>();

/** From now on all TLS of this process, to whichever server, trusts these authorities besides those that Node knows. */
export function trustAuthorities(certificates: string[]): void {
  const fresh = certificates.filter((one) => !trusted.has(one));
  if (fresh.length === 0) return;
  for (const one of fresh) trusted.add(one);
  setDefaultCACertificates([...getCACertificates('default'), ...fresh]);
}
