import { type Command, Option } from 'commander';
import { email, howMany, since } from '../arguments.ts';
import type { ListFormat } from '../output.ts';

/** What every list can be told: a list for programs, in one of two formats. */
export function formatOptions(list: Command): Command {
  return list
    .option('--json', 'as a JSON array')
    .addOption(new Option('--csv', 'as CSV, columns named as the JSON fields').conflicts('json'));
}

/** The same for a list that may be long. */
export function extentOptions(list: Command): Command {
  return formatOptions(
    list
      .option('--newest', 'newest first')
      .option('--limit <number>', 'not more than so many; with --newest the last ones', howMany),
  );
}

/** Options of a list of what belongs to tickets. */
export function ticketFilters(list: Command, about: { of: string; since: string }): Command {
  return list
    .option('--company <name>', `only ${about.of} of one company`)
    .option('--queue <address>', `only ${about.of} of one queue`, email)
    .option(
      '--since <when>',
      `only those ${about.since} since a date (2026-11-24) or an age (90m, 12h, 7d)`,
      since,
    );
}

export type ExtentOptions = ListFormat & { newest?: true; limit?: number };
export type TicketFilterOptions = ExtentOptions & { company?: string; queue?: string; since?: Date };
