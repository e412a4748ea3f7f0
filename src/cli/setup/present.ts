import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { readAuthorities, trustAuthorities } from '../../config/authorities.ts';
import { needs } from '../../config/config.ts';
import { loadConfig, type Loaded } from '../../config/load.ts';
import { mailboxUrls, smtpUrls } from '../../config/servers.ts';
import type { Config, MailboxSettings, SmtpSettings } from '../../config/settings.ts';
import { namedAddress } from '../../config/values.ts';
import type { Queue } from '../../core/ticket/ticket.ts';
import { codeOrWords, isMissing } from '../../log/errors.ts';
import type { EnvChanges } from '../../setup/env-file.ts';

/** What is configured already, in the folder of the desk or in this process's environment, which wins. */
export type Present = {
  folder: string;
  envPath: string;
  /** the text of `.env`; '' for none */
  text: string;
  /** the value of a setting, its `…_FILE` read; null for none */
  value(name: string): string | null;
  desk: Queue | null;
  mailbox: MailboxSettings | null;
  smtp: SmtpSettings | null;
};

/** Reads what is there. A setting that cannot be understood counts as none: it is asked for again. */
export function readPresent(folder: string): { ok: true; present: Present } | { ok: false; why: string } {
  const envPath = join(folder, '.env');
  let text = '';
  try {
    text = readFileSync(envPath, 'utf8');
  } catch (error) {
    if (!isMissing(error)) return { ok: false, why: `${envPath} cannot be read (${codeOrWords(error)}).` };
  }
  const layers: Record<string, string | undefined>[] = [process.env, parseEnv(text)];
  const value = (name: string): string | null => {
    for (const layer of layers) {
      const file = layer[`${name}_FILE`];
      const found = layer[name] ?? (file ? readOrNull(resolve(folder, file)) : null);
      if (found !== null && found !== undefined && found.trim() !== '') return found.trim();
    }
    return null;
  };
  return {
    ok: true,
    present: {
      folder,
      envPath,
      text,
      value,
      desk: namedAddress.safeParse(value('DESK_ADDRESS')).data ?? null,
      mailbox: mailboxUrls.safeParse(value('MAILBOX_URL')).data?.[0] ?? null,
      smtp: smtpUrls.safeParse(value('SMTP_URL')).data?.general ?? null,
    },
  };
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/**
 * From now on setup trusts the certificate authorities of the option, or else of TLS_CA_FILE as it is set.
 * @returns the option's file, to be written; null without the option
 */
export function ownAuthorities(
  { tlsCaFile }: { tlsCaFile?: string },
  present: Present,
): { ok: true; path: string | null } | { ok: false; why: string } {
  const option = tlsCaFile === undefined ? null : resolve(tlsCaFile);
  const set = present.value('TLS_CA_FILE');
  const path = option ?? (set === null ? null : resolve(present.folder, set));
  if (path === null) return { ok: true, path: null };
  const read = readAuthorities(path);
  if (!read.ok) {
    const source = option === null ? 'TLS_CA_FILE' : '--tls-ca-file';
    return { ok: false, why: `${source}: expected certificates in PEM; ${path}: ${read.found}.` };
  }
  trustAuthorities(read.certificates);
  return { ok: true, path: option };
}

/** The desk's configuration as it would be with these changes, nothing of it written yet. */
export function configWith(present: Present, changes: EnvChanges): Loaded<Config> {
  const environment: Record<string, string | undefined> = { ...parseEnv(present.text), ...process.env };
  for (const [name, value] of changes) {
    // an empty one counts as unset, whatever `.env` still has
    environment[name] = value ?? '';
    if (!changes.has(`${name}_FILE`)) environment[`${name}_FILE`] = undefined;
  }
  return loadConfig(needs.worker, { environment, directory: present.folder });
}

/** Changed settings that this process's environment has otherwise: it would win over `.env`. */
export function overruled(changes: EnvChanges): string[] {
  return [...changes].flatMap(([name, value]) => {
    const set = [name, `${name}_FILE`].filter((one) => (process.env[one] ?? '') !== '');
    return set.filter((one) => one !== name || process.env[name] !== value);
  });
}
