/** One side of the benchmark: the desk itself, as `kticket run` puts it together. */
import { keepHeapSmall } from '../../src/cli/actions/desk/run.ts';
import { openDesk } from '../../src/desk/desk.ts';
import { createLog } from '../../src/log/log.ts';
import { openDatabase } from '../../src/store/db/database.ts';
import { runWorker } from '../../src/desk/worker.ts';
import { measure, settings } from './side.ts';

const config = settings();
const db = await openDatabase(config);
const desk = openDesk(config, db, createLog(config.logLevel));
keepHeapSmall();
const stop = new AbortController();
process.once('message', () => stop.abort());
await measure(() => runWorker(desk.deps, stop.signal));
await desk.close();
await db.close();
process.disconnect();
