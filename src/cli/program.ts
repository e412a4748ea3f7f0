import { Command } from 'commander';
import { attachmentCommands } from './attachment.ts';
import { backupCommand, restoreCommand } from './backup.ts';
import { blockCommands } from './block.ts';
import { categoryCommands } from './category.ts';
import { checkCommand } from './check.ts';
import { companyCommands } from './company.ts';
import { contactCommands } from './contact.ts';
import { demoCommand } from './demo.ts';
import { explainCommand } from './explain.ts';
import { healthCommand } from './health.ts';
import { importCommand } from './import.ts';
import { logCommand } from './log.ts';
import { messageCommands } from './message.ts';
import { migrateCommand } from './migrate.ts';
import { oauthCommands } from './oauth.ts';
import type { Act, Outcome } from './outcome.ts';
import { outboxCommands } from './outbox.ts';
import { queueCommands } from './queue.ts';
import { receiveCommand } from './receive.ts';
import { restoredCommand } from './restored.ts';
import { runCommand } from './run.ts';
import { staffCommands } from './staff.ts';
import { templateCommands } from './template.ts';
import { ticketCommands } from './ticket.ts';
import { version } from './version.ts';

/**
 * The command line, whole. A command's outcome goes to `report`; wrong use throws commander's own error, its
 * words already printed.
 */
export function buildProgram(report: (outcome: Outcome) => void): Command {
  const act: Act =
    (load) =>
    async (...given) => {
      const command = await load();
      report(await command(...given));
    };

  const program = new Command('kticket')
    .description('A support desk whose only interface is mail.')
    .version(version(), '--version', 'print the version')
    .helpOption('--help', 'say how a command is used, with examples')
    .helpCommand(false)
    .showHelpAfterError('(--help says how it is used)')
    .exitOverride()
    .addHelpText(
      'after',
      `
Settings are environment variables, or lines of a .env file in the working directory; .env.example lists them.

Exit codes: 0 done, 1 failed, 2 wrong use or configuration, 75 to be tried again.

First steps:
  $ kticket demo                                  see the whole loop on this machine
  $ kticket check                                 try your settings
  $ kticket company add "Rossi S.r.l." --domain rossi.it --contract remote
  $ kticket staff add anna@example.it --name "Anna Conti" --role technician
  $ kticket run                                   the desk itself`,
    );

  program.commandsGroup('The desk:');
  demoCommand(program, act);
  runCommand(program, act);
  checkCommand(program, act);
  healthCommand(program, act);
  migrateCommand(program, act);
  backupCommand(program, act);
  restoreCommand(program, act);
  restoredCommand(program, act);
  oauthCommands(program, act);
  templateCommands(program, act);
  program.commandsGroup('Single messages:');
  receiveCommand(program, act);
  explainCommand(program, act);
  program.commandsGroup('Who is known:');
  companyCommands(program, act);
  contactCommands(program, act);
  blockCommands(program, act);
  staffCommands(program, act);
  queueCommands(program, act);
  categoryCommands(program, act);
  importCommand(program, act);
  program.commandsGroup('What happened:');
  logCommand(program, act);
  ticketCommands(program, act);
  messageCommands(program, act);
  outboxCommands(program, act);
  attachmentCommands(program, act);
  return program;
}
