import { Argument, type Command } from 'commander';
import { templateNames } from '../../../templates/samples/names.ts';
import { ordinal } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `template list | preview | check | eject` */
export function templateCommands(program: Command, act: Action): void {
  const template = program
    .command('template')
    .description('the mails as people see them: look at them, replace them')
    .helpCommand(false);

  template
    .command('list')
    .description('every mail, and whose template it is')
    .option('--json', 'as a JSON array')
    .addHelpText('after', examples('kticket template list'))
    .action(act(async () => (await import('../../actions/mail/template.ts')).list));

  template
    .command('preview')
    .description('one mail with sample data, or with a ticket of yours; nothing is sent')
    .addArgument(new Argument('<name>', 'as `template list` names it').choices(templateNames))
    .option('--ticket <number>', 'with the data of this ticket', ordinal)
    .option('--sample <number>', 'another of its samples, from 1', ordinal)
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
    .description('whether every template can be used; says file, line and what may stand there')
    .addHelpText('after', examples('kticket template check'))
    .action(act(async () => (await import('../../actions/mail/template.ts')).check));

  template
    .command('eject')
    .description('copy templates of the package into TEMPLATES_DIR, to be changed there')
    .addArgument(
      new Argument('[name...]', 'as `template list` names them; none: all, and what they share').choices(
        templateNames,
      ),
    )
    .addHelpText(
      'after',
      examples(
        'TEMPLATES_DIR=/etc/kticket/templates kticket template eject closed-client',
        'kill -HUP PID    # the running desk reads them anew',
      ),
    )
    .action(act(async () => (await import('../../actions/mail/template.ts')).eject));
}
