import type { Command } from 'commander';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `backup FILE`: the embedded database, while the desk works. */
export function backupCommand(program: Command, act: Action): void {
  program
    .command('backup')
    .description('back up the embedded database to a new file; the desk may be running')
    .argument('<file>', 'file to write; it must not exist')
    .addHelpText('after', examples('kticket backup /backup/kticket-$(date +%F).tar.gz'))
    .action(act(async () => (await import('../../actions/care/backup.ts')).backup));
}

/** `restore FILE`: the embedded database as it was when the backup was made. */
export function restoreCommand(program: Command, act: Action): void {
  program
    .command('restore')
    .description('replace the embedded database with a backup; the old data is kept beside it')
    .argument('<file>', 'a file written by `kticket backup`')
    .addHelpText(
      'after',
      `
Stop the desk first. Afterwards run \`kticket restored\` before starting it again.
${examples('kticket restore /backup/kticket-2026-11-23.tar.gz')}`,
    )
    .action(act(async () => (await import('../../actions/care/backup.ts')).restore));
}
