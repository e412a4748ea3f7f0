/** The sender of mails: the From header, and the envelope sender. */
import type { Log } from '../log/log.ts';
import type { Smtp } from '../mail/smtp/smtp.ts';
import type { Database } from '../store/db/database.ts';
import type { DueMail } from '../store/mails/outbox.ts';
import { composeAnew } from '../store/mails/send-lease.ts';
import { candidates, noteRefused, type SendingLogin } from '../store/mails/senders.ts';

/** Mail sent by a login of its own or by the desk's. `desk`: the desk's bare address. */
type By = { route: SendingLogin & { smtp: Smtp }; desk: string };

/**
 * The sender of the envelope, to whom a mail that cannot be delivered comes back: the desk, the queue where it has a
 * login of its own, or the login's user, where mails must be from that.
 */
export function envelopeSender(mail: DueMail, { route, desk }: By): string {
  if (mail.sentAs !== null && mail.sentAs === route.user) return mail.sentAs;
  return route.queues === null ? desk : mail.queue;
}

/**
 * Handles a server that rejects our From: the mail is sent from the next address it may allow.
 * @param said by the server
 * @returns null, or, where the server has refused all of them, what to say of it: the mail is tried again later
 */
export async function composeFromAnother(
  tx: Database,
  mail: DueMail,
  said: string,
  by: By & { log: Log },
): Promise<string | null> {
  const addresses = await candidates(tx, mail.queue, by.route, by.desk);
  const server = by.route.smtp.name;
  const refused = mail.sentAs ?? mail.queue;
  const { next, news } = await noteRefused(tx, mail.queue, refused, addresses);
  await composeAnew(tx, mail, said);
  if (next === null) {
    return (
      `${said} (${server} lets this login send as none of ${addresses.join(', ')}; let it send as one of ` +
      `them, or name one that it may: kticket queue add ${mail.queue} --name … --from ADDRESS)`
    );
  }
  if (news) {
    by.log.warn(
      { queue: mail.queue, refused, from: next, error: said },
      `${server} does not let this login send as ${refused}: mails of ${mail.queue} are from ${next} instead. ` +
        'To change that, let the login send as it, then register the queue again: kticket queue add',
    );
  }
  return null;
}
