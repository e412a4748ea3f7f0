import type { Command } from 'commander';
import { email, name } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import { extentOptions } from '../../terminal/lists/list-options.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `contact add | disable | remove | list` */
export function contactCommands(program: Command, act: Action): void {
  const contact = program.command('contact').description("clients' addresses").helpCommand(false);

  contact
    .command('add')
    .description("enrol a client's address at a company, or update it")
    .argument('<email>', 'bare address', email)
    .requiredOption('--company <name>', 'a registered company, as people write it')
    .option('--name <name>', "the person's name", name)
    .addHelpText(
      'after',
      examples(
        'kticket contact add lucia.bianchi@gmail.com --company "studio bianchi" --name "Lucia Bianchi"',
      ),
    )
    .action(act(async () => (await import('../../actions/people/contact.ts')).add));

  contact
    .command('disable')
    .description('deactivate: hold future mail from this address')
    .argument('<email>', 'bare address', email)
    .addHelpText('after', examples('kticket contact disable lucia.bianchi@gmail.com'))
    .action(act(async () => (await import('../../actions/people/contact.ts')).disable));

  extentOptions(
    contact
      .command('list')
      .description('all contacts, oldest first')
      .option('--company <name>', 'only those of one company'),
  )
    .addHelpText(
      'after',
      examples('kticket contact list --company "Rossi S.r.l."', 'kticket contact list --csv > contacts.csv'),
    )
    .action(act(async () => (await import('../../actions/people/contact.ts')).list));

  contact
    .command('remove')
    .description('take out an address that has no tickets')
    .argument('<email>', 'bare address', email)
    .addHelpText('after', examples('kticket contact remove lucia.bianchi@gmail.com'))
    .action(act(async () => (await import('../../actions/people/contact.ts')).remove));
}
