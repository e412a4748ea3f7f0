/** The audit: do the mail servers and the database hold the same messages? */
import { createHash } from 'node:crypto';
import { type Paired, pairUp } from './audit-count.ts';
import { type Folders, filingName, type ServerMessage, openFolders } from '../../mail/imap/server-listing.ts';
import type { Tokens } from '../../mail/oauth/oauth.ts';
import type { Database } from '../../store/db/database.ts';
import { databaseTime, type Kept, keptMessages } from '../../store/reports/audit.ts';
import type { Config } from '../../config/settings.ts';

/** The result of an audit. */
export type Audit = {
  /** the mailboxes, connected while the audit is reported */
  servers: Folders[];
  /** when it began, by the database's clock */
  began: Date;
  /** messages in the folders kTicket, or marked as filed */
  filed: number;
  /** filed on a server, and the database knows nothing of them; with the connection they can be read by */
  lacking: { lying: ServerMessage; folders: Folders }[];
  /** in the database as filed, and in no folder of the server; oldest first */
  gone: Kept[];
  /** in an inbox and not filed yet, oldest first */
  waiting: ServerMessage[];
};

/**
 * Compares the folders of these mailboxes with the database, and hands over what it found while the connections are
 * open. Sizes and Message-IDs pair most; only the bytes of what is left are read, to be compared by their hash.
 * Throws MailboxError, or what the database throws.
 */
export async function audit<T>(
  db: Database,
  config: Pick<Config, 'mailboxes' | 'maxMessageBytes'>,
  tokens: Tokens,
  report: (found: Audit) => Promise<T>,
): Promise<T> {
  const open: Folders[] = [];
  try {
    const began = await databaseTime(db);
    const onServers = new Map<string, { lying: ServerMessage; folders: Folders }>();
    for (const settings of config.mailboxes) {
      const folders = await openFolders(settings, tokens);
      open.push(folders);
      // two mailboxes of one account share a folder kTicket
      for (const lying of await folders.list()) onServers.set(placeOf(lying), { lying, folders });
    }
    // read after the servers: what was filed meanwhile was committed before
    const kept = await keptMessages(db, began);
    const { kept: unpaired, lying: unknown } = await pair(
      kept,
      [...onServers.values()],
      config.maxMessageBytes,
    );
    const audited = new Set(config.mailboxes.flatMap((one) => [one.name, filingName(one)]));
    return await report({
      servers: open,
      began,
      filed: [...onServers.values()].filter(({ lying }) => lying.filed).length,
      lacking: unknown.filter(({ lying }) => lying.filed),
      gone: unpaired.filter((one) => one.filed && audited.has(one.mailbox)),
      waiting: [...onServers.values()]
        .map(({ lying }) => lying)
        .filter((lying) => !lying.filed)
        .toSorted((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime()),
    });
  } finally {
    for (const folders of open) await folders.close();
  }
}

type OnServer = { lying: ServerMessage; folders: Folders };
type Rest = Pick<Paired<Kept, OnServer>, 'kept' | 'lying'>;

const placeOf = (one: Pick<ServerMessage, 'mailbox' | 'uidValidity' | 'uid'>): string =>
  `${one.uidValidity}/${one.uid}/${one.mailbox}`;

const mark = (one: Pick<ServerMessage, 'messageId' | 'size'>): string | null =>
  one.messageId === null ? null : `${one.size}/${one.messageId}`;

/** The entries without a match on the other side. */
async function pair(kept: Kept[], lying: OnServer[], maxMessageBytes: number): Promise<Rest> {
  // a moved message has another UID, and another UIDVALIDITY
  const byPlace = pairUp(kept, lying, placeOf, (one) => placeOf(one.lying));
  const byMark = pairUp(byPlace.kept, byPlace.lying, mark, (one) => mark(one.lying));
  if (byMark.kept.length === 0) return byMark;
  const hashes = await hashesOf(byMark.lying, maxMessageBytes);
  return pairUp(
    byMark.kept,
    byMark.lying,
    (one) => one.sha256,
    (one) => hashes.get(placeOf(one.lying)) ?? null,
  );
}

async function hashesOf(messages: OnServer[], maxMessageBytes: number): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const [folders, these] of Map.groupBy(messages, (one) => one.folders)) {
    for await (const range of folders.read(
      these.map((one) => one.lying),
      maxMessageBytes,
    )) {
      for (const { mailbox, uidValidity, uid, raw } of range) {
        if (mailbox === null || uidValidity === null || uid === null) continue;
        hashes.set(placeOf({ mailbox, uidValidity, uid }), createHash('sha256').update(raw).digest('hex'));
      }
    }
  }
  return hashes;
}
