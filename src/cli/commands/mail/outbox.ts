import type { Command } from 'commander';
import { oneOfChoices, ordinal, ordinals } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import { extentOptions, ticketFilters } from '../../terminal/lists/list-options.ts';
import type { Action } from '../../terminal/outcome.ts';
import { outboxStates } from '../../../core/kinds.ts';

/** `outbox list | show | retry | release | discard` */
export function outboxCommands(program: Command, act: Action): void {
  const outbox = program.command('outbox').description('outgoing mail').helpCommand(false);

  const list = outbox
    .command('list')
    .description('outgoing mail, oldest first')
    .option('--state <state>', `only those that are ${outboxStates.join(', ')}`, oneOfChoices(outboxStates));
  extentOptions(ticketFilters(list, { of: 'those about tickets', since: 'written' }))
    .addHelpText(
      'after',
      examples('kticket outbox list --state failed', 'kticket outbox list --newest --limit 20 --json'),
    )
    .action(act(async () => (await import('../../actions/mail/outbox.ts')).list));

  outbox
    .command('show')
    .description("one outgoing mail, without its text, which holds the recipient's reply address")
    .argument('<id>', 'as `outbox list` shows it', ordinal)
    .option('--json', 'as a JSON object')
    .addHelpText('after', examples('kticket outbox show 40'))
    .action(act(async () => (await import('../../actions/mail/outbox.ts')).show));

  outbox
    .command('retry')
    .description('send a failed mail again: the same bytes, the same Message-ID')
    .argument('<id>', 'as `outbox list --state failed` shows it', ordinal)
    .addHelpText('after', examples('kticket outbox retry 40'))
    .action(act(async () => (await import('../../actions/mail/outbox.ts')).retry));

  settling(outbox, 'release', 'release held mail; --all also lets the desk send automatically again').action(
    act(async () => (await import('../../actions/mail/outbox.ts')).release),
  );
  settling(
    outbox,
    'discard',
    'discard held mail; --all also lets the desk send new mail automatically again',
  ).action(act(async () => (await import('../../actions/mail/outbox.ts')).discard));
}

/** `outbox release | discard`: sends or drops mail held after an older backup was restored. */
function settling(outbox: Command, verb: string, says: string): Command {
  return outbox
    .command(verb)
    .description(says)
    .argument('[id...]', 'as `outbox list --state awaiting_release` shows them', ordinals)
    .option('--all', 'all held mail')
    .addHelpText('after', examples(`kticket outbox ${verb} 40 41`, `kticket outbox ${verb} --all`));
}
