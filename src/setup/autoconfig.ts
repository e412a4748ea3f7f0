import { SaxesParser } from 'saxes';
import type { ServerAddress } from './providers.ts';
import { hostName } from './server-name.ts';

/** What a domain's autoconfig says: servers in its own order, and what the user is called. */
export type Autoconfig = { imap: ServerAddress[]; smtp: ServerAddress[]; user: 'address' | 'local_part' };

/** Bytes of a file that are read; those of the field have a few thousand. */
export const mostAutoconfigBytes = 64 * 1024;
const deepest = 16;

type Entry = { outgoing: boolean; type: string; fields: Map<string, string> };

/**
 * Reads a `clientConfig` file as mail programs do (Thunderbird's format, version 1.1). The XML is read strictly: a DOCTYPE, an
 * unknown entity, broken or very deep XML is refused. Servers without TLS are left out.
 * @param domain what `%EMAILDOMAIN%` stands for
 */
export function readAutoconfig(
  text: string,
  domain: string,
): { ok: true; config: Autoconfig } | { ok: false; why: string } {
  const parser = new SaxesParser();
  const path: string[] = [];
  const entries: Entry[] = [];
  let open: Entry | null = null;
  let written = '';
  parser.on('error', (error) => {
    throw new Refusal(`no well-formed XML (${error.message})`);
  });
  parser.on('doctype', () => {
    throw new Refusal('XML with a DOCTYPE, which is not read');
  });
  parser.on('opentag', ({ name, attributes }) => {
    path.push(name);
    if (path.length > deepest) throw new Refusal('XML nested too deep');
    written = '';
    if (path.length === 3 && path[1] === 'emailProvider' && /^(?:incoming|outgoing)Server$/u.test(name)) {
      open = { outgoing: name === 'outgoingServer', type: attributes['type'] ?? '', fields: new Map() };
      entries.push(open);
    }
  });
  const keep = (piece: string): void => {
    written += piece;
  };
  parser.on('text', keep);
  parser.on('cdata', keep);
  parser.on('closetag', ({ name }) => {
    if (open !== null && path.length === 4 && !open.fields.has(name)) open.fields.set(name, written.trim());
    path.pop();
    if (path.length < 3) open = null;
    written = '';
  });
  try {
    if (Buffer.byteLength(text) > mostAutoconfigBytes) throw new Refusal('more than 64 KB');
    parser.write(text).close();
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, why: error.message };
    throw error;
  }
  const imap = entries.filter(({ outgoing, type }) => !outgoing && type === 'imap');
  const smtp = entries.filter(({ outgoing, type }) => outgoing && type === 'smtp');
  const config: Autoconfig = {
    imap: imap.flatMap((entry) => serverOf(entry, domain)),
    smtp: smtp.flatMap((entry) => serverOf(entry, domain)),
    user: imap[0]?.fields.get('username') === '%EMAILLOCALPART%' ? 'local_part' : 'address',
  };
  if (config.imap.length === 0 || config.smtp.length === 0)
    return { ok: false, why: 'it names no pair of IMAP and SMTP servers with TLS' };
  return { ok: true, config };
}

class Refusal extends Error {}

function serverOf({ fields }: Entry, domain: string): ServerAddress[] {
  const host = hostName((fields.get('hostname') ?? '').replaceAll('%EMAILDOMAIN%', domain));
  const port = Number(fields.get('port'));
  const tls = { SSL: 'implicit', STARTTLS: 'starttls' } as const;
  const socket = fields.get('socketType');
  if (host === null || !Number.isInteger(port) || port < 1 || port > 65_535) return [];
  return socket === 'SSL' || socket === 'STARTTLS' ? [{ host, port, tls: tls[socket] }] : [];
}
