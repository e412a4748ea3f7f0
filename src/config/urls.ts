import type { AddressInfo } from 'node:net';

/** True if traffic to the host never leaves the machine: `localhost`, 127.0.0.0/8, ::1. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/i.test(host);
}

/**
 * A URL made safe to print: everything that could be a password becomes `…`. Accepts any text, however malformed,
 * since mistyped URLs are the ones that get printed.
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

/** Splits a list of servers. A space not followed by a URL belongs to the one before it, most likely to its password. */
export function splitUrls(text: string): string[] {
  return text.trim().split(/\s+(?=(?:imap|smtp)s?:\/\/)/i);
}

/** The port a server listens on. Throws if it is not listening. */
export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address.port;
}
