import { needs } from '../../../config/config.ts';
import { takeIn } from '../../../store/mails/inbox.ts';
import { isUnavailable, whyUnavailable } from '../../../store/unavailable.ts';
import { wrongConfiguration } from '../../terminal/with-configuration.ts';
import { usingDatabase } from '../../terminal/with-database.ts';
import { openInputs } from '../../terminal/files.ts';
import { readBounded } from '../../terminal/message-file.ts';
import { succeeded, failed, type Outcome, tryAgain } from '../../terminal/outcome.ts';
import { loadConfig } from '../../../config/load.ts';
import { messageOf } from '../../../log/errors.ts';

/** `receive` */
export async function receive(
  paths: string[],
  options: { recipient?: string; sender?: string },
): Promise<Outcome> {
  const loaded = loadConfig(needs.intake);
  if (!loaded.ok) return wrongConfiguration(loaded.problems);
  const inputs = await openInputs(paths);
  if (!inputs.ok) return failed(inputs.why);
  try {
    return await usingDatabase(loaded.config, async (db) => {
      for (const input of inputs.inputs) {
        const message = await readBounded(input.stream(), loaded.config.maxMessageBytes);
        await takeIn(db, [
          {
            mailbox: null,
            uidValidity: null,
            uid: null,
            receivedAt: new Date(),
            envelopeRecipient: options.recipient ?? null,
            envelopeSender: options.sender ?? null,
            ...message,
          },
        ]);
      }
      return succeeded;
    });
  } catch (error) {
    // whatever it is, the mail server still has the mail and can offer it again
    return tryAgain(
      `Not taken in, try again: ${isUnavailable(error) ? whyUnavailable(error) : messageOf(error)}`,
    );
  }
}
