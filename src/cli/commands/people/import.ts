import type { Command } from 'commander';
import { oneOfChoices } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import { importKinds } from '../../import/kinds.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `import FILE.csv --kind companies|contacts|staff` */
export function importCommand(program: Command, act: Action): void {
  program
    .command('import')
    .description('register many at once from a CSV file: all of them, or none where a line is wrong')
    .argument('<file.csv>', 'UTF-8, comma or semicolon, the first line names the columns')
    .requiredOption('--kind <kind>', `what it holds: ${importKinds.join(', ')}`, oneOfChoices(importKinds))
    .addHelpText(
      'after',
      `
Columns, by their first line; those in brackets may be missing. Several values in one cell are separated by
spaces or |. What exists is updated.
  companies  name [domains] [contracts] [ended]
  contacts   email company [name] [disabled]
  staff      email name role [aliases] [disabled]
${examples('kticket import companies.csv --kind companies', 'kticket import clients.csv --kind contacts')}`,
    )
    .action(act(async () => (await import('../../actions/people/import.ts')).importFile));
}
