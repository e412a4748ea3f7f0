import { chmod, chown, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { refreshTokens, refreshTokenOf, writeRefreshTokens } from '../../config/refresh-tokens.ts';
import type { RefreshToken, OAuthSettings } from '../../config/settings.ts';
import { codeOrWords } from '../../log/errors.ts';

/** The store of refresh tokens: the file OAUTH_REFRESH_TOKEN_FILE if set, else this process. */
export type RefreshTokens = {
  /** The current token of a user: somebody may have logged in again meanwhile. */
  current(user: string): Promise<RefreshToken | undefined>;
  /**
   * Keeps the one that the provider gave in another's place (RFC 6749 §6).
   * @returns null if it was stored; otherwise why only this process has it, in words
   */
  replace(old: RefreshToken, token: string): Promise<string | null>;
};

/** The refresh tokens of the settings. Reads and writes of one process follow each other. */
export function keepRefreshTokens(settings: OAuthSettings): RefreshTokens {
  const { refreshTokenFile: file } = settings;
  let known = settings.refreshTokens;
  /** content of the file when this process last knew a newer token */
  let outdated: string | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work, work);
    last = done;
    return done;
  };

  const refresh = async (): Promise<void> => {
    if (file === null) return;
    const text = await readFile(file, 'utf8').catch(() => null);
    // one that cannot be read just now takes nothing away
    if (text === null || text === outdated) return;
    const read = refreshTokens.safeParse(text);
    if (read.success && read.data.length > 0) {
      known = read.data;
      outdated = null;
    }
  };

  return {
    current: (user) =>
      inTurn(async () => {
        await refresh();
        return refreshTokenOf(known, user);
      }),
    replace: (old, token) =>
      inTurn(async () => {
        await refresh();
        const now = known.find((one) => one.user === old.user);
        // another process was quicker, or somebody has logged in again
        if (now === undefined || now.token !== old.token) return null;
        known = known.map((one) => (one === now ? { ...one, token } : one));
        if (file === null) {
          return 'it came from OAUTH_REFRESH_TOKEN; kept in a file that OAUTH_REFRESH_TOKEN_FILE names, it would be written there';
        }
        try {
          await writeSecret(file, writeRefreshTokens(known));
          return null;
        } catch (error) {
          outdated = await readFile(file, 'utf8').catch(() => null);
          return `${file} cannot be written (${codeOrWords(error)}); give this user the right to write it and its folder`;
        }
      }),
  };
}

/**
 * Writes a file that only its owner can read (0600), whole or not at all; one that is there keeps its owner. Throws
 * what the file system throws.
 */
export async function writeSecret(path: string, text: string): Promise<void> {
  // a link stays a link
  const target = await realpath(path).catch(() => path);
  const before = await stat(target).catch(() => null);
  const half = `${target}.${randomUUID()}`;
  try {
    await writeFile(half, text, { mode: 0o600, flag: 'wx' });
    await chmod(half, 0o600);
    if (before !== null) await chown(half, before.uid, before.gid);
    await rename(half, target);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
}
