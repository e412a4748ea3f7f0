import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files that a server reads. */
export type Certificate = { keyFile: string; certificateFile: string };

export type CertificateAuthority = {
  /** for TLS_CA_FILE */
  file: string;
  /**
   * Signs a server's certificate.
   * @param names as in subjectAltName: `DNS:localhost`, `IP:127.0.0.1`
   * @param days how long it is valid; -1: since yesterday it no longer is
   */
  issue(names: string[], days?: number): Promise<Certificate>;
  remove(): Promise<void>;
};

/** A certificate authority of its own, made by openssl, in a folder of its own. */
export async function createCertificateAuthority(): Promise<CertificateAuthority> {
  const directory = await mkdtemp(join(tmpdir(), 'kticket-ca-'));
  // servers read as users of their own what root wrote
  await chmod(directory, 0o755);
  const openssl = (line: string): Promise<unknown> => run('openssl', line.split(' '), { cwd: directory });
  const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  await openssl(`req -x509 ${newKey} -keyout ca.key -out ca.pem -days 30 -subj /CN=test-ca`);
  let serial = 0;
  return {
    file: join(directory, 'ca.pem'),
    async issue(names, days = 30) {
      serial += 1;
      const name = `server${serial}`;
      await openssl(`req ${newKey} -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`);
      await writeFile(join(directory, `${name}.ext`), `subjectAltName=${names.join(',')}\n`);
      await openssl(
        `x509 -req -in ${name}.csr -CA ca.pem -CAkey ca.key -set_serial ${serial} -days ${days} -extfile ${name}.ext -out ${name}.pem`,
      );
      await chmod(join(directory, `${name}.key`), 0o644);
      return { keyFile: join(directory, `${name}.key`), certificateFile: join(directory, `${name}.pem`) };
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
