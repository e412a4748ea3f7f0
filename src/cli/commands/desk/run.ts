import type { Command } from 'commander';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `run [--once]` */
export function runCommand(program: Command, act: Action): void {
  program
    .command('run')
    .description('the desk itself: read the mailboxes, decide, send, until SIGTERM or Ctrl-C')
    .option('--once', 'take in all that waits, send all that is due, and end')
    .addHelpText(
      'after',
      examples('kticket run', 'kticket run --once    # from cron; 75: something was away'),
    )
    .action(act(async () => (await import('../../actions/desk/run.ts')).run));
}
