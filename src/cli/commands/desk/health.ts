import type { Command } from 'commander';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `health`: whether the desk is well, for people and watchdogs. */
export function healthCommand(program: Command, act: Action): void {
  program
    .command('health')
    .description('report the health of each mailbox and the oldest waiting mail; exit 1 on any problem')
    .option('--json', 'as a JSON array')
    .addHelpText(
      'after',
      `
A problem is a mailbox not read for 10 minutes (or three times POLL_SECONDS), a message undecided for 5 minutes, a mail
due for 10. With HTTP_PORT set, the worker serves the same at http://127.0.0.1:HTTP_PORT/healthz, and /metrics.
${examples('kticket health', 'kticket health --json', 'kticket health || systemctl restart kticket')}`,
    )
    .action(act(async () => (await import('../../actions/desk/health.ts')).health));
}
