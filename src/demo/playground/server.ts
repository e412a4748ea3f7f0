/**
 * The playground's page and what it asks for, over HTTP for one person on this machine. Three things keep everybody else
 * out: it listens on loopback; every address begins with a token made for this run, which no other page in the
 * browser and no other user of the machine knows; and a Host that is not its own is refused, so that a foreign name
 * that is made to resolve to 127.0.0.1 (DNS rebinding) reaches nothing.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Draft } from '../mail-program.ts';
import { type Name, names } from '../people.ts';
import { readAssets } from './assets.ts';
import type { Mailboxes } from './mailboxes.ts';
import { type Folder, type Sent, type State, shownFolders } from './state.ts';
import type { Config } from '../../config/settings.ts';
import { messageOf } from '../../log/errors.ts';
import { portOf } from '../../config/urls.ts';

export type PlaygroundServer = {
  /** URL of the page; contains the token */
  url: string;
  /** Tells every open page what there is now. */
  publish(state: State): void;
  /** Ends all connections and stops. */
  close(): Promise<void>;
};

/** Bytes of a sent letter: files of some 25 MB, in base64. */
const longestLetter = 35 * 1024 * 1024;

/**
 * Serves the page.
 * @param port of 127.0.0.1; 0: a free one
 * @throws what listening throws, EADDRINUSE above all
 */
