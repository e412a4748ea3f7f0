/** The bodies of mails, each kept once for all its readers. */
import { sql } from 'kysely';
import type { MailBody } from '../../mail/body/mail-body.ts';
import type { Database } from '../db/database.ts';

/** A body that is to be kept. */
export type NewBody = {
  body: MailBody;
  /** without reply tokens */
  subject: string;
  /** in the order of its gaps; `content` of those that are kept nowhere else */
  files: readonly { sha256: string; content: Uint8Array | null }[];
};

/** A body that is kept. */
export type KeptBody = MailBody & { id: number; subject: string };

/** Keeps one body. @returns its id */
export async function keepBody(tx: Database, body: NewBody): Promise<number> {
  const [id] = await keepBodies(tx, [body]);
  if (id === undefined) throw new Error('a body was kept and has no id');
  return id;
}

/** Keeps bodies. @returns their ids, in the same order */
export async function keepBodies(tx: Database, bodies: readonly NewBody[]): Promise<number[]> {
  if (bodies.length === 0) return [];
  const rows = await tx
    .insertInto('mail_body')
    .values(
      bodies.map(({ body, subject }) => ({
        encoded: body.bytes,
        gaps: sql`${body.gaps}::integer[]`,
        subject,
      })),
    )
    .returning('id')
    .execute();
  const ids = rows.map(({ id }) => id);
  const files = bodies.flatMap((one, i) =>
    one.files.map((file, position) => ({ ...file, position, body_id: ids[i] ?? 0 })),
  );
  if (files.length === 0) return ids;
  const contents = new Map(
    files.flatMap(({ sha256, content }) => (content === null ? [] : [[sha256, content] as const])),
  );
  await Promise.all([
    ...[...contents].map(([sha256, content]) =>
      tx
        .insertInto('blob')
        .values({ sha256, content })
        .onConflict((oc) => oc.doNothing())
        .execute(),
    ),
    tx
      .insertInto('mail_body_file')
      .values(files.map(({ body_id, position, sha256 }) => ({ body_id, position, sha256 })))
      .execute(),
  ]);
  return ids;
}

/** These bodies, by their ids. */
export async function loadBodies(db: Database, ids: readonly number[]): Promise<Map<number, KeptBody>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('mail_body')
    .select(['id', 'encoded as bytes', 'gaps', 'subject'])
    .where('id', '=', sql<number>`any(${[...new Set(ids)]}::bigint[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** The contents of a body's files, in order. */
export async function loadBodyFiles(db: Database, { id }: KeptBody): Promise<Buffer[]> {
  const rows = await db
    .selectFrom('mail_body_file')
    .innerJoin('blob', 'blob.sha256', 'mail_body_file.sha256')
    .select('content')
    .where('body_id', '=', id)
    .orderBy('position')
    .execute();
  return rows.map(({ content }) => content);
}

/** Drops those of these bodies that no mail has any more. */
export async function dropUnused(tx: Database, ids: readonly number[]): Promise<void> {
  await sql`
    delete from mail_body
     where id = any(${ids}::bigint[]) and not exists (select from outbox where outbox.body_id = mail_body.id)`.execute(
    tx,
  );
}
