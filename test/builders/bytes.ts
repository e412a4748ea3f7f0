import { type Header, mail, multipart } from './mail.ts';
import { authserv } from './desk.ts';

/** A person of a company under contract. */
export const anna = 'Anna Rossi <anna@rossi.it>';

let serial = 0;

/**
 * A client's genuine mail as bytes, with a Message-ID of its own, from a colleague of its own, so that many of them
 * are no flood of one sender; headers given replace those of the same name.
 */
export function clientMail(
  options: { headers?: Header[]; without?: string[]; body?: string; from?: string } = {},
): Buffer {
  serial += 1;
  const from = options.from ?? `Anna Rossi <anna${serial}@rossi.it>`;
  const domain = /@([^>\s]+)/u.exec(from)?.[1] ?? 'example.org';
  const usual: Header[] = [
    ['Authentication-Results', `${authserv}; dmarc=pass header.from=${domain}`],
    ['From', from],
    ['Message-ID', `<b${serial}.${process.pid}@${domain}>`],
  ];
  const given = new Set([
    ...(options.headers ?? []).map(([name]) => name.toLowerCase()),
    ...(options.without ?? []).map((name) => name.toLowerCase()),
  ]);
  return mail({
    ...options,
    headers: [...usual.filter(([name]) => !given.has(name.toLowerCase())), ...(options.headers ?? [])],
  });
}

/** A client's mail whose body is a multipart of ready-made parts. */
export function clientMultipart(subtype: string, parts: string[], headers: Header[] = []): Buffer {
  const { header, body } = multipart(subtype, parts);
  return clientMail({ headers: [header, ...headers], body });
}

/** Every control character but the line ends and tabs that a text may hold. */
export const controls = /[^\P{Cc}\n\t]/u;
