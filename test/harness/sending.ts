import { randomUUID } from 'node:crypto';
import { type InsertObject, sql } from 'kysely';
import { onTestFinished } from 'vitest';
import { type Delivery, type DeliveryPass, deliverDue } from '../../src/desk/deliver.ts';
import { createLog } from '../../src/log/log.ts';
import { openSmtp } from '../../src/mail/smtp/smtp.ts';
import type { Database, OpenDatabase } from '../../src/store/db/database.ts';
import type { FailedDelivery } from '../../src/store/mails/outbox.ts';
import type { OutboxRow, Tables } from '../../src/store/db/schema.ts';
import { scratchDatabase } from './database.ts';
import { startSmtpServer, type TestSmtpServer } from './smtp-server.ts';

export const sender = 'assistenza@kybernes.test';

export type SendingDesk = {
  db: OpenDatabase;
  url: string;
  server: TestSmtpServer;
  failures: FailedDelivery[];
  delivery: Delivery;
  pass: () => Promise<DeliveryPass>;
};

/** A desk with an empty outbox, and a server that takes everything. */
export async function sendingDesk(
  login: { user: string; password: string } | null = null,
): Promise<SendingDesk> {
  const { db, url } = await scratchDatabase();
  const server = await startSmtpServer(login);
  const smtp = openSmtp(server.settings);
  onTestFinished(async () => {
    smtp.close();
    await server.close();
  });
  const failures: FailedDelivery[] = [];
  const delivery: Delivery = {
    db,
    route: { smtp, queues: null, user: null },
    others: [],
    desk: sender,
    locale: 'it',
    log: createLog('silent'),
    onFailed: async (_tx, mail) => {
      failures.push(mail);
    },
  };
  return { db, url, server, failures, delivery, pass: () => deliverDue(delivery) };
}

/** Puts a client's mail into the outbox, due now. @returns its id */
export async function queue(
  db: Database,
  more: Partial<InsertObject<Tables, 'outbox'>> = {},
): Promise<number> {
  const row = await db
    .insertInto('outbox')
    .values({
      template: 'opened-client',
      recipient_name: 'Anna Rossi',
      recipient: 'anna@rossi.test',
      from_name: 'Assistenza KYBERNES',
      from_address: sender,
      message_id: `<${randomUUID()}@kybernes.test>`,
      subject: '[#1001] La stampante non stampa',
      text: 'Gentile Anna,\nabbiamo aperto il ticket.\n',
      html: '<p>Gentile Anna,<br>abbiamo aperto il ticket.</p>',
      next_attempt_at: sql<Date>`now()`,
      ...more,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

export const rowOf = (db: Database, id: number): Promise<OutboxRow> =>
  db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

/** The time a deferred mail waits passes. */
export async function later(db: Database): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ next_attempt_at: sql<Date>`now()` })
    .where('state', '=', 'deferred')
    .execute();
}

/** Seconds. */
export const untilRetry = ({ next_attempt_at }: OutboxRow): number =>
  (next_attempt_at.getTime() - Date.now()) / 1000;
