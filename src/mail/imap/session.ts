/** A connection to a mailbox: opening it, the folder for filing, waiting for mail. */
import { ImapFlow } from 'imapflow';
import type { MailboxObject } from 'imapflow';
import { isLoopback } from '../../config/urls.ts';
import { isOnThisMachine, type MailWatch, watchForMail } from './mail-watch.ts';
import { isMissingFolder, isRefusal, MailboxError, toMailboxError } from './mailbox-error.ts';
import { noTokens, sourceFor, type Tokens } from '../oauth/oauth.ts';
import { unlessTlsPort } from '../tls-port.ts';
import { uidSet } from './uid-ranges.ts';
import type { MailboxSettings } from '../../config/settings.ts';

/** The folder for committed messages. */
export const filingFolder = 'kTicket';
/** Flag that marks a message as committed if it cannot be moved. */
export const filedKeyword = '$kTicketFiled';

/** Most folders named in the error if the one to read is missing. */
const shownFolders = 30;

/** Milliseconds after which each network wait ends. */
export type MailboxTimeouts = {
  /** name lookup, connection and TLS together */
  connect: number;
  greeting: number;
  /** a silent connection: probed when idle, dropped when an answer is due */
  silence: number;
  /** IDLE is issued again after this; servers may drop a client at 30 minutes (RFC 2177 §3) */
  idle: number;
  /** a polite goodbye */
  logout: number;
};

export const defaultTimeouts: MailboxTimeouts = {
  connect: 30_000,
  greeting: 15_000,
  silence: 60_000,
  idle: 10 * 60_000,
  logout: 2_000,
};

export type Session = MailWatch & {
  client: ImapFlow;
  /** Connects, logs in, selects the folder, finds or creates the folder for filing. Throws TokenError and what ImapFlow throws. */
  open(): Promise<void>;
  /** UIDVALIDITY of the selected folder. Throws MailboxError if none is selected. */
  uidValidity(): number;
  /** Tells whether messages can be moved to the folder for filing; if not, why, in words. */
  filing(): { possible: true } | { possible: false; why: string };
  /** Moves these UIDs to the folder, or marks them where the server does not let them be moved. */
  file(uids: number[]): Promise<'moved' | 'marked' | 'refused'>;
  /** The UIDs among these that are in the folder now. */
  present(uids: number[]): Promise<number[]>;
  /** Why a command ended with nothing: the connection was lost, or the server said no without a reason. */
  unanswered(doing: string): Error;
  /** Says goodbye if the server answers in time, and hangs up. Never throws. */
  close(): Promise<void>;
};

/**
 * A session that is not connected yet. It is used once: after a loss a new one is made.
 * @param isNear whether a host is this machine
 */
