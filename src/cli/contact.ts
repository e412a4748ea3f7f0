import type { Command } from 'commander';
import { addContact, disableContact, listContacts } from '../store/directory.ts';
import { email, name } from './arguments.ts';
import { withDatabase, writing } from './database.ts';
import { examples } from './examples.ts';
import { type Act, done, failed } from './outcome.ts';
import { say, sayJson, sayTable } from './output.ts';

/** `contact add | disable | list` */
export function contactCommands(program: Command, act: Act): void {
  const contact = program.command('contact').description("clients' addresses").helpCommand(false);

  contact
    .command('add')
    .description("enrol a client's address at a company, or update it")
    .argument('<email>', 'bare address', email)
    .requiredOption('--company <name>', 'a registered company')
    .option('--name <name>', 'how the person is called', name)
    .addHelpText(
      'after',
      examples(
        'kticket contact add lucia.bianchi@gmail.com --company "Studio Bianchi" --name "Lucia Bianchi"',
      ),
    )
    .action(
      act(async (address: string, options: { company: string; name?: string }) =>
        writing(async (db) => {
          const added = await addContact(db, {
            email: address,
            name: options.name ?? null,
            company: options.company,
          });
          if (!added.ok) return failed(added.why);
          say(`${address}: ${added.created ? 'enrolled' : 'updated'}`);
          return done;
        }),
      ),
    );

  contact
    .command('disable')
    .description("hold this address's mail from now on")
    .argument('<email>', 'bare address', email)
    .addHelpText('after', examples('kticket contact disable lucia.bianchi@gmail.com'))
    .action(
      act(async (address: string) =>
        writing(async (db) => {
          const disabled = await disableContact(db, address);
          if (!disabled.ok) return failed(disabled.why);
          say(`${address}: ${disabled.changed ? 'disabled' : 'was disabled already'}`);
          return done;
        }),
      ),
    );

  contact
    .command('list')
    .description('all contacts, oldest first')
    .option('--json', 'as a JSON array')
    .addHelpText('after', examples('kticket contact list', 'kticket contact list --json'))
    .action(
      act(async (options: { json?: true }) =>
        withDatabase(async (db) => {
          const contacts = await listContacts(db);
          if (options.json === true) sayJson(contacts);
          else {
            const rows = contacts.map((one) => [one.email, one.name, one.company, one.disabled]);
            sayTable(['email', 'name', 'company', 'disabled'], rows, 'No contact is enrolled.');
          }
          return done;
        }),
      ),
    );
}