export async function servePlayground(
  mailboxes: Mailboxes,
  options: { port: number; locale: Config['locale'] },
): Promise<PlaygroundServer> {
  const assets = readAssets(options.locale);
  const token = randomBytes(16).toString('hex');
  const published = new EventEmitter<{ state: [string] }>();
  published.setMaxListeners(0);
  let latest = '';

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      process.emitWarning(error instanceof Error ? error : String(error));
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, body: String(error) });
    });
  });
  // closing a silent connection is the browser's to do: what it just sent on it would be lost
  server.keepAliveTimeout = 0;
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server.address());
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!hosts.includes(request.headers.host ?? '')) {
      return send(response, { status: 421, body: `This is ${hosts[0]}, and answers to no other name.` });
    }
    const [, given = '', ...rest] = (request.url ?? '').replace(/\?.*/u, '').split('/');
    if (!sameToken(given, token)) {
      return send(response, { status: 404, body: 'Open the address that kticket printed, the whole of it.' });
    }
    const path = rest.join('/');
    if (request.method === 'GET' && path === 'events') return stream(response);
    return send(response, await answerTo(request, path));
  };

  const answerTo = async (request: IncomingMessage, path: string): Promise<Answer> => {
    const method = request.method ?? '';
    const asset = assets.get(path);
    if (asset !== undefined && (method === 'GET' || method === 'HEAD')) return { status: 200, ...asset };
    const asked = readPath(path);
    if (asked === null) return { status: 404, body: 'There is no such page.' };
    if (asked.kind === 'outbox' && method === 'POST') return take(mailboxes, asked.name, request);
    if (asked.kind === 'mail' && method === 'GET') return showMail(mailboxes, asked);
    return { status: 405, body: 'Not that way.' };
  };

  const stream = (response: ServerResponse): void => {
    response.writeHead(200, { ...guards(pagePolicy), 'content-type': 'text/event-stream' });
    const write = (state: string): void => {
      response.write(`data: ${state}\n\n`);
    };
    published.on('state', write);
    response.on('close', () => published.off('state', write));
    response.flushHeaders();
    if (latest !== '') write(latest);
  };

  return {
    url: `http://127.0.0.1:${port}/${token}/`,
    publish(state) {
      const text = JSON.stringify(state);
      if (text === latest) return;
      latest = text;
      published.emit('state', text);
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

type Answer = {
  status: number;
  body: string | Uint8Array;
  type?: string;
  policy?: string;
  headers?: Record<string, string>;
};

/** Own files and own addresses, nothing else. */
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * A mail's HTML: its own inline styles, and nothing that runs or is fetched. `allow-same-origin` lets the page around it
 * hear clicks on its links and measure it; without `allow-scripts` the mail itself cannot use it.
 */
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'self'; sandbox allow-same-origin";

function guards(policy: string): Record<string, string> {
  return {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    // the address holds the token
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  };
}

function send(response: ServerResponse, { status, body, type, policy, headers }: Answer): void {
  response
    .writeHead(status, {
      ...guards(policy ?? pagePolicy),
      'content-type': type ?? 'text/plain; charset=utf-8',
      ...headers,
    })
    .end(body);
}

function sameToken(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Requested part of a mail: everything shown of it, its HTML, or a file by its number. */
type Part = { kind: 'whole' } | { kind: 'html' } | { kind: 'file'; index: number };
type Asked =
  | { kind: 'outbox'; name: Name }
  | { kind: 'mail'; name: Name; folder: Folder; uid: number; part: Part };

/** `outbox/NAME`, or `mail/NAME/FOLDER/UID`, optionally followed by `/html` or `/file/N`; null for any other path. */
function readPath(path: string): Asked | null {
  const found = /^(outbox|mail)\/([a-z]+)(?:\/([A-Za-z]+)\/(\d{1,9})(?:\/(html)|\/file\/(\d{1,3}))?)?$/u.exec(
    path,
  );
  const name = names.find((one) => one === found?.[2]);
  if (found === null || name === undefined) return null;
  const [, kind, , folderName, uid, html, index] = found;
  if (kind === 'outbox') return folderName === undefined ? { kind, name } : null;
  const folder = shownFolders.find((one) => one === folderName);
  if (folder === undefined) return null;
  const file: Part = index === undefined ? { kind: 'whole' } : { kind: 'file', index: Number(index) };
  const part: Part = html === undefined ? file : { kind: 'html' };
  return { kind: 'mail', name, folder, uid: Number(uid), part };
}

async function showMail(
  mailboxes: Mailboxes,
  { name, folder, uid, part }: Extract<Asked, { kind: 'mail' }>,
): Promise<Answer> {
  const none: Answer = { status: 404, body: 'There is no such mail.' };
  switch (part.kind) {
    case 'whole': {
      const mail = await mailboxes.open(name, folder, uid);
      return mail === null ? none : json(mail);
    }
    case 'html': {
      const html = await mailboxes.html(name, folder, uid);
      if (html === null) return none;
      return { status: 200, body: html, type: 'text/html; charset=utf-8', policy: mailPolicy };
    }
    case 'file': {
      const file = await mailboxes.file(name, folder, uid, part.index);
      if (file === null) return none;
      // saved, never shown: a file may be a page that would run here
      const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(file.filename)}`;
      return {
        status: 200,
        body: file.content,
        type: 'application/octet-stream',
        headers: { 'content-disposition': disposition },
      };
    }
    default:
      return part satisfies never;
  }
}

const letters = z.object({
  to: z.string().trim().min(1),
  cc: z.string().trim(),
  subject: z.string(),
  text: z.string(),
  inReplyTo: z.string().nullable(),
  references: z.array(z.string()),
  files: z.array(
    z.object({
      filename: z.string(),
      contentType: z.string(),
      content: z.base64().transform((text) => Buffer.from(text, 'base64')),
    }),
  ),
});

/** Sends the letter; 422 with the server's words if it is refused. */
async function take(mailboxes: Mailboxes, name: Name, request: IncomingMessage): Promise<Answer> {
  const body = await bodyOf(request);
  if (body === null) return { status: 413, body: 'Larger than 25 MB.' };
  const read = letters.safeParse(parsed(body));
  if (!read.success) return { status: 400, body: z.prettifyError(read.error) };
  const draft: Draft = read.data;
  try {
    const sent: Sent = { messageId: await mailboxes.send(name, draft) };
    return json(sent);
  } catch (error) {
    return { status: 422, body: messageOf(error) };
  }
}

/** A request's whole body; null if it is longer than a letter may be. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= longestLetter) chunks.push(bytes);
  }
  return size > longestLetter ? null : Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function json(value: unknown): Answer {
  return { status: 200, body: JSON.stringify(value), type: 'application/json; charset=utf-8' };
}
