import type { Command } from 'commander';
import { addCategory, listCategories } from '../store/directory.ts';
import { keywords, name } from './arguments.ts';
import { withDatabase, writing } from './database.ts';
import { examples } from './examples.ts';
import { type Act, done, failed } from './outcome.ts';
import { say, sayJson, sayTable } from './output.ts';

/** `category add | list` */
export function categoryCommands(program: Command, act: Act): void {
  const category = program
    .command('category')
    .description('kinds of problem, found by keyword')
    .helpCommand(false);

  category
    .command('add')
    .description('register a category, or update it: what is given replaces what was there')
    .argument('<name>', 'as staff read it', name)
    .option(
      '--keyword <word>',
      "a word of the mail that means it, several times for several; '' for none",
      keywords,
    )
    .addHelpText('after', examples('kticket category add Stampa --keyword stampante --keyword toner'))
    .action(
      act(async (given: string, options: { keyword?: string[] }) =>
        writing(async (db) => {
          const added = await addCategory(db, { name: given, keywords: options.keyword ?? null });
          if (!added.ok) return failed(added.why);
          say(`${given}: ${added.created ? 'registered' : 'updated'}`);
          return done;
        }),
      ),
    );

  category
    .command('list')
    .description('all categories, oldest first')
    .option('--json', 'as a JSON array')
    .addHelpText('after', examples('kticket category list', 'kticket category list --json'))
    .action(
      act(async (options: { json?: true }) =>
        withDatabase(async (db) => {
          const categories = await listCategories(db);
          if (options.json === true) sayJson(categories);
          else {
            const rows = categories.map((one) => [one.name, one.keywords]);
            sayTable(['name', 'keywords'], rows, 'No category is registered.');
          }
          return done;
        }),
      ),
    );
}
