import type { Command } from 'commander';
import { ordinal } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `restored [--next-number N]`: after an older backup of the database came back. */
export function restoredCommand(program: Command, act: Action): void {
  program
    .command('restored')
    .description(
      "after restoring an older backup: hold all outgoing mail, and take in again the mail that the server's folder kTicket has and the database lacks",
    )
    .option('--next-number <n>', 'lowest number for the next ticket, if you know it', ordinal)
    .addHelpText(
      'after',
      `
No worker sends anything until \`kticket outbox release --all\` (or \`discard --all\`).
${examples('kticket restored', 'kticket restored --next-number 1500')}`,
    )
    .action(act(async () => (await import('../../actions/care/restored.ts')).restored));
}
