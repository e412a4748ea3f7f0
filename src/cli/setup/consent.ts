import type { OAuthSettings } from '../../config/settings.ts';
import { beginLogin, type LoginOutcome } from '../../mail/oauth/login.ts';
import { printLink, printText } from '../terminal/print.ts';

/**
 * Has a person log in with the provider and consent, in a browser on this machine or another.
 * @param onPasted called once with what takes each line that the person pastes
 * @returns the refresh token, which nothing has kept yet; or why there is none, in words
 */
export async function askConsent(
  settings: OAuthSettings,
  asked: { user: string | null; port: number; signal: AbortSignal },
  onPasted: (take: (line: string) => void) => void,
): Promise<LoginOutcome> {
  const begun = await beginLogin(settings, asked);
  try {
    const { user } = asked;
    printText(`Open this address in a browser and log in${user === null ? '' : ` as ${user}`}:`);
    printLink(new URL(begun.url));
    printText(
      `Waiting at ${begun.redirectUri} for the answer. If the browser runs on another machine, it ends at an address there\nthat it cannot open: copy that address and paste it here.`,
    );
    onPasted((line) => {
      const wrong = line.trim() === '' ? null : begun.paste(line);
      if (wrong !== null) printText(wrong.trim());
    });
    const returned = await begun.returned;
    if (returned === null) return { ok: false, why: 'Given up; nothing was written.' };
    const ended = await begun.finish(returned);
    return ended.ok ? ended : { ok: false, why: `No token: ${ended.why}` };
  } finally {
    await begun.close();
  }
}
