/**
 * A port where TLS begins with the first byte, spoken to in plain text: both sides wait for the other to begin. Whoever waits
 * for a greeting is told so within seconds instead of when patience ends.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { codeOf } from '../log/errors.ts';

/** Milliseconds that a greeting may take before anybody looks, and that the look may take: together under five seconds. */
const beforeLook = 1_500;
const look = 2_500;

/** The code of the error that says so; `tlsTrouble` reads it. */
export const tlsPort = 'KTICKET_TLS_PORT';

/**
 * What the attempt comes to, or, while it waits, the error that the port speaks TLS from the first byte.
 * @param server spoken to in plain text
 */
export async function unlessTlsPort<T>(
  server: { host: string; port: number },
  attempt: Promise<T>,
): Promise<T> {
  const settled = new AbortController();
  const found = (async (): Promise<never> => {
    await pause(beforeLook, undefined, { signal: settled.signal });
    if (await speaksTls(server, settled.signal))
      throw Object.assign(new Error('TLS begins with the first byte there'), { code: tlsPort });
    return new Promise(() => {});
  })();
  try {
    return await Promise.race([attempt, found]);
  } finally {
    settled.abort();
    found.catch(() => {
      // it was not needed any more
    });
    attempt.catch(() => {
      // whoever hangs up ends it
    });
  }
}

/** Whether a server answers a TLS handshake; nothing else is said to it, so that its certificate does not matter. */
function speaksTls({ host, port }: { host: string; port: number }, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, rejectUnauthorized: false });
    const timer = setTimeout(() => end(false), look);
    const onAbort = (): void => end(false);
    const end = (speaks: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(speaks);
    };
    signal.addEventListener('abort', onAbort);
    socket.once('secureConnect', () => end(true));
    // an alert is TLS as well; anything else is not
    socket.on('error', (error) => end(/^ERR_SSL_.*ALERT/u.test(codeOf(error) ?? '')));
    socket.once('close', () => end(false));
  });
}
