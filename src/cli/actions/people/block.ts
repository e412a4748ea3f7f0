import { type Block, listBlocks, removeBlock } from '../../../store/directory/blocks.ts';
import { withDatabase, writing } from '../../terminal/with-database.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { type Listed, type ListFormat, onePage, sayList } from '../../terminal/output.ts';
import { printText } from '../../terminal/print.ts';

const blocks: Listed<Block> = {
  columns: ['email', 'rejects', 'since'],
  row: (one) => [one.email, one.binds, one.since],
  fields: ['email', 'binds', 'since'],
  empty: 'Nobody is blocked.',
};

/** `block list` */
export async function list(format: ListFormat): Promise<Outcome> {
  return withDatabase(async (db) => {
    await sayList(onePage(await listBlocks(db)), blocks, format);
    return succeeded;
  });
}

/** `block remove` */
export async function remove(address: string): Promise<Outcome> {
  return writing(async (db) => {
    if (!(await removeBlock(db, address)))
      return failed(`${address} is not blocked. \`kticket block list\` shows all.`);
    printText(`${address}: no longer blocked; mail that was rejected stays so`);
    return succeeded;
  });
}
