import { listBlocks, removeBlock } from '../../../store/directory/blocks.ts';
import { withDatabase, writing } from '../../terminal/with-database.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { sayTable } from '../../terminal/output.ts';
import { printText, sayJson } from '../../terminal/print.ts';

/** `block list` */
export async function list(options: { json?: true }): Promise<Outcome> {
  return withDatabase(async (db) => {
    const blocks = await listBlocks(db);
    if (options.json === true) sayJson(blocks);
    else {
      const rows = blocks.map((one) => [one.email, one.binds, one.since]);
      sayTable(['email', 'rejects', 'since'], rows, 'Nobody is blocked.');
    }
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
