import { EventEmitter } from 'node:events';
import type { DemoMailServer } from '../../src/demo/desk-server.ts';
import type { DeliveredMail } from '../../src/demo/mail-server.ts';
import { company, desk, people } from '../../src/demo/people.ts';
import { clientFor, mailboxesOf } from './dovecot-mail-server.ts';
import { type Dovecot, freePort, startDovecot } from './dovecot.ts';
import { authservId, startPostfix } from './postfix.ts';

/**
 * A mail server as small companies run them: users log in at Postfix, whose passwords Dovecot knows, and send as
 * themselves; it vouches for their domain (by their envelope sender, all that Postfix itself compares with the login),
 * takes forged verdicts away, and hands mail to Dovecot by LMTP, plus-addresses and all.
 */
export async function startPostfixMailServer(): Promise<DemoMailServer> {
  const saslPort = await freePort();
  const dovecot = await startDovecot({
    extra: `
service auth {
  inet_listener {
    address = 127.0.0.1
    port = ${saslPort}
  }
}`,
  });
  const domains = [desk.address, people.piero.email].map((address) => address.replace(/^.*@/, ''));
  const postfix = await startPostfix({
    mailboxes: { domains: [...domains, company.domain], lmtpPort: dovecot.lmtpPort },
    saslPort,
  });
  const deliveries = new EventEmitter<{ delivered: [DeliveredMail] }>();
  const watchers: { close(): void }[] = [];
  return {
    authservId,
    ...mailboxesOf(dovecot),
    smtpUrl: (address) =>
      address === undefined
        ? `smtp://127.0.0.1:${postfix.smtpPort}`
        : `smtp://${encodeURIComponent(address)}:${dovecot.password}@127.0.0.1:${postfix.submissionPort}`,
    async addMailbox(address) {
      // whoever logs in has one
      watchers.push(
        await watchInbox(dovecot, address, (delivered) => deliveries.emit('delivered', delivered)),
      );
    },
    addAlias(alias, address) {
      if (alias !== address) throw new Error(`${alias}: this server has no aliases`);
    },
    onDelivered(listener) {
      deliveries.on('delivered', listener);
      return () => deliveries.off('delivered', listener);
    },
    async close() {
      for (const watcher of watchers) watcher.close();
      await postfix.stop();
      await dovecot.stop();
    },
  };
}

/** Tells of each mail in an inbox that is not moved away at once, oldest first. */
async function watchInbox(
  dovecot: Dovecot,
  address: string,
  tell: (delivered: DeliveredMail) => void,
): Promise<{ close(): void }> {
  const client = clientFor(dovecot, address);
  await client.connect();
  await client.mailboxOpen('INBOX', { readOnly: true });
  let next = 1;
  const look = async (): Promise<void> => {
    for await (const { uid, source } of client.fetch(`${next}:*`, { source: true }, { uid: true })) {
      // `*` is the last one, however old
      if (uid < next || source === undefined) continue;
      next = uid + 1;
      tell({
        mailbox: address,
        envelopeRecipient: header(source, 'Delivered-To'),
        envelopeSender: header(source, 'Return-Path').replace(/^<|>$/g, ''),
        raw: source,
      });
    }
    await client.idle();
  };
  // a look ends the IDLE of the one before it
  const onNews = (): void => {
    look().catch(() => client.close());
  };
  client.on('exists', onNews);
  onNews();
  return { close: () => client.close() };
}

function header(raw: Buffer, name: string): string {
  return new RegExp(`^${name}: *(.*?)\r?$`, 'im').exec(raw.toString('latin1'))?.[1] ?? '';
}
