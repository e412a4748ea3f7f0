import type { EnvChanges } from '../../setup/env-file.ts';
import { MailboxError } from '../../mail/imap/mailbox-error.ts';
import { probeDelivery } from '../check/probe.ts';
import type { ServerSettings } from '../check/probe-advice.ts';
import { printText } from '../terminal/print.ts';
import type { Account } from './account.ts';
import { sayFinding } from './log-in.ts';
import { fail, type Finding, warn } from '../check/finding.ts';
import { configWith, type Present } from './present.ts';

/** One round finds the server that gives verdicts, the next tries whether its verdicts can be forged. */
const rounds = 3;

/**
 * Sends mails from the desk to itself until the settings that depend on the server are as they should be. `check --send` does
 * the same and says what to set.
 * @returns those settings; null where no mail came back, as the lines say
 */
export async function testOnItself(present: Present, account: Account): Promise<ServerSettings | null> {
  let settings: ServerSettings | null = null;
  for (let round = 1; round <= rounds; round += 1) {
    const changes: EnvChanges = new Map([...account.changes, ...Object.entries(settings ?? {})]);
    const withToken: EnvChanges =
      account.refreshToken === null
        ? changes
        : new Map([...changes, ['OAUTH_REFRESH_TOKEN', account.refreshToken]]);
    const loaded = configWith(present, withToken);
    if (!loaded.ok) return settings;
    printText(
      round === 1 ? 'A mail to itself shows how the server treats mail.' : 'Once more, with what that found.',
    );
    const probe = probeDelivery(loaded.config, account.tokens);
    try {
      let next = await probe.next();
      while (next.done !== true) {
        // what it finds is set here
        if (next.value.what !== 'settings') sayFinding(asNews(next.value));
        next = await probe.next();
      }
      if (next.value === null) return settings;
      const { wanted, set } = next.value;
      settings = wanted;
      // only whom to believe wants another look
      if (wanted.TRUSTED_AUTHSERV_IDS !== set.TRUSTED_AUTHSERV_IDS) continue;
      if (settings.AUTHENTICITY === 'token') sayFinding(nothingProven);
      return settings;
    } catch (error) {
      if (!(error instanceof MailboxError)) throw error;
      sayFinding(fail('send', error.message));
      return settings;
    }
  }
  return settings;
}

/** No plus-address is no failure here: the setting that does without is made. */
function asNews(finding: Finding): Finding {
  if (finding.what !== 'plus-address' || finding.how === 'ok') return finding;
  return warn(finding.what, finding.words.replace(': set REPLY', ': sets REPLY'));
}

const nothingProven = warn(
  'authenticity',
  'mail through this server proves nothing about its writer: sets AUTHENTICITY=token, with which commands count by the personal reply address alone',
);
