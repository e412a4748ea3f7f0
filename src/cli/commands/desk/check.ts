import type { Command } from 'commander';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `check [--send] [--ledger]`: tries everything the desk needs, one line each. */
export function checkCommand(program: Command, act: Action): void {
  program
    .command('check')
    .description(
      'test configuration, database, mailboxes, SMTP and templates; one line each, exit 1 if any fails',
    )
    .option(
      '--send',
      'also send mails from the desk to itself: do plus-addresses arrive, and which server authenticates them?',
    )
    .option(
      '--ledger',
      "also compare the servers' folders with the database and report messages missing from either",
    )
    .addHelpText('after', examples('kticket check', 'kticket check --ledger', 'kticket check --send'))
    .action(act(async () => (await import('../../actions/desk/check.ts')).check));
}
