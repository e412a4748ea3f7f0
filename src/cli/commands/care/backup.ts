import type { Command } from 'commander';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `backup FILE`: the embedded database, while the desk works. */
export function backupCommand(program: Command, act: Action): void {
  program
    .command('backup')
    .description('back up the embedded database to a new file, while the desk works')
    .argument('<file>', 'to be written; it must not exist')
    .addHelpText('after', examples('kticket backup /backup/kticket-$(date +%F).tar.gz'))
    .action(act(async () => (await import('../../actions/care/backup.ts')).backup));
}

/** `restore FILE`: the embedded database as it was when the backup was made. */
export function restoreCommand(program: Command, act: Action): void {
  program
    .command('restore')
    .description('put a backup in the place of the embedded database, which is kept beside it')
    .argument('<file>', 'as `kticket backup` wrote it')
    .addHelpText(
      'after',
      `
Stop the desk before. \`kticket restored\` is the next command, before the desk runs again.
${examples('kticket restore /backup/kticket-2026-11-23.tar.gz')}`,
    )
    .action(act(async () => (await import('../../actions/care/backup.ts')).restore));
}
