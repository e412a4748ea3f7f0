import type { Command } from 'commander';
import { domains, name, oneOfChoices, several } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import { extentOptions } from '../../terminal/lists/list-options.ts';
import type { Action } from '../../terminal/outcome.ts';
import { contracts } from '../../../core/kinds.ts';

/** `company add | set | end | remove | list | show` */
export function companyCommands(program: Command, act: Action): void {
  const company = program.command('company').description('companies under contract').helpCommand(false);

  company
    .command('add')
    .description('register a company, or update one: given values replace the old ones')
    .argument('<name>', 'as people write it; case does not matter', name)
    .option('--domain <domain>', "a mail domain of its own (repeatable); '' for none", domains)
    .option(
      '--contract <contract>',
      `how it is served (repeatable): ${contracts.join(', ')}; '' for none`,
      several(oneOfChoices(contracts)),
    )
    .addHelpText(
      'after',
      examples(
        'kticket company add "Rossi S.r.l." --domain rossi.it --domain rossi.com --contract on-site --contract remote',
        'kticket company add "Studio Bianchi"    # known by its contacts alone',
      ),
    )
    .action(act(async () => (await import('../../actions/people/company.ts')).add));

  company
    .command('end')
    .description("end a company's contract: future mail from its people is held, its tickets stay")
    .argument('<name>')
    .addHelpText('after', examples('kticket company end "Rossi S.r.l."'))
    .action(act(async () => (await import('../../actions/people/company.ts')).end));

  extentOptions(company.command('list').description('all companies, oldest first'))
    .addHelpText(
      'after',
      examples(
        'kticket company list',
        'kticket company list --newest --limit 20 --json',
        'kticket company list --csv > companies.csv',
      ),
    )
    .action(act(async () => (await import('../../actions/people/company.ts')).list));

  company
    .command('show')
    .description('one company')
    .argument('<name>')
    .option('--json', 'as a JSON object')
    .addHelpText('after', examples('kticket company show "rossi s.r.l."'))
    .action(act(async () => (await import('../../actions/people/company.ts')).show));

  company
    .command('set')
    .description('give a company another name: everything of it stays')
    .argument('<name>')
    .requiredOption('--rename <name>', 'the name from now on', name)
    .addHelpText('after', examples('kticket company set "Rossi S.r.l." --rename "Rossi Costruzioni S.r.l."'))
    .action(act(async () => (await import('../../actions/people/company.ts')).set));

  company
    .command('remove')
    .description('take out a company without contacts and tickets')
    .argument('<name>')
    .addHelpText('after', examples('kticket company remove "Rossi S.r.l."'))
    .action(act(async () => (await import('../../actions/people/company.ts')).remove));
}
