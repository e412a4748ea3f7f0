import type { Command } from 'commander';
import { howMany, ordinal, since } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `log [--ticket N] [--since WHEN] [--limit N] [--problems] [--follow]`: what happened, in plain words. */
export function logCommand(program: Command, act: Action): void {
  program
    .command('log')
    .description(
      'events at the desk in plain words and local time: tickets, unusual messages, mails, outages',
    )
    .option('--ticket <number>', 'only events of one ticket, from its opening', ordinal)
    .option('--since <when>', 'start at a date (2026-11-24) or an age (90m, 12h, 7d); default: 24h', since)
    .option('--limit <number>', 'not more than so many, the last ones', howMany)
    .option(
      '--problems',
      'only what wants somebody: held and quarantined messages, mail that failed, outages that last',
    )
    .option('--follow', 'keep printing new events until Ctrl-C')
    .addHelpText(
      'after',
      examples('kticket log --problems --since 7d', 'kticket log --ticket 1042', 'kticket log --follow'),
    )
    .action(act(async () => (await import('../../actions/care/log.ts')).log));
}
