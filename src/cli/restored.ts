import type { Command } from 'commander';
import { loadConfig, needs } from '../config.ts';
import { MailboxError } from '../mail/mailbox-error.ts';
import { createTokens } from '../mail/oauth.ts';
import { type Restored, takeUpBackup } from '../restored.ts';
import { ordinal } from './arguments.ts';
import { wrongConfiguration } from './configuration.ts';
import { usingDatabase } from './database.ts';
import { examples } from './examples.ts';
import { type Act, done, tryAgain } from './outcome.ts';
import { instant } from './layout.ts';
import { say } from './output.ts';
import { showProgress } from './progress.ts';

/** `restored [--next-number N]`: after an older backup of the database came back. */
export function restoredCommand(program: Command, act: Act): void {
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
    .action(
      act(async (options: { nextNumber?: number }) => {
        const loaded = loadConfig(needs.worker);
        if (!loaded.ok) return wrongConfiguration(loaded.problems);
        const { config } = loaded;
        const lost: string[] = [];
        const tokens = createTokens(config.oauth, { onReplaced: (why) => lost.push(why) });
        try {
          return await usingDatabase(config, async (db) => {
            const progress = showProgress();
            progress.at('comparing the mail server with the database');
            const restored = await takeUpBackup(db, config, tokens, options.nextNumber ?? null).finally(() =>
              progress.end(),
            );
            for (const line of [...lost, ...inWords(restored)]) say(line);
            return done;
          });
        } catch (error) {
          if (error instanceof MailboxError)
            return tryAgain(`${error.message}. Run it again: it goes on from here.`);
          throw error;
        }
      }),
    );
}

function inWords({ held, numbers, again, takenIn }: Restored): string[] {
  return [
    again
      ? `held: the desk held its mail already; ${held} more outgoing mails wait for release`
      : `held: ${held} outgoing mails wait for release, and so does all that is written from now on`,
    again
      ? `numbers: the next ticket is #${numbers.to}, as was settled before`
      : `numbers: the next ticket is #${numbers.to}; the backup would have gone on with #${numbers.from}`,
    `taken in: ${takenIn} messages that the backup did not know`,
    'next: kticket run; then kticket outbox list --state awaiting_release; then kticket outbox release --all or discard --all',
  ];
}

/** What holds while the desk holds its mail, for `check` and the log. */
export function restoredWords(since: Date): string {
  return `since ${instant(since)} all mail is held, as an older backup came back: kticket outbox list --state awaiting_release, then kticket outbox release --all or discard --all`;
}
