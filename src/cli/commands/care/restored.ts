import type { Command } from 'commander';
import { ordinal } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `restored [--next-number N]`: after an older backup of the database came back. */
export function restoredCommand(program: Command, act: Action): void {
  program
    .command('restored')
    .description(
      "after an older backup of the database came back: hold all mail, take in again what the server's folder kTicket has and the database lacks",
    )
    .option(
      '--next-number <n>',
      'the number that the next ticket shall have at least, where you know it',
      ordinal,
    )
    .addHelpText(
      'after',
      `
Nothing is sent until \`kticket outbox release --all\` (or \`discard --all\`), whatever worker runs meanwhile.
${examples('kticket restored', 'kticket restored --next-number 1500')}`,
    )
    .action(act(async () => (await import('../../actions/care/restored.ts')).restored));
}
