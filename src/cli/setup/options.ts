import { InvalidArgumentError } from 'commander';
import type { Queue } from '../../core/ticket/ticket.ts';
import { readServer } from '../../setup/server-name.ts';
import { email, name } from '../terminal/arguments.ts';
import type { ServerAddress } from '../../setup/providers.ts';
import { isLoopback } from '../../config/urls.ts';

/** The options of `setup`: an answer each. What is not given is asked for in a terminal. */
export type SetupOptions = {
  address?: string;
  name?: string;
  user?: string;
  passwordFile?: string;
  imap?: ServerAddress;
  smtp?: ServerAddress;
  tlsCaFile?: string;
  smtpUser?: string;
  smtpPasswordFile?: string;
  oauthClientId?: string;
  oauthTenant?: string;
  oauthClientSecretFile?: string;
  administrator?: Queue;
  technician?: Queue | 'none';
  clerk?: Queue | 'none';
  company?: string;
  domain?: string;
  contact?: string;
  /** `--no-send`: false */
  send: boolean;
  service?: boolean;
  serviceUser?: string;
  serviceFile?: string;
  directory?: string;
  yes?: true;
  dryRun?: true;
};

/** A staff member as `Name <address>`. Throws commander's error. */
export function readPerson(text: string): Queue {
  const [, written = '', address = ''] = /^\s*"?([^"<>]*?)"?\s*<([^<>]*)>\s*$/u.exec(text) ?? [];
  if (written === '')
    throw new InvalidArgumentError('Expected a name and an address: Anna Conti <anna@example.it>.');
  return { name: name(written), address: email(address) };
}

/** The same, or `none`. */
export function readPersonOrNone(text: string): Queue | 'none' {
  return text === 'none' ? text : readPerson(text);
}

/** An IMAP server; off this machine with TLS from the first byte. Throws commander's error. */
export function imapServer(text: string): ServerAddress {
  const server = readServer(text, 'imap');
  if (server === null)
    throw new InvalidArgumentError('Expected a server such as imap.example.it or imap.example.it:993.');
  if (server.tls !== 'implicit' && !isLoopback(server.host))
    throw new InvalidArgumentError('Expected a port where TLS begins with the first byte, mostly 993.');
  return server;
}

/** An SMTP server. Throws commander's error. */
export function smtpServer(text: string): ServerAddress {
  const server = readServer(text, 'smtp');
  if (server === null)
    throw new InvalidArgumentError(
      'Expected a server such as smtp.example.it, smtp.example.it:587 or smtps://smtp.example.it:465.',
    );
  return server;
}
