import { on, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { isLoopback } from '../config/urls.ts';
import { connectionWords, isConnectionTrouble, tlsRemedies } from '../core/words/outages.ts';
import { codeOf, messageOf } from '../log/errors.ts';
import { tlsTrouble } from '../mail/tls-trouble.ts';
import type { ServerAddress } from './providers.ts';

/** Milliseconds in which a server must have greeted. */
const patience = 8_000;
const longestReply = 8 * 1024;

/** Whether a server is there; if not, why, in words. */
export type Greeted = { ok: true } | { ok: false; why: string };

/**
 * Connects to a server as a mail program would before it logs in, TLS in its own name included, and hangs up. Nothing
 * secret is said.
 * @param ms in which the server must have greeted
 */
export async function greet(
  server: ServerAddress,
  kind: 'imap' | 'smtp',
  ms: number = patience,
): Promise<Greeted> {
  const signal = AbortSignal.timeout(ms);
  const sockets: Socket[] = [];
  try {
    const socket = server.tls === 'implicit' ? tlsTo(server) : connect(server.port, server.host);
    sockets.push(quiet(socket));
    await once(socket, server.tls === 'implicit' ? 'secureConnect' : 'connect', { signal });
    const greeting = await reply(socket, kind, signal);
    if (!(kind === 'imap' ? /^\* (?:OK|PREAUTH)/iu : /^220/u).test(greeting))
      return { ok: false, why: `it greets as no ${kind.toUpperCase()} server: ${shown(greeting)}` };
    if (server.tls !== 'starttls' || isLoopback(server.host)) return { ok: true };
    if (kind === 'imap')
      return { ok: false, why: 'off this machine IMAP takes TLS from the first byte, mostly at 993' };
    return await startTls(server, socket, signal, sockets);
  } catch (error) {
    return { ok: false, why: inWords(error, server, { kind, late: signal.aborted }) };
  } finally {
    // the one that carries TLS takes what it runs over with it; the other way about Node 24 dies
    sockets.at(-1)?.destroy();
  }
}

/** Its troubles are told by what waits for it; later ones, as it is hung up, are nobody's. */
function quiet(socket: Socket): Socket {
  return socket.on('error', () => {});
}

const tlsTo = (server: ServerAddress, socket?: Socket): Socket =>
  connectTls({
    minVersion: 'TLSv1.2',
    host: server.host,
    port: server.port,
    // an address has no name to ask for (RFC 6066 §3)
    ...(/^[\d.]+$|:/u.test(server.host) ? {} : { servername: server.host }),
    ...(socket === undefined ? {} : { socket }),
  });

async function startTls(
  server: ServerAddress,
  socket: Socket,
  signal: AbortSignal,
  sockets: Socket[],
): Promise<Greeted> {
  socket.write('EHLO localhost\r\n');
  const offers = await reply(socket, 'smtp', signal);
  if (!/^250[ -]STARTTLS\s*$/imu.test(offers))
    return { ok: false, why: 'it offers no STARTTLS, without which nothing is sent off this machine' };
  socket.write('STARTTLS\r\n');
  const answer = await reply(socket, 'smtp', signal);
  if (!answer.startsWith('220')) return { ok: false, why: `it refuses STARTTLS: ${shown(answer)}` };
  const secured = tlsTo(server, socket);
  sockets.push(quiet(secured));
  await once(secured, 'secureConnect', { signal });
  return { ok: true };
}

/** A whole reply: of SMTP its last line has a space behind the code (RFC 5321 §4.2.1). */
async function reply(socket: Socket, kind: 'imap' | 'smtp', signal: AbortSignal): Promise<string> {
  let text = '';
  for await (const [chunk] of on(socket, 'data', { signal, close: ['end', 'close'] })) {
    text += String(chunk);
    if ((kind === 'imap' ? /\r?\n/u : /^\d{3}(?: .*)?\r?\n$/mu).test(text) || text.length > longestReply)
      break;
  }
  return text;
}

const shown = (text: string): string =>
  text === ''
    ? 'it hangs up'
    : `“${text
        .replace(/\p{Cc}+/gu, ' ')
        .trim()
        .slice(0, 80)}”`;

function inWords(
  error: unknown,
  { tls, host, port }: ServerAddress,
  { kind, late }: { kind: 'imap' | 'smtp'; late: boolean },
): string {
  if (late) {
    return tls === 'implicit'
      ? connectionWords.CONNECT_TIMEOUT.en
      : 'no greeting; is it a port where TLS begins with the first byte, or does a firewall stand between?';
  }
  const code = codeOf(error) ?? '';
  const said = messageOf(error);
  const trouble = tlsTrouble(`${code} ${said}`);
  if (trouble !== null) return `${said.split(';', 1)[0]}: ${tlsRemedies[trouble].en}`;
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH|EPROTO/u.test(code))
    return `on that port TLS does not begin with the first byte; ${kind === 'smtp' ? `for STARTTLS write smtp://${host}:${port}` : 'it does mostly at 993'}`;
  if (code === 'EAI_AGAIN') return 'this machine resolves no names; does its DNS work?';
  return isConnectionTrouble(code) ? connectionWords[code].en : said;
}
