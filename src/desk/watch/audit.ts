/** The audit: do the mail servers and the database hold the same messages? */
import { createHash } from 'node:crypto';
import { type Paired, pairUp } from './audit-count.ts';
import { type Folders, filingName, type ServerMessage, openFolders } from '../../mail/imap/server-listing.ts';
import type { Tokens } from '../../mail/oauth/oauth.ts';
import type { Database } from '../../store/db/database.ts';
import {
  databaseTime,
  filedBeside,
  type Gone,
  keepsMoreThan,
  type Kept,
  keptLike,
  keptWithHash,
} from '../../store/reports/audit.ts';
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
  /** in the database as filed, and in no folder of the server */
  gone: Gone | null;
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
    const { found: paired, lying: unknown } = await pair(
      { db, began },
      [...onServers.values()],
      config.maxMessageBytes,
    );
    const audited = [...new Set(config.mailboxes.flatMap((one) => [one.name, filingName(one)]))];
    return await report({
      servers: open,
      began,
      filed: [...onServers.values()].filter(({ lying }) => lying.filed).length,
      lacking: unknown.filter(({ lying }) => lying.filed),
      gone: await filedBeside(db, began, audited, paired),
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
/** Ids of messages that the servers have too, and what else lies there. */
type Matched = { found: number[]; lying: OnServer[] };

const placeOf = (one: Pick<ServerMessage, 'mailbox' | 'uidValidity' | 'uid'>): string =>
  `${one.uidValidity}/${one.uid}/${one.mailbox}`;

const mark = (one: Pick<ServerMessage, 'messageId' | 'size'>): string | null =>
  one.messageId === null ? null : `${one.size}/${one.messageId}`;

/**
 * Finds what lies on the servers in the database: by its place, by size and Message-ID, and last by its bytes, which are
 * read only where the database has messages that are not found yet.
 */
async function pair(
  { db, began }: { db: Database; began: Date },
  all: OnServer[],
  maxMessageBytes: number,
): Promise<Matched> {
  const kept = await keptLike(
    db,
    began,
    all.map(({ lying }) => lying),
  );
  // a moved message has another UID, and another UIDVALIDITY
  const byPlace = pairUp(kept, all, placeOf, (one) => placeOf(one.lying));
  const byMark = pairUp(byPlace.kept, byPlace.lying, mark, (one) => mark(one.lying));
  const found = [...idsOf(byPlace), ...idsOf(byMark)];
  if (byMark.lying.length === 0 || !(await keepsMoreThan(db, found))) return { found, lying: byMark.lying };
  const hashes = await hashesOf(byMark.lying, maxMessageBytes);
  const known = new Set(found);
  const byHash = pairUp(
    (await keptWithHash(db, began, [...hashes.values()])).filter(({ id }) => !known.has(id)),
    byMark.lying,
    (one) => one.sha256,
    (one) => hashes.get(placeOf(one.lying)) ?? null,
  );
  return { found: [...found, ...idsOf(byHash)], lying: byHash.lying };
}

const idsOf = ({ pairs }: Paired<Kept, OnServer>): number[] => pairs.map(([{ id }]) => id);

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
