/**
 * A whole mail server for one machine, in memory: every address has a real IMAP mailbox, and one submission server
 * takes mail from them and for them. The demo and the tests run the desk against it over real IMAP and SMTP.
 *
 * It does what the desk relies on: it keeps plus-addresses (RFC 5233) and says in Delivered-To which one was used, it
 * stamps its own verdict on top and removes forged ones, and it refuses unknown recipients. Nothing leaves the machine.
 */
import { EventEmitter } from 'node:events';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions, SMTPServerSession } from 'smtp-server';
import addressparser from 'nodemailer/lib/addressparser';
import { startImapMailbox } from './imap-mailbox.ts';
import type { ImapMailbox } from './imap-mailbox.ts';
import { withTraceHeaders } from './trace-headers.ts';
import type { TraceInfo } from './trace-headers.ts';
import { portOf } from '../config/urls.ts';

export type MailServerOptions = {
  /** its name in the Authentication-Results it stamps; `mail.demo` by default */
  authservId?: string;
  /** larger mails are refused; 50 MB by default */
  maxMessageBytes?: number;
};

/** A mail delivered to a mailbox. */
export type DeliveredMail = {
  /** the mailbox's address, lower-case */
  mailbox: string;
  /** as the sender wrote it, with the plus-address detail */
  envelopeRecipient: string;
  /** '' for the null sender */
  envelopeSender: string;
  /** as it lies in the mailbox */
  raw: Buffer;
};

export type MailServer = {
  authservId: string;
  /** Creates the mailbox of an address, its plus-addresses included. Throws where it exists. */
  addMailbox(address: string, password: string): Promise<void>;
  /** Mail for `alias` goes to the mailbox of `address`, whose user may also send as `alias`. */
  addAlias(alias: string, address: string): void;
  /** A mail program's URL for reading: `imap://user:password@127.0.0.1:port/INBOX`. Contains the password. */
  imapUrl(address: string): string;
  /** A mail program's URL for sending, without login if there is no address. Contains the password. */
  smtpUrl(address?: string): string;
  /** Every mail that this mailbox ever received, oldest first. */
  messages(address: string): Promise<Buffer[]>;
  /** Messages in a folder now, oldest first. */
  folder(address: string, folder: string): Promise<Buffer[]>;
  /** Puts bytes into a folder as they are: no SMTP, no trace headers. */
  append(address: string, raw: Buffer, folder?: string): void;
  /** The first mail of this mailbox that fits, at once or when it comes; rejects after `timeoutMs` (20,000). */
  waitForMessage(
    address: string,
    fits: (raw: Buffer) => boolean | Promise<boolean>,
    timeoutMs?: number,
  ): Promise<Buffer>;
  /** Calls back for each mail as it is delivered; returns the way to stop that. */
  onDelivered(listener: (delivered: DeliveredMail) => void): () => void;
  /** Ends all connections and stops; the mail is gone. */
  close(): Promise<void>;
};

type Account = { address: string; password: string; imap: ImapMailbox; received: Buffer[] };

