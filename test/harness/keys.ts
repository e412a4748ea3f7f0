import { generateKeyPairSync } from 'node:crypto';
import { dkimSign } from 'mailauth/lib/dkim/sign.js';
import type { Resolver } from '../../src/mail/dkim/dkim.ts';

/** Name servers that know no key. */
export const noKeys: Resolver = async (name) => {
  throw Object.assign(new Error(`no such name: ${name}`), { code: 'ENOTFOUND' });
};

/** Name servers that are away. */
export const serversAway: Resolver = async () => {
  throw Object.assign(new Error('down'), { code: 'ECONNREFUSED' });
};

/** A domain that signs its mail, with the selector `uno`, and the name servers that know its key. */
export function signingDomain(domain: string) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const record = `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`;
  const keys: Resolver = async (name, type) =>
    name === `uno._domainkey.${domain}` ? [[record]] : noKeys(name, type);

  async function sign(
    raw: Uint8Array,
    options: { selector?: string; maxBodyLength?: number; headerList?: string[] } = {},
  ): Promise<Buffer> {
    const { selector = 'uno', headerList, ...rest } = options;
    const signer = { signingDomain: domain, selector, privateKey };
    const bytes = Buffer.from(raw);
    const { signatures } = await dkimSign(bytes, {
      canonicalization: 'relaxed/relaxed',
      ...signer,
      ...(headerList === undefined ? {} : { headerList }),
      signatureData: [{ ...signer, ...rest }],
    });
    return Buffer.concat([Buffer.from(signatures), bytes]);
  }

  return { keys, record, sign };
}
