import { createAlerts, sendingLoopName } from './watch/alert.ts';
import { normaliseEmail } from '../core/address/address.ts';
import { deliverDue, type Route } from './deliver.ts';
import type { Log } from '../log/log.ts';
import { openMailbox } from '../mail/imap/mailbox.ts';
import { createTokens, type Tokens } from '../mail/oauth/oauth.ts';
import { openReader } from '../mail/sandbox/sandbox.ts';
import { openSmtp, type Smtp } from '../mail/smtp/smtp.ts';
import { keyResolver } from '../mail/dkim/dkim-lookup.ts';
import { receiver } from './receive.ts';
import type { OpenDatabase } from '../store/db/database.ts';
import { noteReached } from '../store/reports/health.ts';
import { loadTemplates, type Templates } from '../templates/render.ts';
import type { WorkerDeps } from './worker.ts';
import type { Config } from '../config/settings.ts';
import { TemplateError } from '../templates/error.ts';

/** A desk that is ready to work. Closing it leaves the database to the caller. */
export type Desk = {
  deps: WorkerDeps;
  tokens: Tokens;
  /** Reloads the templates; if one is invalid, that is logged and the old ones stay. */
  reloadTemplates(): void;
  close(): Promise<void>;
};

/**
 * Puts a desk together from its settings. Connects to nothing yet.
 * @throws TemplateError, with file and line, where a template cannot be used
 */
export function openDesk(config: Config, db: OpenDatabase, log: Log): Desk {
  let current = loadTemplates(config);
  const templates: Templates = { render: (mail, frame) => current.render(mail, frame) };
  const tokens = createTokens(config.oauth, { onReplaced: (why) => log.warn(why) });
  /** servers that took a mail, which is noted once a pass is over */
  const took = new Set<string>();
  const routes: Route[] = [{ ...config.smtp, queues: null }, ...config.queueSmtp].map((settings) => ({
    smtp: withLogging(openSmtp(settings, tokens), (name) => took.add(name)),
    queues: settings.queues,
    user: normaliseEmail(settings.user ?? ''),
  }));
  const reader = openReader(config.reading, {
    onEnded: (why) => log.warn(`${why} while it read; another one goes on`),
  });
  const { receive, onFailed } = receiver({ config, db, templates, log, reader, keys: keyResolver() });
  const reached = noteReached(db);
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
      ways: routes.map((route) => ({
        loop: sendingLoopName(route.queues),
        async deliver(signal) {
          const others = routes.filter((other) => other !== route);
          const { desk, locale } = config;
          try {
            return await deliverDue({ db, route, others, desk: desk.address, locale, log, onFailed, signal });
          } finally {
            if (took.delete(route.smtp.name)) await reached.smtp(route.smtp.name);
          }
        },
      })),
      reached,
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
    async close() {
      for (const { smtp } of routes) smtp.close();
      await reader.close();
    },
  };
}

/** The same outgoing server, reporting every accepted mail. */
function withLogging(smtp: Smtp, onTaken: (name: string) => void): Smtp {
  return {
    ...smtp,
    async send(...given) {
      const answer = await smtp.send(...given);
      if (answer.kind === 'accepted') onTaken(smtp.name);
      return answer;
    },
  };
}
