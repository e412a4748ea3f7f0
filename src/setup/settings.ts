import type { ServerAddress } from './providers.ts';

/** How one logs in to a server. `password` null: by OAuth2. `user` null: not at all. */
export type LoginTo = { server: ServerAddress; user: string | null; password: string | null };

/** The `MAILBOX_URL` of one mailbox. */
export function mailboxUrl(login: LoginTo, folder: string): string {
  return `${urlOf('imap', login)}/${folder.split('/').map(encodeURIComponent).join('/')}`;
}

/** The `SMTP_URL` of one server. */
export function smtpUrl(login: LoginTo): string {
  return urlOf('smtp', login);
}

function urlOf(kind: 'imap' | 'smtp', { server, user, password }: LoginTo): string {
  const scheme = server.tls === 'implicit' ? `${kind}s` : kind;
  const secret = password === null ? '' : `:${encodeURIComponent(password)}`;
  const login = user === null ? '' : `${encodeURIComponent(user)}${secret}@`;
  return `${scheme}://${login}${server.host}:${server.port}`;
}

/** A list of URLs as a setting has it, the first replaced and the others kept. */
export function withFirstUrl(before: string | null, url: string): string {
  const others =
    before === null
      ? []
      : before
          .trim()
          .split(/\s+(?=(?:imap|smtp)s?:\/\/)/iu)
          .slice(1);
  return [url, ...others].join(' ');
}

/** `DESK_ADDRESS`: the name as `namedAddress` of the configuration reads it. */
export function deskAddress(name: string, address: string): string {
  return `${name} <${address}>`;
}
