import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { kticket } from '../cli/kticket.ts';
import { scratchDatabase } from '../harness/database.ts';
import {
  type Certificate,
  type CertificateAuthority,
  createCertificateAuthority,
} from '../harness/certificates.ts';
import { freePort, startDovecot } from '../harness/dovecot.ts';
import { type PostfixOptions, startPostfix } from '../harness/postfix.ts';
import { postfixAvailable } from '../harness/servers.ts';

const desk = 'assistenza@kybernes.example';
const ownAddress = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

let ca: CertificateAuthority;

/** Findings of `kticket check` with these settings, `what` to `how  words`. */
async function check(settings: { mailbox?: string; smtp?: string; trustCa: boolean }) {
  const { url } = await scratchDatabase();
  const { stdout } = await kticket(['check'], {
    env: {
      DATABASE_URL: url,
      DESK_ADDRESS: `Assistenza <${desk}>`,
      MAILBOX_URL: settings.mailbox ?? 'none',
      SMTP_URL: settings.smtp ?? 'smtp://127.0.0.1:1',
      ...(settings.trustCa ? { TLS_CA_FILE: ca.file } : {}),
    },
  });
  const line = (what: string): string =>
    stdout.split('\n').find((one) => one.slice(6).startsWith(what)) ?? `no line for ${what}: ${stdout}`;
  return { mailbox: line('mailbox'), smtp: line('smtp') };
}

async function postfixWith(options: PostfixOptions) {
  const postfix = await startPostfix(options);
  onTestFinished(() => postfix.stop());
  return postfix;
}

/** A Dovecot that requires TLS, with a port where it is spoken from the first byte. */
async function imapsWith(certificate: Certificate) {
  const port = await freePort();
  const dovecot = await startDovecot({
    extra: `
ssl = required
ssl_cert = <${certificate.certificateFile}
ssl_key = <${certificate.keyFile}
service imap-login {
  inet_listener imaps {
    address = 127.0.0.1
    port = ${port}
    ssl = yes
  }
}`,
  });
  onTestFinished(() => dovecot.stop());
  return {
    dovecot,
    url: (host: string) => `imaps://${encodeURIComponent(desk)}:secret@${host}:${port}/INBOX`,
  };
}

describe.skipIf(!postfixAvailable())('TLS', () => {
  beforeAll(async () => {
    ca = await createCertificateAuthority();
  });
  afterAll(() => ca.remove());

  test('imaps:// and smtps:// work with a certificate of an authority that TLS_CA_FILE names', async () => {
    const certificate = await ca.issue(['DNS:localhost']);
    const [imap, postfix] = await Promise.all([imapsWith(certificate), postfixWith({ certificate })]);
    const urls = (host: string) => ({
      mailbox: imap.url(host),
      smtp: `smtps://${host}:${postfix.smtpsPort}`,
    });
    expect(await check({ ...urls('localhost'), trustCa: true })).toEqual({
      mailbox: expect.stringMatching(/^ok .*0 messages wait/),
      smtp: expect.stringMatching(/^ok .*accepts us/),
    });

    // an authority that nobody knows, and a name that is not the server's
    for (const [tried, said] of [
      [{ ...urls('localhost'), trustCa: false }, /^FAIL .*certificate.*TLS_CA_FILE/],
      [{ ...urls('127.0.0.1'), trustCa: true }, /^FAIL .*the URL must name the server as its certificate/],
    ] as const) {
      const found = await check(tried);
      expect(found.mailbox).toMatch(said);
      expect(found.smtp).toMatch(said);
      expect(found.mailbox).not.toContain('secret');
    }
  });

  test('a certificate that has expired is refused, and said to have', async () => {
    const certificate = await ca.issue(['DNS:localhost'], -1);
    const [imap, postfix] = await Promise.all([imapsWith(certificate), postfixWith({ certificate })]);
    const found = await check({
      mailbox: imap.url('localhost'),
      smtp: `smtps://localhost:${postfix.smtpsPort}`,
      trustCa: true,
    });
    expect(found.mailbox).toMatch(/^FAIL .*expired/);
    expect(found.smtp).toMatch(/^FAIL .*expired/);
  });

  test('imap:// to this machine stays plain, and works where TLS is required of everybody else', async () => {
    const imap = await imapsWith(await ca.issue(['DNS:elsewhere.example']));
    const url = `imap://${encodeURIComponent(desk)}:secret@127.0.0.1:${imap.dovecot.imapPort}/INBOX`;
    expect((await check({ mailbox: url, trustCa: false })).mailbox).toMatch(/^ok/);
  });

  test('smtp:// to this machine uses STARTTLS where it is offered, and asks for no certificate', async () => {
    const certificate = await ca.issue(['DNS:elsewhere.example'], -1);
    const postfix = await postfixWith({ certificate, main: 'smtpd_tls_loglevel = 1' });
    const found = await check({ smtp: `smtp://127.0.0.1:${postfix.smtpPort}`, trustCa: false });
    expect(found.smtp).toMatch(/^ok/);
    await postfix.logged(/TLS connection established/);
  });

  describe.skipIf(ownAddress === undefined)('off loopback', () => {
    const address = ownAddress ?? '';

    test('smtp:// takes STARTTLS with a certificate that is the server’s, and no other', async () => {
      const certificate = await ca.issue([`IP:${address}`]);
      const postfix = await postfixWith({ certificate, address });
      const smtp = `smtp://${address}:${postfix.smtpPort}`;
      expect((await check({ smtp, trustCa: true })).smtp).toMatch(/^ok/);
      expect((await check({ smtp, trustCa: false })).smtp).toMatch(/^FAIL .*TLS_CA_FILE/);
    });

    test('a server without STARTTLS is refused before it is told anything', async () => {
      const postfix = await postfixWith({ address });
      const found = await check({
        smtp: `smtp://assistenza:secret@${address}:${postfix.smtpPort}`,
        trustCa: true,
      });
      expect(found.smtp).toMatch(/^FAIL .*STARTTLS/);
      const gone = await postfix.logged(/disconnect from/);
      expect(gone).not.toMatch(/auth=|mail=/);
    });
  });

  test('imap:// off loopback is no setting at all', async () => {
    const { stdout } = await kticket(['check'], {
      env: {
        MAILBOX_URL: 'imap://a:secret@192.0.2.1/INBOX',
        SMTP_URL: 'smtp://127.0.0.1',
        DESK_ADDRESS: `A <${desk}>`,
      },
    });
    expect(stdout).toContain('imaps://');
    expect(stdout).not.toContain('secret');
  });
});
