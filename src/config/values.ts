import { normaliseEmail } from '../core/address/address.ts';
import type { Queue } from '../core/ticket/ticket.ts';
import type { MailboxSettings, SmtpSettings, QueueSmtp } from './settings.ts';

/** What became of one variable's text: its value, or what was expected instead (one line each). */
export type ValueRead<T> = { ok: true; value: T } | { ok: false; expected: string[] };

const value = <T>(of: T): ValueRead<T> => ({ ok: true, value: of });
const expected = (...lines: string[]): { ok: false; expected: string[] } => ({ ok: false, expected: lines });

/** Whether traffic to this host never leaves the machine: `localhost`, 127.0.0.0/8, ::1. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/i.test(host);
}

/**
 * A URL as it may be shown: everything that could be a password becomes `…`. Takes any text, however broken,
 * since a mistyped URL is exactly what gets printed.
 */
export function maskUrl(text: string): string {
  const scheme = /^(imaps?|smtps?|postgres(ql)?|https?|pop3?s?):\/\//i.exec(text)?.[0] ?? '';
  const rest = text.slice(scheme.length);
  const at = rest.lastIndexOf('@');
  const before = at === -1 ? rest : rest.slice(0, at);
  const colon = before.indexOf(':');
  const after = at === -1 ? '' : rest.slice(at);
  if (scheme === '') return `…${after}`;
  return colon === -1 ? `${scheme}${before}${after}` : `${scheme}${before.slice(0, colon)}:…${after}`;
}

type ServerUrl = { host: string; port: number | null; user: string; password: string; path: string };

/** Takes a mail server's URL apart; user, password and path come decoded. */
function readServerUrl(text: string): ValueRead<ServerUrl> {
  if (/\s/.test(text)) return expected('no space inside a URL; in user, password and folder write it %20');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return expected('a complete URL; in user and password write @ : / # % as %40 %3A %2F %23 %25');
  }
  if (url.hostname === '') return expected('a host name after the //');
  if (url.search !== '' || url.hash !== '') {
    return expected('nothing after ? or #; in a password write ? as %3F and # as %23');
  }
  try {
    return value({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? null : Number(url.port),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      path: decodeURIComponent(url.pathname).replace(/^\/|\/$/g, ''),
    });
  } catch {
    return expected('a % followed by two hexadecimal digits; a % that belongs to the text is written %25');
  }
}

/** One mailbox: `imaps://user:password@host:993/Folder`, plain `imap://` on this machine only. */
function readMailbox(text: string): ValueRead<MailboxSettings> {
  const scheme = text.slice(0, text.indexOf(':')).toLowerCase();
  if (scheme !== 'imaps' && scheme !== 'imap') return expected('a URL that begins with imaps://');
  const read = readServerUrl(text);
  if (!read.ok) return read;
  const { host, port, user, password, path } = read.value;
  const lines: string[] = [];
  // a user without a password logs in with a token
  if (user === '') lines.push('a user before the @');
  if (user === '' && password === '') lines.push('a password, as user:password@host');
  if (scheme === 'imap' && !isLoopback(host)) {
    lines.push(
      'imaps:// : plain imap:// would show the password to the network, it is for this machine only',
    );
  }
  if (lines.length > 0) return expected(...lines);
  const standardPort = scheme === 'imaps' ? 993 : 143;
  const folder = path === '' ? 'INBOX' : path;
  const place = port === null || port === standardPort ? host : `${host}:${port}`;
  return value({
    host,
    port: port ?? standardPort,
    secure: scheme === 'imaps',
    user,
    password: password === '' ? null : password,
    folder,
    name: `${user}@${place}/${folder}`,
  });
}

/** MAILBOX_URL: mailboxes separated by spaces, or `none` for a desk that is fed by `kticket receive` alone. */
export function readMailboxes(text: string | undefined): ValueRead<MailboxSettings[]> {
  if (text === undefined) {
    return expected('the mailbox to read (or `none` where all mail comes by `kticket receive`)');
  }
  if (text.trim() === 'none') return value([]);
  const mailboxes: MailboxSettings[] = [];
  const lines: string[] = [];
  const urls = splitUrls(text);
  for (const url of urls) {
    const mailbox = readMailbox(url);
    if (mailbox.ok) {
      if (mailboxes.some((one) => one.name === mailbox.value.name)) {
        lines.push(`each mailbox once; ${mailbox.value.name} stands there twice`);
      }
      mailboxes.push(mailbox.value);
    } else {
      lines.push(
        ...mailbox.expected.map((line) => (urls.length > 1 ? `for ${maskUrl(url)}: ${line}` : line)),
      );
    }
  }
  return lines.length > 0 ? expected(...lines) : value(mailboxes);
}

