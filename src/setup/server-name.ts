import type { ServerAddress } from './providers.ts';

/** A host's name in lower case, without the dot that DNS writes at its end; null if it is none. */
export function hostName(text: string): string | null {
  const name = text.trim().toLowerCase().replace(/\.$/u, '');
  return /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)+$/u.test(
    name,
  )
    ? name
    : null;
}

/** A server that a person names: `imaps://host:993`, `host:993` or `host`; null if it is none. */
export function readServer(text: string, kind: 'imap' | 'smtp'): ServerAddress | null {
  const [, scheme = '', name = '', digits] =
    /^(?:(imaps?|smtps?):\/\/)?([^\s/:@]+|\[[\da-f:]+\])(?::(\d{1,5}))?\/?$/iu.exec(text.trim()) ?? [];
  if (scheme !== '' && !scheme.toLowerCase().startsWith(kind)) return null;
  const host = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/iu.test(name)
    ? name.toLowerCase()
    : hostName(name);
  if (host === null) return null;
  const tlsPort = kind === 'imap' ? 993 : 465;
  const plainPort = kind === 'imap' ? 143 : 587;
  const isPlain =
    scheme === '' ? digits === String(plainPort) || digits === '25' : !scheme.toLowerCase().endsWith('s');
  const port = digits === undefined ? (isPlain ? plainPort : tlsPort) : Number(digits);
  if (port < 1 || port > 65_535) return null;
  return { host, port, tls: isPlain ? 'starttls' : 'implicit' };
}
