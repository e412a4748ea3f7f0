import type { Command } from 'commander';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `migrate` */
export function migrateCommand(program: Command, act: Action): void {
  program
    .command('migrate')
    .description('bring the database schema up to date; every command that uses the database does so first')
    .addHelpText('after', examples('kticket migrate'))
    .action(act(async () => (await import('../../actions/desk/migrate.ts')).migrate));
}
