import type { Command } from 'commander';
import { email, emails, name, oneOfChoices } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import { formatOptions } from '../../terminal/lists/list-options.ts';
import type { Action } from '../../terminal/outcome.ts';
import { roles } from '../../../core/kinds.ts';

/** `staff add | disable | remove | list` */
export function staffCommands(program: Command, act: Action): void {
  const staff = program
    .command('staff')
    .description('staff members, whose mail gives commands')
    .helpCommand(false);

  staff
    .command('add')
    .description('register a staff member, or update one')
    .argument('<email>', 'bare address that receives notifications', email)
    .requiredOption('--name <name>', 'as others see it', name)
    .requiredOption(
      '--role <role>',
      `${roles.join(', ')} (an administrator counts as both)`,
      oneOfChoices(roles),
    )
    .option('--alias <email>', "a further address they write from (repeatable); '' for none", emails)
    .addHelpText(
      'after',
      examples(
        'kticket staff add anna@example.it --name "Anna Conti" --role technician',
        'kticket staff add marco@example.it --name "Marco Neri" --role administrator --alias marco.neri@gmail.com',
      ),
    )
    .action(act(async () => (await import('../../actions/people/staff.ts')).add));

  staff
    .command('disable')
    .description('deactivate: their mail no longer gives commands')
    .argument('<email>', 'bare address', email)
    .addHelpText('after', examples('kticket staff disable anna@example.it'))
    .action(act(async () => (await import('../../actions/people/staff.ts')).disable));

  formatOptions(staff.command('list').description('all staff, oldest first'))
    .addHelpText(
      'after',
      examples('kticket staff list', 'kticket staff list --json', 'kticket staff list --csv > staff.csv'),
    )
    .action(act(async () => (await import('../../actions/people/staff.ts')).list));

  staff
    .command('remove')
    .description('take out a staff member who has done and been told nothing yet')
    .argument('<email>', 'bare address', email)
    .addHelpText('after', examples('kticket staff remove anna@example.it'))
    .action(act(async () => (await import('../../actions/people/staff.ts')).remove));
}
