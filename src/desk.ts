import { createAlerts } from './alert.ts';
import type { Config } from './config.ts';
import { normaliseEmail } from './core/address.ts';
import { deliverDue } from './deliver.ts';
import type { Log } from './log.ts';
import { openMailbox } from './mail/mailbox.ts';
import { createTokens, type Tokens } from './mail/oauth.ts';
import { openSmtp } from './mail/smtp.ts';
import { receiver } from './receive.ts';
import type { OpenDatabase } from './store/database.ts';
import { loadTemplates, TemplateError, type Templates } from './templates.ts';
import type { WorkerDeps } from './worker.ts';

/** A desk that is ready to work, and the way to close what it opened; the database stays its caller's. */
export type Desk = {
  deps: WorkerDeps;
  tokens: Tokens;
  /** Reads the templates anew; those that cannot be used are said in the log, and the old ones stay. */
  reloadTemplates(): void;
  close(): void;
};

/**
 * Puts a desk together from its settings. Connects to nothing yet.
 * @throws TemplateError, with file and line, where a template cannot be used
 */
export function openDesk(config: Config, db: OpenDatabase, log: Log): Desk {
  let current = loadTemplates(config);
  const templates: Templates = { render: (mail, frame) => current.render(mail, frame) };
  const tokens = createTokens(config.oauth, { onReplaced: (why) => log.warn(why) });
  const routes = [{ ...config.smtp, queues: null }, ...config.queueSmtp].map((settings) => ({
    smtp: openSmtp(settings, tokens),
    queues: settings.queues,
    user: normaliseEmail(settings.user ?? ''),
  }));
  const { receive, onFailed } = receiver({ config, db, templates, log });
  return {
    deps: {
      db,
      mailboxes: config.mailboxes.map((settings) =>
        openMailbox(settings, { log, maxMessageBytes: config.maxMessageBytes, tokens }),
      ),
      pollSeconds: config.pollSeconds,
      timeZone: config.timeZone,
      receive,
      alerts: createAlerts({ config, tokens, db, templates, log }),
      deliver: (signal) => deliverDue({ db, routes, desk: config.desk.address, log, onFailed, signal }),
      log,
    },
    tokens,
    reloadTemplates() {
      try {
        current = loadTemplates(config);
        log.info('the templates were read anew');
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        log.error(`the templates were not changed: ${error.message}`);
      }
    },
    close() {
      for (const { smtp } of routes) smtp.close();
    },
  };
}
