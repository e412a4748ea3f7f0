import { needs } from '../../../config/config.ts';
import { plusAddressTooLong } from '../../../core/address/address.ts';
import type { Queue } from '../../../core/ticket/ticket.ts';
import type { Database } from '../../../store/db/database.ts';
import { type Added, refused } from '../../../store/directory/directory.ts';
import { listSenders } from '../../../store/mails/senders.ts';
import { removeQueue } from '../../../store/directory/removing.ts';
import { withDatabase, writing } from '../../terminal/with-database.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { type Listed, type ListFormat, onePage, sayList } from '../../terminal/output.ts';
import { printText } from '../../terminal/print.ts';
import { loadConfig } from '../../../config/load.ts';
import { addQueue, listQueues, queueRows } from '../../../store/directory/queues.ts';

/** `queue add` */
export async function add(
  address: string,
  options: { name: string; from?: string; phone?: string[]; words?: string },
): Promise<Outcome> {
  return writing(async (db) => {
    const { name, from, phone, words } = options;
    const added = await registerQueue(db, { address, name }, { from, phones: phone, words });
    if (!added.ok) return failed(added.why);
    printText(`${address}: ${added.created ? 'registered' : 'renamed'}`);
    return succeeded;
  });
}

/** Registers a queue or updates it; what is undefined stays as it was, an empty sentence takes it away. */
export async function registerQueue(
  db: Database,
  { address, name }: Queue,
  {
    from,
    phones,
    words,
  }: { from?: string | undefined; phones?: string[] | undefined; words?: string | undefined },
): Promise<Added> {
  const replies = loadConfig(needs.replies);
  const tooLong = plusAddressTooLong(address);
  if (tooLong !== null && replies.ok && replies.config.replyAddressing === 'plus')
    return refused(`${tooLong} Use a shorter address, or set REPLY_ADDRESSING=subject.`);
  return addQueue(
    db,
    { address, name },
    {
      ...(from === undefined ? {} : { from }),
      ...(phones === undefined ? {} : { phones }),
      ...(words === undefined ? {} : { words: words === '' ? null : words }),
    },
  );
}

/** `queue list` */
export async function list(format: ListFormat): Promise<Outcome> {
  return withDatabase(async (db) => {
    const queues = withDesk(await listQueues(db));
    const senders = await listSenders(db);
    const known = new Map((await queueRows(db)).map((row) => [row.address, row]));
    const as: Listed<Queue> = {
      columns: ['address', 'name', 'sends as', 'phones', 'words'],
      row: (one) => [
        one.address,
        one.name,
        senders.get(one.address) ?? one.address,
        known.get(one.address)?.phones.join(', ') || null,
        known.get(one.address)?.words ?? null,
      ],
      fields: ['address', 'name'],
      empty: 'No queue is registered; the desk itself is always one.',
    };
    await sayList(onePage(queues), as, format);
    return succeeded;
  });
}

/** The desk's queue comes from the settings, which this command reads if present but does not require. */
function withDesk(queues: Queue[]): Queue[] {
  const loaded = loadConfig(needs.desk);
  if (!loaded.ok) return queues;
  const { address, name: displayName } = loaded.config.desk;
  return [{ address, name: displayName }, ...queues.filter((one) => one.address !== address)];
}

/** `queue remove` */
export async function remove(given: string): Promise<Outcome> {
  return writing(async (db) => {
    const desk = loadConfig(needs.desk);
    if (desk.ok && desk.config.desk.address === given)
      return failed(`${given} is the desk itself (DESK_ADDRESS), which is always a queue.`);
    const removed = await removeQueue(db, given);
    if (!removed.ok) return failed(removed.why);
    printText(`${removed.name}: removed`);
    return succeeded;
  });
}
