import type { Command } from 'commander';
import { type Role, roles } from '../core/ticket.ts';
import { addStaff, disableStaff, listStaff } from '../store/directory.ts';
import { email, emails, name, oneOf } from './arguments.ts';
import { withDatabase, writing } from './database.ts';
import { examples } from './examples.ts';
import { type Act, done, failed } from './outcome.ts';
import { say, sayJson, sayTable } from './output.ts';

/** `staff add | disable | list` */
export function staffCommands(program: Command, act: Act): void {
  const staff = program.command('staff').description('who answers, and whose word counts').helpCommand(false);

  staff
    .command('add')
    .description('register a staff member, or update one')
    .argument('<email>', 'bare address that notifications go to', email)
    .requiredOption('--name <name>', 'as the others read it', name)
    .requiredOption('--role <role>', `${roles.join(', ')} (an administrator counts as both)`, oneOf(roles))
    .option(
      '--alias <email>',
      "a further address they write from, several times for several; '' for none",
      emails,
    )
    .addHelpText(
      'after',
      examples(
        'kticket staff add anna@example.it --name "Anna Conti" --role technician',
        'kticket staff add marco@example.it --name "Marco Neri" --role administrator --alias marco.neri@gmail.com',
      ),
    )
    .action(
      act(async (address: string, options: { name: string; role: Role; alias?: string[] }) =>
        writing(async (db) => {
          const added = await addStaff(db, {
            email: address,
            name: options.name,
            role: options.role,
            aliases: options.alias ?? null,
          });
          if (!added.ok) return failed(added.why);
          say(`${address}: ${added.created ? 'registered' : 'updated'} as ${options.role}`);
          return done;
        }),
      ),
    );

  staff
    .command('disable')
    .description('take their word away: no mail of theirs commands any more')
    .argument('<email>', 'bare address', email)
    .addHelpText('after', examples('kticket staff disable anna@example.it'))
    .action(
      act(async (address: string) =>
        writing(async (db) => {
          const disabled = await disableStaff(db, address);
          if (!disabled.ok) return failed(disabled.why);
          say(`${address}: ${disabled.changed ? 'disabled' : 'was disabled already'}`);
          return done;
        }),
      ),
    );

  staff
    .command('list')
    .description('all staff, oldest first')
    .option('--json', 'as a JSON array')
    .addHelpText('after', examples('kticket staff list', 'kticket staff list --json'))
    .action(
      act(async (options: { json?: true }) =>
        withDatabase(async (db) => {
          const everyone = await listStaff(db);
          if (options.json === true) sayJson(everyone);
          else {
            const rows = everyone.map((one) => [one.email, one.name, one.role, one.aliases, one.disabled]);
            sayTable(['email', 'name', 'role', 'aliases', 'disabled'], rows, 'No staff is registered.');
          }
          return done;
        }),
      ),
    );
}
