/**
 * A process that uses an embedded database as a command does: `node hold-database.ts DIRECTORY`. Prints `open URL`
 * and stays until its standard input ends or SIGINT, then leaves and prints `closed`.
 */
import { once } from 'node:events';
import { openEmbedded } from '../../src/store/embedded/embedded.ts';

const embedded = await openEmbedded(process.argv[2] ?? '');
process.stdout.write(`open ${embedded.url}\n`);
process.stdin.resume();
await Promise.race([once(process.stdin, 'end'), once(process, 'SIGINT')]);
process.stdin.destroy();
await embedded.close();
process.stdout.write('closed\n');
