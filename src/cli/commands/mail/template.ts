import { Argument, type Command } from 'commander';
import { templateNames } from '../../../templates/samples/names.ts';
import { ordinal } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `template list | preview | check | eject` */
export function templateCommands(program: Command, act: Action): void {
  const template = program
    .command('template')
    .description('mail templates: preview and customise them')
    .helpCommand(false);

  template
    .command('list')
    .description('all templates, and whether each is yours or the built-in one')
    .option('--json', 'as a JSON array')
    .addHelpText('after', examples('kticket template list'))
    .action(act(async () => (await import('../../actions/mail/template.ts')).list));

  template
    .command('preview')
    .description('render one mail with sample data or one of your tickets; nothing is sent')
    .addArgument(new Argument('<name>', 'as `template list` names it').choices(templateNames))
    .option('--ticket <number>', 'render with the data of this ticket', ordinal)
    .option('--sample <number>', 'which of its samples to use, from 1', ordinal)
    .option('--html', 'print the HTML part instead of subject and text')
    .option('--out <file>', 'write the HTML part to a file')
    .option('--open', 'show the HTML part in the browser')
    .addHelpText(
      'after',
      examples(
        'kticket template preview opened-staff',
        'kticket template preview closed-client --ticket 1042 --open',
        'kticket template preview held-staff --sample 2 --out held.html',
      ),
    )
    .action(act(async () => (await import('../../actions/mail/template.ts')).preview));

  template
    .command('check')
    .description('validate every template; errors give file, line and what is allowed there')
    .addHelpText('after', examples('kticket template check'))
    .action(act(async () => (await import('../../actions/mail/template.ts')).check));

  template
    .command('eject')
    .description('copy built-in templates into TEMPLATES_DIR, for editing')
    .addArgument(
      new Argument(
        '[name...]',
        'as `template list` names them; default: all, with the partials they share',
      ).choices(templateNames),
    )
    .addHelpText(
      'after',
      examples(
        'TEMPLATES_DIR=/etc/kticket/templates kticket template eject closed-client',
        'kill -HUP PID    # the running desk reloads them',
      ),
    )
    .action(act(async () => (await import('../../actions/mail/template.ts')).eject));
}
