/** Builds the bytes of test mails that would be silly as files. */
import type { Message } from '../../src/core/message/message.ts';
import { quarantineReason } from '../../src/core/words/quarantine.ts';

/** Why a mail cannot be acted on, as it is recorded; null: it can. */
export function defectOf({ defect }: Message): string | null {
  return defect === null ? null : quarantineReason(defect, 'en');
}

/** A header as a line of its own. */
export type Header = readonly [name: string, value: string];

/** A person's mail; headers given replace those of the same name, whole. */
export function mail(options: { headers?: Header[]; without?: string[]; body?: string } = {}): Buffer {
  const given = options.headers ?? [];
  const left = new Set(
    [...given.map(([name]) => name), ...(options.without ?? [])].map((name) => name.toLowerCase()),
  );
  const usual: Header[] = [
    ['From', 'Anna Rossi <anna.rossi@acme.it>'],
    ['To', 'Assistenza KYBERNES <assistenza@kybernes.it>'],
    ['Subject', 'La stampante non stampa'],
    ['Date', 'Tue, 4 Mar 2025 09:15:00 +0100'],
    ['Message-ID', '<prova-1@acme.it>'],
    ['MIME-Version', '1.0'],
    ['Content-Type', 'text/plain; charset=utf-8'],
  ];
  const headers = [...usual.filter(([name]) => !left.has(name.toLowerCase())), ...given];
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`${head}\r\n${options.body ?? 'La stampante del primo piano non stampa.\r\n'}`);
}

/** A multipart of ready-made parts (their headers, an empty line, their body). */
export function multipart(
  subtype: string,
  parts: string[],
  boundary = 'confine',
): { header: Header; body: string } {
  const body = parts.map((each) => `--${boundary}\r\n${each}\r\n`).join('');
  return {
    header: ['Content-Type', `multipart/${subtype}; boundary="${boundary}"`],
    body: `${body}--${boundary}--\r\n`,
  };
}

/** A part with its Content-Type, further headers, and its body. */
export function part(contentType: string, body: string, headers: Header[] = []): string {
  const more = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `Content-Type: ${contentType}\r\n${more}\r\n${body}`;
}

/** A mail whose body is a multipart. */
export function multipartMail(subtype: string, parts: string[], headers: Header[] = []): Buffer {
  const { header, body } = multipart(subtype, parts);
  return mail({ headers: [header, ...headers], body });
}
