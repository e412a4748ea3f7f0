import { z } from 'zod';
import { normaliseEmail } from '../core/address/address.ts';
import type { Queue } from '../core/ticket/ticket.ts';
import { isLoopback } from './urls.ts';

/** An error that names the expected value. */
export function notAsExpected(context: z.RefinementCtx, expected: string): never {
  context.addIssue(expected);
  return z.NEVER;
}

/** null if not set. */
export const optional = <T>(schema: z.ZodType<T, string>) =>
  schema.optional().transform((value) => value ?? null);

/** A number within bounds, both included; whole unless `fractions`. */
export function number(standard: number, bounds: { from: number; to: number; fractions?: boolean }) {
  const { from, to, fractions = false } = bounds;
  const expected = `${fractions ? 'a number' : 'a whole number'} from ${from} to ${to}; unset means ${standard}`;
  return z
    .string()
    .trim()
    .prefault(String(standard))
    .refine((text) => (fractions ? /^\d+(\.\d+)?$/ : /^\d+$/).test(text), expected)
    .transform(Number)
    .refine((value) => value >= from && value <= to, expected);
}

/** Megabytes to bytes. */
export const bytesOf = (megabytes: number): number => Math.floor(megabytes * 1024 * 1024);

/** A port to listen on. */
export const portNumber = z
  .string()
  .trim()
  .refine(
    (text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535,
    'a port from 1 to 65535; unset means none',
  )
  .transform(Number);

/** Setting with a fixed list of words; the first is the default. */
export const oneWordOf = <const W extends string>(words: readonly [W, ...W[]]) =>
  z
    .string()
    .trim()
    .prefault(words[0])
    .pipe(z.enum(words, `one of ${words.join(', ')}; unset means ${words[0]}`));

/** Who reads the log. */
export const logFormat = z
  .string()
  .trim()
  .pipe(
    z.enum(['json', 'plain'], 'json or plain; unset means plain on a terminal and under systemd, else json'),
  );

/** A list separated by spaces. */
export const words = z
  .string()
  .prefault('')
  .transform((text) => text.split(/\s+/).filter((word) => word !== ''));

/** Names of servers, separated by spaces. */
export const serverNames = words.refine(
  (names) => names.every((name) => !/[,;/]/.test(name)),
  'names as in Authentication-Results, separated by spaces, without commas and https://',
);

/** A single word, as a provider's console shows it. */
export const word = z.string().trim().regex(/^\S+$/, 'one word, without spaces');

/** A single line that people read in mails, such as an address and a telephone number. */
export const line = z
  .string()
  .trim()
  .refine((text) => !/\p{Cc}/u.test(text) && text.length <= 200, 'one line of at most 200 characters');

/** A web address that mails may link to. */
export const webAddress = z
  .string()
  .trim()
  .refine(
    (url) => /^https:\/\/[^\s"'<>]+$/.test(url) && URL.canParse(url),
    'a web address that begins with https://, without spaces',
  );

/** A provider's endpoint: `https://`; plain `http://` on this machine only. */
export const endpoint = z.string().transform((text, context) => {
  const url = URL.parse(text.trim());
  const allowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  return url !== null && allowed && url.username === '' && url.hash === ''
    ? url.href
    : notAsExpected(context, 'a URL that begins with https:// (http:// on this machine only)');
});

/** A PostgreSQL URL. */
export const databaseUrl = z
  .string()
  .refine(
    (text) => /^postgres(ql)?:\/\//i.test(text) && URL.canParse(text),
    'postgres://user:password@host:port/database, in the password @ : / # % as %40 %3A %2F %23 %25; or unset for the embedded database',
  );

/** `Display name <address>`, the name in quotes or not. */
export const namedAddress = z
  .string('the address of the desk with its display name')
  .transform((text, context): Queue => {
    const [, written = '', bare = ''] = /^\s*(.*?)\s*<([^<>]*)>\s*$/.exec(text) ?? [];
    const name = written.replace(/^"(.*)"$/, '$1').trim();
    const address = normaliseEmail(bare);
    if (name === '' || address === null)
      return notAsExpected(context, 'a display name and one address in <>');
    if (/[<>]/.test(name))
      return notAsExpected(context, 'one address; further ones are queues (kticket queue add)');
    if (/\p{Cc}/u.test(name)) return notAsExpected(context, 'a display name without control characters');
    return { name, address };
  });

/** An address, with its display name or without. */
export const sender = z.string().transform((text, context): Queue => {
  const address = normaliseEmail(text.trim());
  if (address !== null) return { name: '', address };
  const named = namedAddress.safeParse(text);
  return named.data ?? notAsExpected(context, 'one address, or a display name and one address in <>');
});

/** A time zone of the IANA database, which staff read times in. */
export const timeZone = z
  .string()
  .prefault('Europe/Rome')
  .transform((zone, context) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
    } catch {
      return notAsExpected(context, 'the name of a time zone, as Continent/City; unset means Europe/Rome');
    }
  });

/** `#rrggbb`, dark enough that white letters on it can be read (WCAG 2.2 AA: 4.5 to 1). */
export const color = z
  .string()
  .trim()
  .toLowerCase()
  .prefault('#1f4e79')
  .transform((text, context) => {
    if (!/^#[0-9a-f]{6}$/.test(text)) return notAsExpected(context, 'a colour as #rrggbb');
    const contrast = contrastWithWhite(text);
    if (contrast >= 4.5) return text;
    const found = `white letters on it have a contrast of ${contrast.toFixed(1)} to 1`;
    return notAsExpected(context, `a darker colour: ${found}, 4.5 is the least that can be read`);
  });

/** WCAG 2.2 "contrast ratio" of a `#rrggbb` colour with white. */
function contrastWithWhite(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}
