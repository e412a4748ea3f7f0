import { needs } from '../../../config/config.ts';
import { counted } from '../../../core/letters/text.ts';
import { MailboxError } from '../../../mail/imap/mailbox-error.ts';
import { createTokens } from '../../../mail/oauth/oauth.ts';
import { type Restored, takeUpBackup } from '../../../desk/watch/after-restore.ts';
import { noteTold } from '../../../desk/watch/seen-database.ts';
import { wrongConfiguration } from '../../terminal/with-configuration.ts';
import { usingDatabase } from '../../terminal/with-database.ts';
import { succeeded, type Outcome, tryAgain } from '../../terminal/outcome.ts';
import { printText } from '../../terminal/print.ts';
import { showProgress } from '../../terminal/progress.ts';
import { loadConfig } from '../../../config/load.ts';

/** `restored` */
export async function restored(options: { nextNumber?: number }): Promise<Outcome> {
  const loaded = loadConfig(needs.worker);
  if (!loaded.ok) return wrongConfiguration(loaded.problems);
  const { config } = loaded;
  const lost: string[] = [];
  const tokens = createTokens(config.oauth, { onReplaced: (why) => lost.push(why) });
  try {
    return await usingDatabase(config, async (db) => {
      const progress = showProgress();
      progress.at('comparing the mail server with the database');
      const taken = await takeUpBackup(db, config, tokens, options.nextNumber ?? null).finally(() =>
        progress.end(),
      );
      await noteTold(db, config);
      for (const line of [...lost, ...inWords(taken)]) printText(line);
      return succeeded;
    });
  } catch (error) {
    if (error instanceof MailboxError)
      return tryAgain(`${error.message}. Run it again: it goes on from here.`);
    throw error;
  }
}

function inWords({ held, numbers, again, takenIn }: Restored): string[] {
  return [
    again
      ? `held: the desk held its mail already; ${counted(held, 'more outgoing mail waits', 'more outgoing mails wait')} for release`
      : `held: ${counted(held, 'outgoing mail waits', 'outgoing mails wait')} for release, and so does all that is written from now on`,
    `numbers: the next ticket is #${numbers.to}${numbersBefore(numbers, again)}`,
    `taken in: ${counted(takenIn, 'message')} that the backup did not know`,
    'next: kticket run; then kticket outbox list --state awaiting_release; then kticket outbox release --all or discard --all',
  ];
}

function numbersBefore({ from, to }: Restored['numbers'], again: boolean): string {
  if (!again) return `; the backup would have gone on with #${from}`;
  return from === to ? ', as was settled before' : `; until now it was #${from}`;
}
