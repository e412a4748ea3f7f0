import { deliveryFailed } from '../core/decide/delivery-failed.ts';
import type { Config } from '../config/settings.ts';
import type { Database } from '../store/db/database.ts';
import { lockTurn } from '../store/mails/turn.ts';
import type { FailedDelivery } from '../store/mails/outbox.ts';
import { saveDecisions } from '../store/save/save.ts';
import { ticketsById } from '../store/snapshot/tickets.ts';
import { activeStaff } from '../store/snapshot/who-is-who.ts';
import type { Templates } from '../templates/render.ts';
import { renderMails } from './render-mails.ts';

/**
 * Records on its ticket that a client's mail will not arrive, and notifies staff, in the transaction that settles the mail: either
 * both happen or neither.
 */
export async function tellOfFailure(
  desk: { config: Config; templates: Templates },
  tx: Database,
  mail: FailedDelivery,
): Promise<void> {
  const [ticket] = mail.ticketId === null ? [] : await ticketsById(tx, [mail.ticketId]);
  if (ticket === undefined) return;
  const now = await lockTurn(tx);
  const { locale, tokenDays } = desk.config;
  const about = { to: mail.recipient, template: mail.template, toClient: true, ticket };
  const told = deliveryFailed(await activeStaff(tx), about, mail, locale);
  const mails = renderMails(told.outgoing, desk, { now, files: [] });
  const saving = { now, cause: null, tokenDays, knownTokens: new Set<string>() };
  await saveDecisions(tx, [{ effects: told.effects, mails, saving, decided: null }]);
}
