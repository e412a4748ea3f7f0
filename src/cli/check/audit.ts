import { audit, type Audit } from '../../desk/watch/audit.ts';
import { totalsInWords, inRanges } from '../../desk/watch/audit-count.ts';
import { MailboxError } from '../../mail/imap/mailbox-error.ts';
import type { ServerMessage } from '../../mail/imap/server-listing.ts';
import type { Tokens } from '../../mail/oauth/oauth.ts';
import type { Database } from '../../store/db/database.ts';
import { auditTotals, isRead } from '../../store/reports/audit.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { instant } from '../terminal/when.ts';
import { showProgress } from '../terminal/progress.ts';
import type { Config } from '../../config/settings.ts';

/** Minutes that a message may lie in an inbox while a worker reads it. */
const patience = 10;

/** `check --ledger`: the mail servers' folders against the database; every message that either lacks is named. */
export async function auditFindings(db: Database, config: Config, tokens: Tokens): Promise<Finding[]> {
  const progress = showProgress();
  progress.at('reading the folders of the mail server');
  try {
    return await audit(db, config, tokens, async (found) => [
      ok('ledger', totalsInWords(await auditTotals(db))),
      ...lacking(found),
      ...gone(found),
      ...(await waiting(db, config, found)),
    ]);
  } catch (error) {
    if (error instanceof MailboxError) return [fail('ledger', error.message)];
    throw error;
  } finally {
    progress.end();
  }
}

function lacking({ lacking: messages, filed }: Audit): Finding[] {
  if (messages.length === 0)
    return [
      ok(
        'ledger',
        `${filed} filed on the server, ${filed === 1 ? 'and it is' : 'all of them'} in the database`,
      ),
    ];
  return [
    ...messages.map(({ lying }) => fail('ledger', `not in the database: ${named(lying)}`)),
    fail(
      'ledger',
      messages.length === 1
        ? `1 of ${filed} filed on the server is not in the database; if an older backup came back, \`kticket restored\` takes it in`
        : `${messages.length} of ${filed} filed on the server are not in the database; if an older backup came back, \`kticket restored\` takes them in`,
    ),
  ];
}

function gone({ gone: messages }: Audit): Finding[] {
  if (messages === null) return [];
  const from = instant(messages.first);
  const to = instant(messages.last);
  const received = from === to ? from : `from ${from} to ${to}`;
  return [
    warn(
      'ledger',
      `${messages.count} in the database but no longer in the server's folders, received ${received}; somebody may have cleaned up: message ${inRanges(messages.ranges)}`,
    ),
  ];
}

async function waiting(
  db: Database,
  config: Config,
  { waiting: messages, began }: Audit,
): Promise<Finding[]> {
  const limit = Math.max(patience, (3 * config.pollSeconds) / 60);
  const late = messages.filter((one) => began.getTime() - one.receivedAt.getTime() > limit * 60_000);
  const findings: Finding[] = [];
  for (const [mailbox, these] of Map.groupBy(late, (one) => one.mailbox)) {
    const read = await isRead(db, mailbox);
    findings.push(
      ...these.map((one) =>
        read
          ? fail(
              'ledger',
              `waits for more than ${Math.round(limit)} minutes though a worker reads: ${named(one)}`,
            )
          : warn('ledger', `waits, and no worker reads ${mailbox} (\`kticket run\`): ${named(one)}`),
      ),
    );
  }
  return findings;
}

function named({ mailbox, uid, receivedAt, messageId }: ServerMessage): string {
  return `${mailbox} UID ${uid}, received ${instant(receivedAt)}, ${messageId ?? 'without Message-ID'}`;
}