/** Starts the submission server on a free loopback port; mailboxes are added to it. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const authservId = options.authservId ?? 'mail.demo';
  const accounts = new Map<string, Account>();
  const aliases = new Map<string, string>();
  const deliveries = new EventEmitter<{ delivered: [DeliveredMail] }>();
  deliveries.setMaxListeners(0);

  const accountFor = (recipient: string): Account | undefined => {
    const base = withoutDetail(recipient);
    return accounts.get(aliases.get(base) ?? base);
  };
  const accountOf = (address: string): Account => {
    const account = accountFor(address);
    if (account === undefined) throw new Error(`no mailbox ${address} on this server: add it first`);
    return account;
  };
  const isLocalDomain = (domain: string): boolean =>
    [...accounts.keys(), ...aliases.keys()].some((address) => domainOf(address) === domain);

  /** DMARC as this server can know it: a logged-in user writes as themselves; a local domain needs a login. */
  const verdictOn = (fromAddress: string, user: string | undefined): TraceInfo['verdict'] => {
    if (user !== undefined && accountFor(fromAddress)?.address === user) return 'pass';
    return user === undefined && !isLocalDomain(domainOf(fromAddress)) ? 'none' : 'fail';
  };

  const deliver = (raw: Buffer, session: SMTPServerSession): void => {
    const fromAddress = fromAddressOf(raw);
    const user = typeof session.user === 'string' ? session.user : undefined;
    const sender = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
    for (const { address: recipient } of session.envelope.rcptTo) {
      const account = accountOf(recipient);
      const received = withTraceHeaders(raw, {
        authservId,
        heloName: session.hostNameAppearsAs || 'unknown',
        remoteAddress: session.remoteAddress,
        authenticated: user !== undefined,
        envelopeSender: sender,
        envelopeRecipient: recipient,
        verdict: verdictOn(fromAddress, user),
        fromDomain: domainOf(fromAddress),
        at: new Date(),
      });
      account.received.push(received);
      account.imap.append('INBOX', received);
      deliveries.emit('delivered', {
        mailbox: account.address,
        envelopeRecipient: recipient,
        envelopeSender: sender,
        raw: received,
      });
    }
  };

  const smtp = new SMTPServer({
    ...submission,
    name: authservId,
    size: options.maxMessageBytes ?? 50 * 1024 * 1024,
    onAuth(auth, _session, done) {
      const account = accounts.get((auth.username ?? '').toLowerCase());
      if (account === undefined || account.password !== auth.password) {
        done(smtpRefusal(535, '5.7.8 user name or password refused'));
      } else {
        done(null, { user: account.address });
      }
    },
    onRcptTo({ address }, _session, done) {
      if (accountFor(address) !== undefined) done();
      else if (isLocalDomain(domainOf(address))) done(smtpRefusal(550, `5.1.1 no mailbox <${address}> here`));
      else done(smtpRefusal(550, `5.7.1 nothing leaves this machine: no mail to <${address}>`));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', done);
      stream.on('end', () => {
        if (stream.sizeExceeded) {
          done(smtpRefusal(552, '5.3.4 larger than this server takes'));
          return;
        }
        deliver(Buffer.concat(chunks), session);
        done(null, 'delivered');
      });
    },
  });
  await new Promise<void>((resolve, reject) => {
    // fails the start; once it listens, only clients that drop their connection end here, which changes nothing
    smtp.on('error', reject);
    smtp.listen(0, '127.0.0.1', resolve);
  });
  const smtpPort = portOf(smtp.server.address());

  return {
    authservId,
    async addMailbox(address, password) {
      const key = address.toLowerCase();
      if (accountFor(key) !== undefined) throw new Error(`the mailbox ${address} exists already`);
      const imap = await startImapMailbox(key, password);
      accounts.set(key, { address: key, password, imap, received: [] });
    },
    addAlias(alias, address) {
      aliases.set(alias.toLowerCase(), accountOf(address).address);
    },
    imapUrl(address) {
      const account = accountOf(address);
      return `imap://${credentials(account)}@127.0.0.1:${account.imap.port}/INBOX`;
    },
    smtpUrl(address) {
      const login = address === undefined ? '' : `${credentials(accountOf(address))}@`;
      return `smtp://${login}127.0.0.1:${smtpPort}`;
    },
    async messages(address) {
      return [...accountOf(address).received];
    },
    async folder(address, folder) {
      return accountOf(address).imap.contents(folder);
    },
    append(address, raw, folder = 'INBOX') {
      accountOf(address).imap.append(folder, raw);
    },
    async waitForMessage(address, fits, timeoutMs = 20_000) {
      const account = accountOf(address);
      const deadline = AbortSignal.timeout(timeoutMs);
      for (let seen = 0; ; seen += 1) {
        while (seen === account.received.length) await nextDelivery(deliveries, account, deadline, timeoutMs);
        const raw = account.received[seen];
        if (raw !== undefined && (await fits(raw))) return raw;
      }
    },
    onDelivered(listener) {
      deliveries.on('delivered', listener);
      return () => deliveries.off('delivered', listener);
    },
    async close() {
      await Promise.all([
        new Promise<void>((resolve) => {
          smtp.close(resolve);
        }),
        ...[...accounts.values()].map((account) => account.imap.close()),
      ]);
    },
  };
}

const submission: SMTPServerOptions = {
  // loopback only, so a login needs no TLS
  disabledCommands: ['STARTTLS'],
  allowInsecureAuth: true,
  authOptional: true,
  disableReverseLookup: true,
  // the demo ends at once
  closeTimeout: 100,
};

function nextDelivery(
  deliveries: EventEmitter<{ delivered: [DeliveredMail] }>,
  account: Account,
  deadline: AbortSignal,
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      deliveries.off('delivered', onDelivered);
      deadline.removeEventListener('abort', onDeadline);
    };
    const onDelivered = ({ mailbox }: DeliveredMail): void => {
      if (mailbox !== account.address) return;
      settle();
      resolve();
    };
    const onDeadline = (): void => {
      settle();
      reject(
        new Error(
          `${account.address}: the mail waited for did not come in ${timeoutMs} ms; ` +
            `${account.received.length} others did`,
        ),
      );
    };
    deliveries.on('delivered', onDelivered);
    deadline.addEventListener('abort', onDeadline);
    if (deadline.aborted) onDeadline();
  });
}

function withoutDetail(address: string): string {
  return address.toLowerCase().replace(/\+[^@]*(?=@)/, '');
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/** The one From address, lower-case; '' where there is none or several, which no login can vouch for. */
function fromAddressOf(raw: Buffer): string {
  const header = /^[^]*?(?=\r?\n\r?\n|$)/.exec(raw.subarray(0, 256 * 1024).toString('latin1'))?.[0] ?? '';
  const fields = header.replace(/\r?\n(?=[ \t])/g, '').match(/^from[ \t]*:.*$/gim) ?? [];
  const [only, ...others] = fields.flatMap((field) =>
    addressparser(field.slice(field.indexOf(':') + 1), { flatten: true }),
  );
  return only === undefined || others.length > 0 ? '' : (only.address ?? '').toLowerCase();
}

function credentials(account: Account): string {
  return `${encodeURIComponent(account.address)}:${encodeURIComponent(account.password)}`;
}

function smtpRefusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