export function createSession(
  settings: MailboxSettings,
  timeouts: MailboxTimeouts,
  tokens: Tokens = noTokens,
  isNear = isOnThisMachine,
): Session {
  const source = sourceFor(settings, tokens);
  const client = new ImapFlow({
    host: settings.host,
    port: settings.port,
    secure: settings.secure,
    auth: { user: settings.user, ...(settings.password === null ? {} : { pass: settings.password }) },
    // config.ts lets plain connections through on loopback only, where a STARTTLS certificate proves nothing
    ...(settings.secure ? {} : { doSTARTTLS: !isLoopback(settings.host) }),
    tls: { minVersion: 'TLSv1.2' },
    clientInfo: { name: 'kTicket' },
    // it would log subjects
    logger: false,
    connectionTimeout: timeouts.connect,
    greetingTimeout: timeouts.greeting,
    socketTimeout: timeouts.silence,
    maxIdleTime: timeouts.idle,
    // takes IDLE up again after a probe of a silent connection broke it off
    autoIdleDelay: 1_000,
  });
  let folder: string | null = null;
  let whyNoFolder = '';
  // the connection closes after it, and every command under way rejects with it
  client.on('error', () => {});

  /** The folder's path with the server's own prefix and separator; null if it does not exist. */
  const existing = async (): Promise<string | null> => {
    try {
      const found = await client.status(filingFolder, { messages: true });
      return found === false ? null : found.path;
    } catch (error) {
      if (isMissingFolder(error)) return null;
      throw error;
    }
  };

  const findFolder = async (): Promise<void> => {
    try {
      folder = (await existing()) ?? (await client.mailboxCreate(filingFolder)).path;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      folder = null;
      whyNoFolder = toMailboxError(error, settings, `create the folder ${filingFolder}`).message;
    }
  };

  /** Opens the folder to read; if it does not exist, the error names those that do. */
  const select = async (path: string[]): Promise<MailboxObject> => {
    try {
      return await client.mailboxOpen(path);
    } catch (error) {
      if (!isMissingFolder(error)) throw error;
      const names = (await client.list()).map((found) => inUrl(found.path, found.delimiter));
      const more = names.length > shownFolders ? `, and ${names.length - shownFolders} more` : '';
      const wanted = inUrl(settings.folder, '/');
      const there = names.slice(0, shownFolders).join(', ');
      throw new MailboxError(
        'protocol',
        `${settings.host}:${settings.port} has no folder ${wanted} for ${settings.user}; it has ${there}${more}. Write one of them behind the last / of MAILBOX_URL`,
        error,
        { kind: 'no_folder', folder: wanted, there: more === '' ? there : `${there}, …` },
      );
    }
  };

  const has = (capability: string): boolean =>
    client.capabilities.has(capability) || client.enabled.has('IMAP4REV2');
  // without UIDPLUS an EXPUNGE would take along what others have marked as deleted
  const canMove = (): boolean => has('MOVE') || has('UIDPLUS');

  /**
   * Moves what it can. `named`: how many messages the server names as put into the folder (COPYUID, RFC 4315 §3). Where
   * there is no MOVE, only those are removed here: the library takes one kind of NO for a success. A death between COPY
   * and EXPUNGE leaves both copies, and the next start makes a second one in the folder: a look for what is there
   * already would cost more than a copy that nobody reads.
   */
  const move = async (uids: number[], to: string): Promise<{ named: number; removed: boolean }> => {
    if (has('MOVE')) {
      const moved = await client.messageMove(uidSet(uids), to, { uid: true });
      return { named: moved === false ? 0 : (moved.uidMap?.size ?? 0), removed: moved !== false };
    }
    const copied = await client.messageCopy(uidSet(uids), to, { uid: true });
    const named = copied === false ? [] : [...(copied.uidMap?.keys() ?? [])];
    return { named: named.length, removed: await client.messageDelete(uidSet(named), { uid: true }) };
  };

  /** The UIDs among these that are in the folder now. */
  const present = async (uids: number[]): Promise<number[]> => {
    // the server reports expunged messages now, since it may not do so during other commands (RFC 9051 §5.5)
    await client.noop();
    const found = await client.search({ uid: uidSet(uids) }, { uid: true });
    if (!Array.isArray(found)) throw unanswered('look for messages');
    return uids.filter((uid) => found.includes(uid));
  };

  const unanswered = (doing: string): Error =>
    client.usable
      ? new MailboxError('protocol', `${settings.name}: the server refuses to ${doing}`, undefined, {
          kind: 'command_refused',
          said: '',
        })
      : new Error('the connection was lost');

  return {
    client,

    async open() {
      if (source !== null) {
        client.options.auth = { user: settings.user, accessToken: (await source.token()).value };
      }
      const connected = client.connect();
      await (settings.secure ? connected : unlessTlsPort(settings, connected));
      const opened = await select(settings.folder.split('/'));
      if (opened.readOnly) {
        whyNoFolder = `${settings.name} is read-only for ${settings.user}`;
        return;
      }
      await findFolder();
      if (folder === opened.path) {
        throw new MailboxError(
          'protocol',
          `MAILBOX_URL names the folder ${folder}, into which kTicket puts what it has taken in; name the folder where mail arrives, usually INBOX`,
          undefined,
          { kind: 'filing_folder', folder },
        );
      }
    },

    uidValidity() {
      if (client.mailbox === false) throw new MailboxError('protocol', `${settings.name} is not open`);
      return Number(client.mailbox.uidValidity);
    },

    filing() {
      if (folder === null) return { possible: false, why: whyNoFolder };
      if (!canMove()) return { possible: false, why: `${settings.host} has neither MOVE nor UIDPLUS` };
      return { possible: true };
    },

    async file(uids) {
      if (client.mailbox !== false && client.mailbox.readOnly) return 'refused';
      let left = uids;
      for (const _ of ['as it is', 'once more']) {
        if (folder === null || !canMove()) break;
        const { named, removed } = await move(left, folder);
        if (removed && named === left.length) return 'moved';
        // some were removed under our feet, which makes servers refuse the others too (RFC 2180 §4.4), or the folder was
        left = await present(left);
        if (left.length === 0) return 'moved';
        // copied, but they may not be removed: another try would copy them again
        if (named > 0 && !removed) break;
        await findFolder();
      }
      if (await client.messageFlagsAdd(uidSet(left), [filedKeyword], { uid: true, silent: true }))
        return 'marked';
      // a command of a lost connection ends in `false` as well
      if (!client.usable) throw unanswered('file messages');
      return 'refused';
    },

    present,
    unanswered,
    ...watchForMail(client, () => isNear(settings.host)),

    async close() {
      if (!client.usable) {
        client.close();
        return;
      }
      const hangUp = setTimeout(() => client.close(), timeouts.logout);
      try {
        await client.logout();
      } catch {
        // however the goodbye went, the connection ends here
      } finally {
        clearTimeout(hangUp);
        client.close();
      }
    },
  };
}

/** A folder as MAILBOX_URL writes it: its parts percent-encoded, a slash between them whatever the server's separator. */
function inUrl(path: string, delimiter: string): string {
  return path.split(delimiter).map(encodeURIComponent).join('/');
}
