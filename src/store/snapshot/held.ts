import type { HeldMessage, Standing } from '../../core/case/snapshot.ts';
import type { Company, Staff } from '../../core/ticket/ticket.ts';
import type { Database } from '../db/database.ts';
import type { MessageRow } from '../db/schema.ts';
import { knownOf } from './who-is-who.ts';
import type { Presented } from './tokens.ts';
import type { Proof } from '../../core/message/authentication.ts';

/** The held, quarantined or unconfirmed message that a presented token names. */
export async function subjectMessageOf(
  db: Database,
  presented: readonly Presented[],
  staff: readonly Staff[],
): Promise<HeldMessage | null> {
  // whether it counts is asked in the core, where a mail with several tokens is refused
  const id = presented.find((p) => p.messageId !== null)?.messageId ?? null;
  if (id === null) return null;
  const [found] = await heldMessages(db, [id], staff);
  return found ?? null;
}

/** The held messages that the list of a presented token showed. */
export async function listedBy(
  db: Database,
  presented: readonly Presented[],
  staff: readonly Staff[],
): Promise<HeldMessage[]> {
  const subject = presented.map(({ token }) => token.subject).find(({ purpose }) => purpose === 'list');
  return subject?.purpose === 'list' ? heldMessages(db, subject.held, staff) : [];
}

/** Incoming messages as an answer about them sees them, in the order of the ids. */
async function heldMessages(
  db: Database,
  ids: readonly number[],
  staff: readonly Staff[],
): Promise<HeldMessage[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('message')
    .select([
      'id',
      'from_name',
      'from_email',
      'subject',
      'received_at',
      'text',
      'message_id',
      'disposition',
      'reason',
      'authenticity',
      'answerable',
    ])
    .where('id', 'in', ids)
    .execute();
  const found = new Map<number, HeldMessage>();
  for (const row of rows) found.set(row.id, await heldMessage(db, row, staff));
  return ids.flatMap((id) => found.get(id) ?? []);
}

async function heldMessage(
  db: Database,
  row: Pick<
    MessageRow,
    | 'id'
    | 'from_name'
    | 'from_email'
    | 'subject'
    | 'received_at'
    | 'text'
    | 'message_id'
    | 'disposition'
    | 'reason'
    | 'authenticity'
    | 'answerable'
  >,
  staff: readonly Staff[],
): Promise<HeldMessage> {
  const email = row.from_email ?? '';
  const { standing, block } = await knownOf(db, email, staff);
  return {
    id: row.id,
    answerable: row.answerable,
    from: { name: row.from_name ?? '', email },
    subject: row.subject ?? '',
    receivedAt: row.received_at,
    text: row.text ?? '',
    messageId: row.message_id,
    disposition: row.disposition,
    reason: row.reason ?? '',
    proof: proofOf(row.authenticity),
    standing,
    isBlocked: block !== null,
  };
}

/** The proof of a message, from the text stored by `settleMessage`. */
function proofOf(authenticity: string | null): Proof {
  const said = authenticity?.split(':', 1)[0];
  return said === 'pass' || said === 'fail' ? said : 'none';
}

/** Whether somebody may have to be told which companies there are: the mail is a stranger's, or answers about one. */
export function isAboutStranger(standing: Standing, presented: readonly Presented[]): boolean {
  const isKnown = standing.kind === 'client' || standing.kind === 'staff';
  return (
    !isKnown ||
    presented.some(
      ({
        token: {
          subject: { purpose },
        },
      }) => purpose === 'held' || purpose === 'list',
    )
  );
}

/** Companies under contract, by name. */
export async function companiesUnderContract(db: Database): Promise<Company[]> {
  return db
    .selectFrom('company')
    .select(['id', 'name', 'contracts'])
    .where('ended_at', 'is', null)
    .orderBy('name')
    .execute();
}
