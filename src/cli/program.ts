import { Command } from 'commander';
import { attachmentCommands } from './commands/mail/attachment.ts';
import { backupCommand, restoreCommand } from './commands/care/backup.ts';
import { blockCommands } from './commands/people/block.ts';
import { categoryCommands } from './commands/people/category.ts';
import { checkCommand } from './commands/desk/check.ts';
import { companyCommands } from './commands/people/company.ts';
import { contactCommands } from './commands/people/contact.ts';
import { demoCommand } from './commands/desk/demo.ts';
import { explainCommand } from './commands/mail/explain.ts';
import { healthCommand } from './commands/desk/health.ts';
import { importCommand } from './commands/people/import.ts';
import { logCommand } from './commands/care/log.ts';
import { messageCommands } from './commands/mail/message.ts';
import { migrateCommand } from './commands/desk/migrate.ts';
import { oauthCommands } from './commands/care/oauth.ts';
import type { Action, Outcome } from './terminal/outcome.ts';
import { outboxCommands } from './commands/mail/outbox.ts';
import { queueCommands } from './commands/people/queue.ts';
import { receiveCommand } from './commands/desk/receive.ts';
import { restoredCommand } from './commands/care/restored.ts';
import { runCommand } from './commands/desk/run.ts';
import { setupCommand } from './commands/desk/setup.ts';
import { staffCommands } from './commands/people/staff.ts';
import { templateCommands } from './commands/mail/template.ts';
import { ticketCommands } from './commands/mail/ticket.ts';
import { withoutGivenValue } from './terminal/arguments.ts';
import { version } from './terminal/version.ts';

/**
 * The command line, whole. A command's outcome goes to `report`; wrong use throws commander's own error, its
 * words already printed.
 */
export function buildProgram(report: (outcome: Outcome) => void): Command {
  const act: Action =
    (load) =>
    async (...given) => {
      const command = await load();
      report(await command(...given));
    };

  const program = new Command('kticket')
    .description('A support desk whose only interface is mail.')
    .version(version(), '--version', 'print the version')
    .helpOption('--help', 'print usage and examples')
    .helpCommand(false)
    .showHelpAfterError('(run with --help for usage)')
    .exitOverride()
    .configureOutput({ outputError: (words, write) => write(withoutGivenValue(words)) })
    .addHelpText(
      'after',
      `
Settings are environment variables, or lines of a .env file in the working directory; .env.example lists them.

Exit codes: 0 done, 1 failed, 2 wrong use or configuration, 75 try again later.

First steps:
  $ kticket demo                                  watch a desk at work on this machine
  $ kticket setup                                 a desk of your own, by your mailbox's address and password
  $ kticket run                                   the desk itself`,
    );

  program.commandsGroup('Desk:');
  demoCommand(program, act);
  setupCommand(program, act);
  runCommand(program, act);
  checkCommand(program, act);
  healthCommand(program, act);
  migrateCommand(program, act);
  backupCommand(program, act);
  restoreCommand(program, act);
  restoredCommand(program, act);
  oauthCommands(program, act);
  templateCommands(program, act);
  program.commandsGroup('Individual messages:');
  receiveCommand(program, act);
  explainCommand(program, act);
  program.commandsGroup('Companies, contacts and staff:');
  companyCommands(program, act);
  contactCommands(program, act);
  blockCommands(program, act);
  staffCommands(program, act);
  queueCommands(program, act);
  categoryCommands(program, act);
  importCommand(program, act);
  program.commandsGroup('Records:');
  logCommand(program, act);
  ticketCommands(program, act);
  messageCommands(program, act);
  outboxCommands(program, act);
  attachmentCommands(program, act);
  return program;
}
