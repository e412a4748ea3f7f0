import { needs } from '../../../config/config.ts';
import { plusAddressTooLong } from '../../../core/address/address.ts';
import type { Queue } from '../../../core/ticket/ticket.ts';
import { listSenders } from '../../../store/mails/senders.ts';
import { withDatabase, writing } from '../../terminal/with-database.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { table } from '../../terminal/output.ts';
import { printText, sayJson } from '../../terminal/print.ts';
import { loadConfig } from '../../../config/load.ts';
import { addQueue, listQueues, queueRows } from '../../../store/directory/queues.ts';

/** `queue add` */
export async function add(
  address: string,
  options: { name: string; from?: string; phone?: string[]; words?: string },
): Promise<Outcome> {
  return writing(async (db) => {
    const replies = loadConfig(needs.replies);
    const tooLong = plusAddressTooLong(address);
    if (tooLong !== null && replies.ok && replies.config.replyAddressing === 'plus') {
      return failed(`${tooLong} Use a shorter address, or set REPLY_ADDRESSING=subject.`);
    }
    const { from, phone, words } = options;
    const added = await addQueue(
      db,
      { address, name: options.name },
      {
        ...(from === undefined ? {} : { from }),
        ...(phone === undefined ? {} : { phones: phone }),
        ...(words === undefined ? {} : { words: words === '' ? null : words }),
      },
    );
    if (!added.ok) return failed(added.why);
    printText(`${address}: ${added.created ? 'registered' : 'renamed'}`);
    return succeeded;
  });
}

/** `queue list` */
export async function list(options: { json?: true }): Promise<Outcome> {
  return withDatabase(async (db) => {
    const queues = withDesk(await listQueues(db));
    if (options.json === true) sayJson(queues);
    else {
      const senders = await listSenders(db);
      const known = new Map((await queueRows(db)).map((row) => [row.address, row]));
      const rows = queues.map((one) => [
        one.address,
        one.name,
        senders.get(one.address) ?? one.address,
        known.get(one.address)?.phones.join(', ') || null,
        known.get(one.address)?.words ?? null,
      ]);
      printText(
        table(
          ['address', 'name', 'sends as', 'phones', 'words'],
          rows,
          'No queue is registered; the desk itself is always one.',
        ),
      );
    }
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
