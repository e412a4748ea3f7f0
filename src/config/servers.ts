import { z } from 'zod';
import { normaliseEmail } from '../core/address/address.ts';
import type { MailboxSettings, SmtpSettings, QueueSmtp } from './settings.ts';
import { isLoopback, maskUrl, splitUrls } from './urls.ts';
import { notAsExpected } from './values.ts';

/** Takes a mail server's URL apart; user, password and path come decoded. */
const serverUrl = (scheme: RegExp, expected: string) =>
  z.string().transform((text, context) => {
    if (!scheme.test(text)) {
      const quoted = /^\s*["'`]/.test(text) ? ', without quotes around it' : '';
      return notAsExpected(context, `a URL that begins with ${expected}${quoted}`);
    }
    if (/[,;]\s*(?:imap|smtp)s?:\/\//i.test(text) || /[,;]\s*$/.test(text))
      return notAsExpected(context, 'several URLs with spaces between them, and no comma or semicolon');
    if (/\s/.test(text.trim())) {
      return notAsExpected(context, 'no space inside a URL; in user, password and folder write it %20');
    }
    const url = URL.parse(text.trim());
    if (url === null) {
      return notAsExpected(
        context,
        'a complete URL; in user and password write @ : / # % as %40 %3A %2F %23 %25, and the port as a number up to 65535',
      );
    }
    if (url.hostname === '') return notAsExpected(context, 'a host name after the //');
    if (/[^a-z\d.:_\-[\]%]/i.test(url.hostname))
      return notAsExpected(context, 'a host name of letters, digits, dots and hyphens before the port');
    if (url.search !== '' || url.hash !== '') {
      return notAsExpected(context, 'nothing after ? or #; in a password write ? as %3F and # as %23');
    }
    try {
      return {
        host: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port === '' ? null : Number(url.port),
        /** TLS from the first byte */
        secure: url.protocol.endsWith('s:'),
        user: decodeURIComponent(url.username),
        password: decodeURIComponent(url.password),
        path: decodeURIComponent(url.pathname).replace(/^\/|\/$/g, ''),
      };
    } catch {
      const written = 'a % followed by two hexadecimal digits; a % that belongs to the text is written %25';
      return notAsExpected(context, written);
    }
  });

/** URL of a mailbox: `imaps://user:password@host:993/Folder`; plain `imap://` on this machine only. */
const mailbox = serverUrl(/^imaps?:/i, 'imaps://')
  // a user without a password logs in with a token
  .refine(({ user }) => user !== '', 'a user before the @')
  .refine(({ user, password }) => user !== '' || password !== '', 'a password, as user:password@host')
  .refine(
    ({ secure, host }) => secure || isLoopback(host),
    'imaps:// : plain imap:// would show the password to the network, it is for this machine only',
  )
  .transform(({ host, port, secure, user, password, path }): MailboxSettings => {
    const standardPort = secure ? 993 : 143;
    const folder = path === '' ? 'INBOX' : path;
    const place = port === null || port === standardPort ? host : `${host}:${port}`;
    return {
      host,
      port: port ?? standardPort,
      secure,
      user,
      folder,
      password: password === '' ? null : password,
      name: `${user}@${place}/${folder}`,
    };
  });

/** MAILBOX_URL: mailboxes separated by spaces, or `none` for a desk that is fed by `kticket receive` alone. */
export const mailboxUrls = z
  .string('the mailbox to read (or `none` where all mail comes by `kticket receive`)')
  .transform((text, context) => {
    if (text.trim() === 'none') return [];
    const urls = splitUrls(text);
    const mailboxes: MailboxSettings[] = [];
    for (const url of urls) {
      const one = readOne(url, mailbox, context, urls.length > 1);
      if (one === undefined) continue;
      if (mailboxes.some(({ name }) => name === one.name)) {
        context.addIssue(`each mailbox once; ${one.name} stands there twice`);
      }
      mailboxes.push(one);
    }
    return mailboxes;
  });

/** An error about one URL of several starts with that URL. */
function readOne<T>(url: string, schema: z.ZodType<T>, context: z.RefinementCtx, named: boolean) {
  const read = schema.safeParse(url);
  for (const { message } of read.error?.issues ?? []) {
    context.addIssue(named ? `for ${maskUrl(url)}: ${message}` : message);
  }
  return read.data;
}

/**
 * URL of an outgoing server: `smtps://` (TLS from the first byte) or `smtp://` (STARTTLS, which the sender insists on unless
 * the host is this machine, see `isLoopback`). Credentials are optional.
 */
const smtpUrl = serverUrl(/^smtps?:/i, 'smtps:// or smtp://')
  .refine(({ user, password }) => user !== '' || password === '', 'a user before the password')
  .refine(({ path }) => path === '', 'nothing after the port')
  .transform(({ host, port: given, secure, user, password }): SmtpSettings => {
    const port = given ?? (secure ? 465 : 587);
    return {
      host,
      port,
      secure,
      name: `${host}:${port}`,
      user: user === '' ? null : user,
      password: password === '' ? null : password,
    };
  });

/** The login that serves some queues: its user is the address of one, or `?from=` at the end names them. */
const queueUrl = z
  .string()
  .transform((text) => text.split(/\?(?=from=[^?]*$)/))
  .pipe(z.tuple([smtpUrl], z.string()))
  .transform(([server, search = ''], context): QueueSmtp => {
    const named = new URLSearchParams(search).getAll('from');
    const addresses = (named.length > 0 ? named : [server.user ?? '']).map(normaliseEmail);
    const queues = addresses.filter((address) => address !== null);
    if (queues.length < addresses.length) {
      context.addIssue('a user that is the queue’s address, or the queue as ?from=pda@example.it at the end');
    }
    return { ...server, queues, name: server.user === null ? server.name : `${server.user}@${server.name}` };
  });

/**
 * SMTP_URL: one server, or several separated by spaces: the first for everything, each further one for the queue whose
 * address is its user, or for those it names, `smtps://user:password@host?from=pda@example.it&from=…`.
 */
export const smtpUrls = z.string('the server that sends the mail').transform((text, context) => {
  const [url = '', ...others] = splitUrls(text);
  const general = readOne(url, smtpUrl, context, false);
  const queues = others.flatMap((one) => readOne(one, queueUrl, context, true) ?? []);
  const served = queues.flatMap((one) => one.queues);
  const twice = served.filter((queue, at) => served.indexOf(queue) !== at);
  if (twice.length > 0) context.addIssue(`each queue in one URL; ${twice.join(', ')} stands in two`);
  return general === undefined ? z.NEVER : { general, queues };
});

/** ALERT_SMTP_URL: as SMTP_URL, but with a password of its own: it must work when the desk's login does not. */
export const alertUrl = smtpUrl.refine(
  ({ user, password }) => user === null || password !== null,
  'a password beside the user, or neither: OAuth2 is for MAILBOX_URL and SMTP_URL',
);
