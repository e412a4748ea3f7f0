import type { Command } from 'commander';
import { keywords, name } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import { formatOptions } from '../../terminal/lists/list-options.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `category add | set | remove | list` */
export function categoryCommands(program: Command, act: Action): void {
  const category = program
    .command('category')
    .description('kinds of problem, recognised by keyword')
    .helpCommand(false);

  category
    .command('add')
    .description('register a category, or update it: given values replace the old ones')
    .argument('<name>', 'as staff see it', name)
    .option('--keyword <word>', "a word that indicates it in a mail (repeatable); '' for none", keywords)
    .addHelpText('after', examples('kticket category add Stampa --keyword stampante --keyword toner'))
    .action(act(async () => (await import('../../actions/people/category.ts')).add));

  formatOptions(category.command('list').description('all categories, oldest first'))
    .addHelpText(
      'after',
      examples(
        'kticket category list',
        'kticket category list --json',
        'kticket category list --csv > categories.csv',
      ),
    )
    .action(act(async () => (await import('../../actions/people/category.ts')).list));

  category
    .command('set')
    .description('give a category another name: everything of it stays')
    .argument('<name>')
    .requiredOption('--rename <name>', 'the name from now on', name)
    .addHelpText('after', examples('kticket category set Stampa --rename Stampanti'))
    .action(act(async () => (await import('../../actions/people/category.ts')).set));

  category
    .command('remove')
    .description('take out a category that no ticket is of')
    .argument('<name>')
    .addHelpText('after', examples('kticket category remove Stampa'))
    .action(act(async () => (await import('../../actions/people/category.ts')).remove));
}