/** The servers of a list. A space that no URL follows is part of one, most likely of its password. */
export function splitUrls(text: string): string[] {
  return text.trim().split(/\s+(?=(?:imap|smtp)s?:\/\/)/i);
}

/**
 * SMTP_URL: `smtps://` (TLS from the first byte) or `smtp://` (STARTTLS, which the sender insists on unless the
 * host is this machine, see `isLoopback`). Credentials may be absent.
 */
export function readSmtp(text: string | undefined): ValueRead<SmtpSettings> {
  if (text === undefined) return expected('the server that sends the mail');
  const scheme = text.slice(0, text.indexOf(':')).toLowerCase();
  if (scheme !== 'smtps' && scheme !== 'smtp') return expected('a URL that begins with smtps:// or smtp://');
  const read = readServerUrl(text.trim());
  if (!read.ok) return read;
  const { host, user, password, path } = read.value;
  const lines: string[] = [];
  if (user === '' && password !== '') lines.push('a user before the password');
  if (path !== '') lines.push('nothing after the port');
  if (lines.length > 0) return expected(...lines);
  const port = read.value.port ?? (scheme === 'smtps' ? 465 : 587);
  return value({
    host,
    port,
    secure: scheme === 'smtps',
    user: user === '' ? null : user,
    password: password === '' ? null : password,
    name: `${host}:${port}`,
  });
}

/**
 * SMTP_URL: one server, or several separated by spaces: the first for everything, each further one for the queue whose
 * address is its user, or for those it names, `smtps://user:password@host?from=pda@example.it&from=…`.
 */
export function readSmtps(
  text: string | undefined,
): ValueRead<{ general: SmtpSettings; queues: QueueSmtp[] }> {
  if (text === undefined) return expected('the server that sends the mail');
  const [first = '', ...others] = splitUrls(text);
  const general = readSmtp(first);
  const lines = general.ok ? [] : [...general.expected];
  const queues: QueueSmtp[] = [];
  for (const url of others) {
    const read = readQueueSmtp(url);
    if (read.ok) queues.push(read.value);
    else lines.push(...read.expected.map((line) => `for ${maskUrl(url)}: ${line}`));
  }
  const served = queues.flatMap((one) => one.queues);
  const twice = served.filter((queue, i) => served.indexOf(queue) !== i);
  if (twice.length > 0) lines.push(`each queue in one URL; ${twice.join(', ')} stands in two`);
  return general.ok && lines.length === 0 ? value({ general: general.value, queues }) : expected(...lines);
}

/** The login of some queues. */
function readQueueSmtp(text: string): ValueRead<QueueSmtp> {
  const [url = '', search = ''] = text.split(/\?(?=from=[^?]*$)/);
  const read = readSmtp(url);
  if (!read.ok) return read;
  const { user, name } = read.value;
  const named = new URLSearchParams(search).getAll('from');
  const addresses = (named.length > 0 ? named : [user ?? '']).map(normaliseEmail);
  const queues = addresses.filter((address) => address !== null);
  if (queues.length < addresses.length) {
    return expected('a user that is the queue’s address, or the queue as ?from=pda@example.it at the end');
  }
  return value({ ...read.value, queues, name: user === null ? name : `${user}@${name}` });
}

/** ALERT_SMTP_URL: as SMTP_URL, but with a password of its own: it must work when the desk's login does not. */
export function readAlertSmtp(text: string | undefined): ValueRead<SmtpSettings | null> {
  if (text === undefined) return value(null);
  const read = readSmtp(text);
  if (read.ok && read.value.user !== null && read.value.password === null) {
    return expected('a password beside the user, or neither: OAuth2 is for MAILBOX_URL and SMTP_URL');
  }
  return read;
}

/** ALERT_FROM: an address, with its display name or without. */
export function readSender(text: string | undefined): ValueRead<Queue | null> {
  if (text === undefined) return value(null);
  const bare = normaliseEmail(text.trim());
  if (bare !== null) return value({ name: '', address: bare });
  const named = readDeskAddress(text);
  return named.ok ? named : expected('one address, or a display name and one address in <>');
}

