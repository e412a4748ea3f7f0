/**
 * Alerts administrators by mail when a mailbox or the mail server has refused the desk's login, or has been unavailable for
 * an hour: one mail per outage, whichever worker sends it. It goes by ALERT_SMTP_URL, or else by the desk's own server
 * unless that is what fails. The end of an outage is only logged.
 */
import { randomUUID } from 'node:crypto';
import { emailDomain } from '../../core/address/address.ts';
import { type OutageCause, outageInWords } from '../../core/words/outages.ts';
import type { Mail } from '../../core/ticket/template-views.ts';
import type { Locale } from '../../core/words/words.ts';
import type { Log } from '../../log/log.ts';
import type { Watch } from './loop.ts';
import { mailBytes } from '../../mail/body/mail-body.ts';
import { compose } from '../../mail/smtp/compose.ts';
import { toHeader } from '../../mail/smtp/header-words.ts';
import { MailboxError } from '../../mail/imap/mailbox-error.ts';
import type { Tokens } from '../../mail/oauth/oauth.ts';
import { openSmtp } from '../../mail/smtp/smtp.ts';
import { ServerAway } from './outage.ts';
import { type Database } from '../../store/db/database.ts';
import { noteDatabaseOutage, noteEnd, noteOutage, tellWhenDue } from '../../store/mails/outages.ts';
import { outagePartOf } from '../../store/reports/health.ts';
import type { OutageKind } from '../../store/db/schema.ts';
import type { Templates } from '../../templates/render.ts';
import type { SmtpSettings, Config } from '../../config/settings.ts';
import { isUnavailable } from '../../store/unavailable.ts';
import { type StaffEntry, listStaff } from '../../store/directory/staff.ts';
import type { AlertTrouble } from '../../core/ticket/reasons.ts';

export type Alerts = Watch & {
  /** The database was away from and to these instants of `performance.now()`; noted once it can be. */
  databaseWasAway(outage: { said: string; from: number; to: number }): void;
  /**
   * Notes in the database what fails and what works again, and tells of what is due. Does nothing where the database
   * itself is away.
   */
  pass(): Promise<void>;
};

/** The part that a loop works on, and the desk's login there. */
type Part = {
  what: 'mailbox' | 'smtp';
  name: string;
  login: Exclude<AlertTrouble, 'unreachable'>;
  /** the desk's own way out is another */
  besideSmtp: boolean;
};

/** Why a part does not work; `said`: as the log says it. */
type Failure = { kind: OutageKind; said: string; outage: OutageCause; since: number };

