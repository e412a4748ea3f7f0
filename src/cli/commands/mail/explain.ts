import type { Command } from 'commander';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `explain FILE.eml…`: no environment, no database, no effect. */
export function explainCommand(program: Command, act: Action): void {
  program
    .command('explain')
    .description('show how the desk would read each message; changes nothing, needs no settings')
    .argument('<file.eml...>', 'messages as files, - for standard input')
    .option('--json', 'as a JSON array')
    .addHelpText('after', examples('kticket explain reply.eml', 'kticket explain --json *.eml'))
    .action(act(async () => (await import('../../actions/mail/explain.ts')).explain));
}
