import type { Policy } from '../../core/ticket/decision.ts';
import type { Staff } from '../../core/ticket/ticket.ts';
import type { Config } from '../../config/settings.ts';
import type { Database } from '../db/database.ts';
import { listCategories } from '../directory/categories.ts';
import { queueRows } from '../directory/queues.ts';
import { activeStaff } from './who-is-who.ts';

/** Confirmations, receipts and help one staff member gets in an hour; more would be a loop. */
const askedPerHour = 30;
/** The same for unproven mails in their name. */
const askedUnvouchedPerHour = 10;
/** Mails one reader gets in an hour before they are folded into one list (README, "Who receives what"). */
const mailsPerHour = 20;
/** Mails one staff member gets about one ticket in an hour before they are folded into one list. */
const aboutTicketPerHour = 20;
/** A client's replies to one ticket, per hour, that staff are notified of one by one. */
const repliesAtOnce = 5;
/** Tickets an hour for senders of one company who are no contacts, by mails that nothing proves. */
const unprovenPerHour = 20;

/** What every decision reads, whatever its message says. Decisions of one transaction read it once. */
export type Directory = { policy: Policy; staff: Staff[] };

/** The settings, configuration and what the admin keeps in the database, and the active staff. */
export async function loadDirectory(db: Database, config: Config): Promise<Directory> {
  const { desk } = config;
  const [rows, categories, staff] = await Promise.all([queueRows(db), listCategories(db), activeStaff(db)]);
  const queues = rows.map(({ address, name }) => ({ address, name }));
  const policy: Policy = {
    desk,
    queues: [desk, ...queues.filter((q) => q.address !== desk.address)],
    queueWords: new Map(rows.map(({ address, phones, words }) => [address, { phones, words }])),
    categories,
    companyName: config.companyName,
    authenticity: config.authenticity,
    trustedAuthservIds: config.trustedAuthservIds,
    reopenDays: config.reopenDays,
    undoMinutes: config.undoMinutes,
    limits: {
      mailsPerHour,
      aboutTicketPerHour,
      repliesAtOnce,
      unprovenPerHour,
      askedPerHour,
      askedUnvouchedPerHour,
    },
    locale: config.locale,
  };
  return { policy, staff };
}