/** DATABASE_URL: a PostgreSQL URL; unset: null, the embedded database. */
export function readDatabaseUrl(text: string | undefined): ValueRead<string | null> {
  if (text === undefined) return value(null);
  if (!/^postgres(ql)?:\/\//i.test(text) || !URL.canParse(text)) {
    return expected('a PostgreSQL URL, or unset for the embedded database');
  }
  return value(text);
}

/** DESK_ADDRESS: `Display name <address>`, the name in quotes or not. */
export function readDeskAddress(text: string | undefined): ValueRead<Queue> {
  if (text === undefined) return expected('the address of the desk with its display name');
  const match = /^\s*(.*?)\s*<([^<>]*)>\s*$/.exec(text);
  const name = (match?.[1] ?? '').replace(/^"(.*)"$/, '$1').trim();
  const address = normaliseEmail(match?.[2] ?? '');
  if (name === '' || address === null) return expected('a display name and one address in <>');
  if (/\p{Cc}/u.test(name)) return expected('a display name without control characters');
  return value({ name, address });
}

/** A number within bounds, both included; whole unless `fractions`. */
export function readNumber(
  standard: number,
  bounds: { from: number; to: number; fractions?: boolean },
): (text: string | undefined) => ValueRead<number> {
  const form = bounds.fractions === true ? /^\d+(\.\d+)?$/ : /^\d+$/;
  return (text) => {
    if (text === undefined) return value(standard);
    const number = Number(text);
    if (!form.test(text.trim()) || number < bounds.from || number > bounds.to) {
      const kind = bounds.fractions === true ? 'a number' : 'a whole number';
      return expected(`${kind} from ${bounds.from} to ${bounds.to}; unset means ${standard}`);
    }
    return value(number);
  };
}

/** Of a number of megabytes. */
export const bytesOf = (megabytes: number): number => Math.floor(megabytes * 1024 * 1024);

/** A port that may be listened on; unset: none. */
export function readPort(text: string | undefined): ValueRead<number | null> {
  if (text === undefined) return value(null);
  const port = Number(text);
  return /^\d{1,5}$/.test(text.trim()) && port >= 1 && port <= 65_535
    ? value(port)
    : expected('a port from 1 to 65535; unset means none');
}

/** One of a few words; the first is the default. */
export function readChoice<const W extends string>(
  choices: readonly [W, ...W[]],
): (text: string | undefined) => ValueRead<W> {
  return (text) => {
    if (text === undefined) return value(choices[0]);
    const found = choices.find((choice) => choice === text.trim());
    return found === undefined
      ? expected(`one of ${choices.join(', ')}; unset means ${choices[0]}`)
      : value(found);
  };
}

/** TZ: a time zone of the IANA database, which staff read times in. */
export function readTimeZone(text: string | undefined): ValueRead<string> {
  const zone = text ?? 'Europe/Rome';
  try {
    return value(new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone);
  } catch {
    return expected('the name of a time zone; unset means Europe/Rome');
  }
}

/** Lists are separated by spaces. */
export function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

/** COMPANY_COLOR: `#rrggbb`, dark enough that white letters on it can be read (WCAG 2.2 AA: 4.5 to 1). */
export function readColor(text: string | undefined): ValueRead<string> {
  if (text === undefined) return value('#1f4e79');
  const color = text.trim().toLowerCase();
  if (!/^#[0-9a-f]{6}$/.test(color)) return expected('a colour as #rrggbb');
  const contrast = contrastWithWhite(color);
  return contrast >= 4.5
    ? value(color)
    : expected(
        `a darker colour: white letters on it have a contrast of ${contrast.toFixed(1)} to 1, 4.5 is the least that can be read`,
      );
}

/** WCAG 2.2 "contrast ratio" of a `#rrggbb` colour with white. */
function contrastWithWhite(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

/** A web address that mails may link to; unset: none. */
export function readWebAddress(text: string | undefined): ValueRead<string | null> {
  if (text === undefined) return value(null);
  const url = text.trim();
  return /^https:\/\/[^\s"'<>]+$/.test(url) && URL.canParse(url)
    ? value(url)
    : expected('a web address that begins with https://, without spaces');
}

/** One line that people read in mails, such as an address and a telephone number; unset: null. */
export function readLine(text: string | undefined): ValueRead<string | null> {
  if (text === undefined) return value(null);
  const line = text.trim();
  return /\p{Cc}/u.test(line) || line.length > 200
    ? expected('one line of at most 200 characters')
    : value(line);
}
