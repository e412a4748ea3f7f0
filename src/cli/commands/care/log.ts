import { type Command, InvalidArgumentError } from 'commander';
import { ordinal } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `log [--ticket N] [--since WHEN] [--follow]`: what happened, in plain words. */
export function logCommand(program: Command, act: Action): void {
  program
    .command('log')
    .description('events at the desk in plain words: tickets, unusual messages, mails sent')
    .option('--ticket <number>', 'only events of one ticket, from its opening', ordinal)
    .option(
      '--since <when>',
      'start at a date (2026-11-24) or an age (90m, 12h, 7d); default: 24h',
      readSince,
    )
    .option('--follow', 'keep printing new events until Ctrl-C')
    .addHelpText(
      'after',
      examples('kticket log --since 7d', 'kticket log --ticket 1042', 'kticket log --follow'),
    )
    .action(act(async () => (await import('../../actions/care/log.ts')).log));
}

const minutesIn = new Map([
  ['m', 1],
  ['h', 60],
  ['d', 24 * 60],
]);

/** A day in ISO form, or a number of minutes, hours or days ago. Throws commander's error. */
function readSince(text: string): Date {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined)
    return new Date(Date.now() - Number(count) * (minutesIn.get(unit) ?? 1) * 60_000);
  const day = /^\d{4}-\d\d-\d\d(?:T[\d:]+Z?)?$/.test(text) ? new Date(text) : null;
  if (day === null || Number.isNaN(day.getTime())) {
    throw new InvalidArgumentError('Expected a date such as 2026-11-24, or an age: 90m, 12h, 7d.');
  }
  return day;
}
