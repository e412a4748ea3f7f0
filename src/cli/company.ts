import type { Command } from 'commander';
import { type Contract, contracts } from '../core/ticket.ts';
import { addCompany, companyUnknown, endCompany, listCompanies, listContacts } from '../store/directory.ts';
import { domains, name, oneOf, several } from './arguments.ts';
import { withDatabase, writing } from './database.ts';
import { examples } from './examples.ts';
import { type Act, done, failed } from './outcome.ts';
import { fields, say, sayJson, sayTable } from './output.ts';

/** `company add | end | list | show` */
export function companyCommands(program: Command, act: Act): void {
  const company = program.command('company').description('companies under contract').helpCommand(false);

  company
    .command('add')
    .description('register a company, or update one: what is given replaces what was there')
    .argument('<name>', 'as people write it; upper and lower case are the same', name)
    .option('--domain <domain>', "a mail domain of its own, several times for several; '' for none", domains)
    .option(
      '--contract <contract>',
      `how it is served, several times for several: ${contracts.join(', ')}; '' for none`,
      several(oneOf(contracts)),
    )
    .addHelpText(
      'after',
      examples(
        'kticket company add "Rossi S.r.l." --domain rossi.it --domain rossi.com --contract on-site --contract remote',
        'kticket company add "Studio Bianchi"    # known by its contacts alone',
      ),
    )
    .action(
      act(async (given: string, options: { domain?: string[]; contract?: Contract[] }) =>
        writing(async (db) => {
          const added = await addCompany(db, {
            name: given,
            domains: options.domain ?? null,
            contracts: options.contract ?? null,
          });
          if (!added.ok) return failed(added.why);
          say(`${given}: ${added.created ? 'registered' : 'updated'}`);
          return done;
        }),
      ),
    );

  company
    .command('end')
    .description("end a company's contract: its people's mail is held from now on, its tickets stay")
    .argument('<name>')
    .addHelpText('after', examples('kticket company end "Rossi S.r.l."'))
    .action(
      act(async (given: string) =>
        writing(async (db) => {
          const ended = await endCompany(db, given);
          if (!ended.ok) return failed(ended.why);
          say(`${given}: ${ended.changed ? 'ended' : 'had ended already'}`);
          return done;
        }),
      ),
    );

  company
    .command('list')
    .description('all companies, oldest first')
    .option('--json', 'as a JSON array')
    .addHelpText('after', examples('kticket company list', 'kticket company list --json'))
    .action(
      act(async (options: { json?: true }) =>
        withDatabase(async (db) => {
          const companies = await listCompanies(db);
          if (options.json === true) sayJson(companies);
          else {
            const rows = companies.map((one) => [one.name, one.domains, one.contracts, one.ended]);
            sayTable(['name', 'domains', 'contracts', 'ended'], rows, 'No company is registered.');
          }
          return done;
        }),
      ),
    );

  company
    .command('show')
    .description('one company')
    .argument('<name>')
    .option('--json', 'as a JSON object')
    .addHelpText('after', examples('kticket company show "rossi s.r.l."'))
    .action(
      act(async (given: string, options: { json?: true }) =>
        withDatabase(async (db) => {
          const [found] = await listCompanies(db, given);
          if (found === undefined) return failed(await companyUnknown(db, given));
          if (options.json === true) sayJson(found);
          else {
            const people = (await listContacts(db, given)).filter((one) => !one.disabled);
            say(fields({ ...found, contacts: people.map((one) => one.email) }));
          }
          return done;
        }),
      ),
    );
}
