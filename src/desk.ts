import type { Config } from './config.ts';
import { deliverDue } from './deliver.ts';
import type { Log } from './log.ts';
import { openMailbox } from './mail/mailbox.ts';
import { openSmtp } from './mail/smtp.ts';
import { receiver } from './receive.ts';
import type { OpenDatabase } from './store/database.ts';
import { loadTemplates } from './templates.ts';
import type { WorkerDeps } from './worker.ts';

/** A desk that is ready to work, and the way to close what it opened; the database stays its caller's. */
export type Desk = { deps: WorkerDeps; close(): void };

/**
 * Puts a desk together from its settings. Connects to nothing yet.
 * @throws TemplateError, with file and line, where a template cannot be used
 */
export function openDesk(config: Config, db: OpenDatabase, log: Log): Desk {
  const templates = loadTemplates(config);
  const smtp = openSmtp(config.smtp);
  const { receive, onFailed } = receiver({ config, db, templates, log });
  return {
    deps: {
      db,
      mailboxes: config.mailboxes.map((settings) =>
        openMailbox(settings, { log, maxMessageBytes: config.maxMessageBytes }),
      ),
      pollSeconds: config.pollSeconds,
      receive,
      deliver: (signal) => deliverDue({ db, smtp, sender: config.desk.address, log, onFailed, signal }),
      log,
    },
    close: () => smtp.close(),
  };
}
