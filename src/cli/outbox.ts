import type { Command } from 'commander';
import { type OutboxState, outboxStates } from '../core/decision.ts';
import { listOutgoing, showOutgoing } from '../store/reports.ts';
import { releaseMails } from '../store/restore.ts';
import { retryOutgoing } from '../store/retry.ts';
import { oneOf, ordinal, ordinals } from './arguments.ts';
import { withDatabase, withDesk, writing } from './database.ts';
import { examples } from './examples.ts';
import { type Act, done, failed, wrongUse } from './outcome.ts';
import { fields, person, say, sayJson, sayTable } from './output.ts';

/** `outbox list | show | retry | release | discard` */
export function outboxCommands(program: Command, act: Act): void {
  const outbox = program.command('outbox').description('outgoing mail').helpCommand(false);

  outbox
    .command('list')
    .description('outgoing mail, oldest first')
    .option('--state <state>', `only those that are ${outboxStates.join(', ')}`, oneOf(outboxStates))
    .option('--json', 'as a JSON array')
    .addHelpText('after', examples('kticket outbox list --state failed', 'kticket outbox list --json'))
    .action(
      act(async (options: { state?: OutboxState; json?: true }) =>
        withDesk(options.json === true, async (db) => {
          const mails = await listOutgoing(db, { state: options.state ?? null, id: null });
          if (options.json === true) sayJson(mails);
          else {
            const rows = mails.map((one) => [
              one.id,
              one.to,
              one.template,
              one.state,
              one.ticket === null ? null : `#${one.ticket}`,
              one.attempts,
              one.nextAttemptAt,
              one.lastError,
            ]);
            const columns = [
              'id',
              'to',
              'template',
              'state',
              'ticket',
              'attempts',
              'next attempt',
              'last error',
            ];
            sayTable(columns, rows, 'No outgoing mail.');
          }
          return done;
        }),
      ),
    );

  outbox
    .command('show')
    .description("one outgoing mail; not its text, which holds its reader's reply address")
    .argument('<id>', 'as `outbox list` shows it', ordinal)
    .option('--json', 'as a JSON object')
    .addHelpText('after', examples('kticket outbox show 40'))
    .action(
      act(async (id: number, options: { json?: true }) =>
        withDatabase(async (db) => {
          const found = await showOutgoing(db, id);
          if (found === null) {
            return failed(`There is no outgoing mail ${id}. \`kticket outbox list\` shows all.`);
          }
          if (options.json === true) sayJson(found);
          else say(fields({ ...found, from: person(found.from) }));
          return done;
        }),
      ),
    );

  outbox
    .command('retry')
    .description('send a failed mail again: the same bytes, the same Message-ID')
    .argument('<id>', 'as `outbox list --state failed` shows it', ordinal)
    .addHelpText('after', examples('kticket outbox retry 40'))
    .action(
      act(async (id: number) =>
        writing(async (db) => {
          const retried = await retryOutgoing(db, id);
          if (!retried.ok) return failed(retried.why);
          say(`outgoing mail ${id}: queued`);
          return done;
        }),
      ),
    );

  settling(outbox, act, {
    verb: 'release',
    to: 'queued',
    did: 'queued',
    says: 'let mails go that wait for release; with --all the desk sends by itself again',
  });
  settling(outbox, act, {
    verb: 'discard',
    to: 'cancelled',
    did: 'cancelled',
    says: 'take back mails that wait for release; with --all the desk sends new ones by itself again',
  });
}

/** `outbox release | discard`: what becomes of mail held after an older backup came back. */
function settling(
  outbox: Command,
  act: Act,
  about: { verb: string; to: 'queued' | 'cancelled'; did: string; says: string },
): void {
  outbox
    .command(about.verb)
    .description(about.says)
    .argument('[id...]', 'as `outbox list --state awaiting_release` shows them', ordinals)
    .option('--all', 'all that wait')
    .addHelpText(
      'after',
      examples(`kticket outbox ${about.verb} 40 41`, `kticket outbox ${about.verb} --all`),
    )
    .action(
      act(async (ids: number[], options: { all?: true }) => {
        if ((options.all === true) === ids.length > 0)
          return wrongUse(`kticket outbox ${about.verb}: name mails by their ids, or give --all.`);
        return writing(async (db) => {
          const released = await releaseMails(db, options.all === true ? 'all' : ids, about.to);
          if (!released.ok) return failed(released.why);
          const { length } = released.ids;
          say(`${length} outgoing ${length === 1 ? 'mail' : 'mails'}: ${about.did}`);
          if (options.all === true) say('the desk sends by itself again');
          return done;
        });
      }),
    );
}
