import type { Command } from 'commander';
import { loadConfig, needs } from '../config.ts';
import { plusAddressTooLong } from '../core/address.ts';
import type { Queue } from '../core/ticket.ts';
import { addQueue, listQueues, queueRows } from '../store/directory.ts';
import { listSenders } from '../store/senders.ts';
import { email, name, oneLine, phones } from './arguments.ts';
import { withDatabase, writing } from './database.ts';
import { examples } from './examples.ts';
import { type Act, done, failed } from './outcome.ts';
import { say, sayJson, table } from './output.ts';

/** `queue add | list` */
export function queueCommands(program: Command, act: Act): void {
  const queue = program
    .command('queue')
    .description('addresses people write to, beside the desk itself')
    .helpCommand(false);

  queue
    .command('add')
    .description('register a queue, or rename it')
    .argument('<address>', 'bare address whose mail arrives in one of the mailboxes', email)
    .requiredOption('--name <name>', 'as staff and clients read it', name)
    .option(
      '--from <address>',
      'whom its mails are from, where the server does not let us send as its address',
      email,
    )
    .option('--phone <number>', "its telephone, as its clients' mails give it; several: repeat it", phones)
    .option('--words <text>', "a sentence of its own for its clients' confirmations; '' for none", oneLine)
    .addHelpText(
      'after',
      examples(
        'kticket queue add pda@example.it --name "Assistenza PDA" --phone "06 5550100"',
        'kticket queue add pda@example.it --name "Assistenza PDA" --from assistenza@example.it',
        'kticket queue add assistenza@example.it --name Assistenza --phone "06 5550101"   # the desk itself',
      ),
    )
    .action(
      act(
        async (address: string, options: { name: string; from?: string; phone?: string[]; words?: string }) =>
          writing(async (db) => {
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
            say(`${address}: ${added.created ? 'registered' : 'renamed'}`);
            return done;
          }),
      ),
    );

  queue
    .command('list')
    .description('all queues, oldest first; where DESK_ADDRESS is set, the desk is the first')
    .option('--json', 'as a JSON array')
    .addHelpText('after', examples('kticket queue list', 'kticket queue list --json'))
    .action(
      act(async (options: { json?: true }) =>
        withDatabase(async (db) => {
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
            say(
              table(
                ['address', 'name', 'sends as', 'phones', 'words'],
                rows,
                'No queue is registered; the desk itself is always one.',
              ),
            );
          }
          return done;
        }),
      ),
    );
}

/** The desk is a queue by configuration, which this command reads where it is there but does not ask for. */
function withDesk(queues: Queue[]): Queue[] {
  const loaded = loadConfig(needs.desk);
  if (!loaded.ok) return queues;
  const { address, name: displayName } = loaded.config.desk;
  return [{ address, name: displayName }, ...queues.filter((one) => one.address !== address)];
}
