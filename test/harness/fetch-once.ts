/**
 * A process of its own that takes in what waits: `node fetch-once.ts DATABASE_URL MAILBOX_URL MAX_MB`. Prints as JSON how
 * many messages that were, milliseconds, and the most memory that the process held (resident set, megabytes).
 */
import { mailboxUrls } from '../../src/config/servers.ts';
import { fetchOnce } from '../../src/desk/fetch.ts';
import { createLog } from '../../src/log/log.ts';
import { openMailbox } from '../../src/mail/imap/mailbox.ts';
import { connectDatabase } from '../../src/store/db/database.ts';

const [, , databaseUrl = '', mailboxUrl, megabytes] = process.argv;
const [settings] = mailboxUrls.parse(mailboxUrl);
if (settings === undefined) throw new Error('expected a MAILBOX_URL as second argument');
const db = await connectDatabase({ databaseUrl, dataDirectory: '' });
const mailbox = openMailbox(settings, {
  log: createLog('silent'),
  maxMessageBytes: Number(megabytes) * 1024 * 1024,
});
const start = performance.now();
const { taken } = await fetchOnce(db, mailbox, new AbortController().signal);
const milliseconds = Math.round(performance.now() - start);
await mailbox.close();
await db.close();
const peak = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify({ taken, milliseconds, peak }));
