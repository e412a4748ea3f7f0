import { access, constants, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { needs } from '../../../config/config.ts';
import { refreshTokens, writeRefreshTokens } from '../../../config/refresh-tokens.ts';
import { writeSecret } from '../../../mail/oauth/refresh-tokens.ts';
import { wrongConfiguration } from '../../terminal/with-configuration.ts';
import { whyNotRead, whyNotWritten } from '../../terminal/files.ts';
import { succeeded, failed, type Outcome, wrongUse } from '../../terminal/outcome.ts';
import { printText } from '../../terminal/print.ts';
import { askConsent } from '../../setup/consent.ts';
import { stopRequested } from '../../terminal/stop.ts';
import type { RefreshToken, OAuthSettings } from '../../../config/settings.ts';
import { loadConfig } from '../../../config/load.ts';
import { isMissing } from '../../../log/errors.ts';

/** `oauth login` */
export async function login(options: { user?: string; out?: string; port?: number }): Promise<Outcome> {
  const loaded = loadConfig(needs.oauth);
  if (!loaded.ok) return wrongConfiguration(loaded.problems);
  const { oauth: settings, refreshTokenFile } = loaded.config;
  const file = options.out === undefined ? refreshTokenFile : resolve(options.out);
  if (file === null)
    return wrongUse('No file for the token: set OAUTH_REFRESH_TOKEN_FILE, or give --out FILE.');
  if (settings === null) throw new Error('a complete configuration describes an app');
  return consent(settings, { user: options.user ?? null, file, port: options.port ?? 0 });
}

type Wanted = { user: string | null; file: string; port: number };

async function consent(settings: OAuthSettings, { user, file, port }: Wanted): Promise<Outcome> {
  const kept = await keptIn(file);
  if (!kept.ok) return failed(kept.why);
  const signal = stopRequested();
  const pasted = createInterface({ input: process.stdin });
  try {
    const ended = await askConsent(settings, { user, port, signal }, (take) => pasted.on('line', take));
    if (!ended.ok) return failed(ended.why);
    const others = kept.tokens.filter((one) => one.user !== user);
    await writeSecret(file, writeRefreshTokens([...others, { user, token: ended.refreshToken }]));
    printText(
      `\nThe refresh token is in ${file}; \`kticket check\` tests it. A running desk picks it up by itself.`,
    );
    return succeeded;
  } finally {
    pasted.close();
    process.stdin.destroy();
  }
}

/** Tokens already in the file, and whether it is writable; checked before anybody logs in. */
async function keptIn(
  file: string,
): Promise<{ ok: true; tokens: RefreshToken[] } | { ok: false; why: string }> {
  try {
    await access(dirname(file), constants.W_OK);
  } catch (error) {
    return { ok: false, why: `${file} cannot be written: ${whyNotWritten(error)} (${dirname(file)}).` };
  }
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return { ok: true, tokens: [] };
    return { ok: false, why: `${file} cannot be read: ${whyNotRead(error)}.` };
  }
  const read = refreshTokens.safeParse(text);
  if (read.success) return { ok: true, tokens: read.data };
  return {
    ok: false,
    why: `${file} holds something else; expected ${read.error.issues.map(({ message }) => message).join(', ')}.`,
  };
}