export function createAlerts(given: {
  config: Pick<
    Config,
    'mailboxes' | 'smtp' | 'queueSmtp' | 'oauth' | 'alertSmtp' | 'alertFrom' | 'desk' | 'locale'
  >;
  tokens: Tokens;
  db: Database;
  templates: Templates;
  log: Log;
}): Alerts {
  const { config, db, log } = given;
  const parts = partsOf(config);
  /** by the part's name; null once it works again, until that is recorded */
  const news = new Map<string, Failure | null>();
  /** of the database, until they are noted there */
  const unnoted: { said: string; from: number; to: number }[] = [];
  const warned = new Set<string>();
  const warnOnce = (words: string): void => {
    if (!warned.has(words)) log.warn(words);
    warned.add(words);
  };

  const tell = async (part: Part, mail: Mail): Promise<boolean> => {
    const people = receivers(await listStaff(db));
    if (people.length === 0) {
      warnOnce('nobody is told by mail that something fails: no administrator or technician is active');
      return false;
    }
    const routes = [config.alertSmtp, part.besideSmtp ? config.smtp : null].filter((one) => one !== null);
    if (routes.length === 0) {
      warnOnce(
        'nobody is told by mail that mail cannot be sent: ALERT_SMTP_URL, another way out, is not set',
      );
      return false;
    }
    for (const route of routes) {
      const sent = await sendBy(route, mail, people);
      if (sent > 0) {
        log.info({ part: part.name, by: route.name, recipients: sent }, 'administrators were told by mail');
        return true;
      }
    }
    return false;
  };

  /** The number of recipients. */
  const sendBy = async (route: SmtpSettings, mail: Mail, people: StaffEntry[]): Promise<number> => {
    const smtp = openSmtp(route, given.tokens);
    const from = config.alertFrom;
    let sent = 0;
    try {
      const frame = { replyTo: null, token: null, deskAddress: config.desk.address };
      const body = compose(
        {
          ...given.templates.render(mail, frame),
          writtenAt: new Date(),
          fromName: from.name,
          replyTo: null,
          inReplyTo: null,
          references: [],
          toClient: false,
          tokens: [],
        },
        [],
      );
      for (const { email, name } of people) {
        const bytes = mailBytes(body, {
          sentAs: from.address,
          to: toHeader({ name, email }),
          messageId: `<${randomUUID()}@${emailDomain(from.address)}>`,
          tokens: [],
        });
        const answer = await smtp.send({ from: from.address, to: email }, bytes);
        if (answer.kind === 'accepted') sent += 1;
        else warnOnce(`an alert to ${email} cannot be sent: ${answer.text}`);
      }
    } finally {
      smtp.close();
    }
    return sent;
  };

  return {
    failed(loop, error) {
      const part = parts.get(loop);
      if (part === undefined || !(error instanceof MailboxError || error instanceof ServerAway)) return;
      const since = news.get(part.name)?.since ?? performance.now();
      news.set(part.name, { kind: error.kind, said: error.message, outage: error.outage, since });
    },
    databaseWasAway(outage) {
      unnoted.push(outage);
    },
    works(loop) {
      const part = parts.get(loop);
      if (part !== undefined) news.set(part.name, null);
    },
    async pass() {
      try {
        for (let one = unnoted[0]; one !== undefined; one = unnoted[0]) {
          await noteDatabaseOutage(db, { said: one.said, began: ageOf(one.from), ended: ageOf(one.to) });
          unnoted.shift();
        }
        for (const part of parts.values()) {
          const trouble = news.get(part.name);
          if (trouble === undefined) continue;
          if (trouble === null) {
            await noteEnd(db, part.name);
            if (news.get(part.name) === null) news.delete(part.name);
          } else {
            const { kind, said } = trouble;
            await noteOutage(db, { what: part.what, part: part.name, kind, said }, ageOf(trouble.since));
            await tellWhenDue(db, part.name, (since) =>
              tell(part, alertMail(part, trouble, since, config.locale)),
            );
          }
        }
      } catch (error) {
        // the loops that cannot do without it say so
        if (!isUnavailable(error)) throw error;
      }
    },
  };
}

/** Seconds since an instant of `performance.now()`. */
const ageOf = (instant: number): number => Math.max(0, (performance.now() - instant) / 1000);

/** The parts that mail depends on, by the name of the loop that works on each. */
function partsOf({
  mailboxes,
  smtp,
  queueSmtp,
  oauth,
}: Pick<Config, 'mailboxes' | 'smtp' | 'queueSmtp' | 'oauth'>): Map<string, Part> {
  const login = ({ user, password }: { user: string | null; password: string | null }): Part['login'] => {
    if (user === null || password !== null) return 'password';
    return (oauth?.refreshTokens.length ?? 0) > 0 ? 'consent' : 'app';
  };
  const parts = new Map<string, Part>();
  for (const one of mailboxes) {
    const { name } = one;
    parts.set(readingLoopName(name), { what: 'mailbox', name, login: login(one), besideSmtp: true });
  }
  parts.set(sendingLoopName(null), { what: 'smtp', name: smtp.name, login: login(smtp), besideSmtp: false });
  for (const one of queueSmtp) {
    // several may have logins at one server
    const name = outagePartOf(one);
    parts.set(sendingLoopName(one.queues), { what: 'smtp', name, login: login(one), besideSmtp: true });
  }
  return parts;
}

/** The loop that reads a mailbox, in the log as well. */
export const readingLoopName = (mailbox: string): string => `reading ${mailbox}`;
/** The loop that sends, or that sends for queues with a login of their own. */
export const sendingLoopName = (queues: readonly string[] | null): string =>
  queues === null ? 'sending' : `sending for ${queues.join(', ')}`;

/** Active administrators; where there is none, technicians. */
function receivers(staff: StaffEntry[]): StaffEntry[] {
  const active = staff.filter(({ disabled }) => !disabled);
  const administrators = active.filter(({ role }) => role === 'administrator');
  return administrators.length > 0 ? administrators : active.filter(({ role }) => role === 'technician');
}

function alertMail(
  { what, name, login }: Part,
  { kind, outage }: Failure,
  since: Date,
  locale: Locale,
): Mail {
  const said = outageInWords(outage, locale);
  const trouble = kind === 'auth_refused' ? login : 'unreachable';
  return { template: 'alert-administrator', view: { what, name, trouble, since, said } };
}
