import { EventEmitter } from 'node:events';
import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import type { DemoMailServer } from '../../src/demo/desk-server.ts';
import { type DeliveredMail, startMailServer } from '../../src/demo/mail-server.ts';
import { type Dovecot, startDovecot } from './dovecot.ts';

/**
 * A mail server whose mailboxes are Dovecot's: the embedded one takes mail by SMTP and stamps it, LMTP puts it into
 * Dovecot, in the order in which it came, and what is read is read there.
 */
export async function startDovecotMailServer(): Promise<DemoMailServer> {
  const front = await startMailServer({ authservId: 'mail.kybernes.example' });
  const dovecot = await startDovecot();
  const lmtp = createTransport({ host: '127.0.0.1', port: dovecot.lmtpPort, lmtp: true, ignoreTLS: true });
  const deliveries = new EventEmitter<{ delivered: [DeliveredMail] }>();
  let passedOn: Promise<void> = Promise.resolve();
  const passOn = async (earlier: Promise<void>, delivered: DeliveredMail): Promise<void> => {
    await earlier;
    const { envelopeSender: from, envelopeRecipient: to, raw } = delivered;
    await lmtp.sendMail({ envelope: { from, to }, raw });
    deliveries.emit('delivered', delivered);
  };
  front.onDelivered((delivered) => {
    passedOn = passOn(passedOn, delivered);
    passedOn.catch(() => {
      // `close` says so; until then the mail is missing where it is waited for
    });
  });
  return {
    ...front,
    ...mailboxesOf(dovecot),
    onDelivered(listener) {
      deliveries.on('delivered', listener);
      return () => deliveries.off('delivered', listener);
    },
    async close() {
      try {
        await passedOn;
      } finally {
        lmtp.close();
        await front.close();
        await dovecot.stop();
      }
    },
  };
}

/** Reads the mailboxes of a Dovecot. */
export function mailboxesOf(dovecot: Dovecot): Pick<DemoMailServer, 'imapUrl' | 'folder'> {
  return {
    imapUrl: (address) =>
      `imap://${encodeURIComponent(address)}:${dovecot.password}@127.0.0.1:${dovecot.imapPort}/INBOX`,
    async folder(address, folder) {
      const client = clientFor(dovecot, address);
      await client.connect();
      try {
        const { exists } = await client.mailboxOpen(folder, { readOnly: true });
        const raws: Buffer[] = [];
        if (exists > 0)
          for await (const { source } of client.fetch('1:*', { source: true }))
            raws.push(source ?? Buffer.of());
        return raws;
      } finally {
        await client.logout();
      }
    },
  };
}

/** A mail program for one of its mailboxes, not connected yet. */
export function clientFor(dovecot: Dovecot, address: string): ImapFlow {
  return new ImapFlow({
    host: '127.0.0.1',
    port: dovecot.imapPort,
    secure: false,
    auth: { user: address, pass: dovecot.password },
    logger: false,
  });
}
