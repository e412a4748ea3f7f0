import type { Command } from 'commander';
import { oneOfChoices } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import { importKinds } from '../../import/kinds.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `import FILE.csv --kind companies|contacts|staff|queues|categories` */
export function importCommand(program: Command, act: Action): void {
  program
    .command('import')
    .description('register many at once from a CSV file; one wrong line and none is registered')
    .argument('<file.csv>', 'UTF-8, separated by comma or semicolon, with a header line')
    .requiredOption('--kind <kind>', `what it holds: ${importKinds.join(', ')}`, oneOfChoices(importKinds))
    .addHelpText(
      'after',
      `
Columns by header; those in brackets are optional. Separate several values in one cell by |, or by spaces where
no value holds any. Existing entries are updated. What list --csv writes can be read again.
  companies  name [domains] [contracts] [ended]
  contacts   email company [name] [disabled]
  staff      email name role [aliases] [disabled]
  queues     address name [from] [phones] [words]
  categories name [keywords]
${examples('kticket import companies.csv --kind companies', 'kticket import clients.csv --kind contacts')}`,
    )
    .action(act(async () => (await import('../../actions/people/import.ts')).importFile));
}
