import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { signsOf } from './state.ts';
import { errorInWords, isOutage } from '../desk/watch/outage.ts';
import type { Log } from '../log/log.ts';
import type { Database } from '../store/db/database.ts';
import { countKept } from '../store/reports/kept-counts.ts';
import { vitalsOf } from '../store/reports/health.ts';
import { databaseName, examine, type HealthConfig, isWell, lineOf } from './examine.ts';
import { metricsOf } from './metrics.ts';
import { portOf } from '../config/urls.ts';

/** Milliseconds without an answer after which the database counts as away. */
const longest = 5_000;

export type HealthServer = { port: number; close(): Promise<void> };

/**
 * Serves `/healthz` (200 where the desk is well, else 503; lines of text) and `/metrics` for Prometheus, on loopback
 * only: nobody is asked who they are. A Host that is not loopback's is refused (RFC 9110 §15.5.20), so that no page in a
 * browser reads them by a name of its own that leads here (DNS rebinding).
 * @throws what listening throws, EADDRINUSE above all
 */
export async function serveHealth(
  port: number,
  db: Database,
  config: HealthConfig,
  log: Log,
): Promise<HealthServer> {
  const health = async (): Promise<Answer> => {
    const signs = await examine(db, config);
    return { status: isWell(signs) ? 200 : 503, text: `${signs.map(lineOf).join('\n')}\n` };
  };
  const counts = countKept(db);
  const metrics = async (): Promise<Answer> => {
    const vitals = await vitalsOf(db, config);
    const text = metricsOf(signsOf(vitals, config.pollSeconds), vitals, await counts());
    return { status: 200, text, type: 'text/plain; version=0.0.4; charset=utf-8' };
  };
  /** Never rejects: what goes wrong is an answer, a bug also a line of the log. That of an outage is the worker's to write, once. */
  const answerOf = async (page: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await Promise.race([page(), late(databaseName(config))]);
    } catch (error) {
      if (!isOutage(error)) log.error(`health: ${errorInWords(error)}`);
      return { status: 503, text: `FAIL  ${databaseName(config)}: ${errorInWords(error)}\n` };
    }
  };
  const pages = new Map([
    ['/healthz', atOnce(health)],
    ['/metrics', atOnce(metrics)],
  ]);
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const ours = portOf(server.address());
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!namesLoopback(request.headers.host, ours))
      return send(response, {
        status: 421,
        text: 'This answers to 127.0.0.1 and localhost, with its port.\n',
      });
    const page = pages.get((request.url ?? '').replace(/\?.*/u, ''));
    if (page === undefined)
      return send(response, { status: 404, text: 'There are /healthz and /metrics.\n' });
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return send(response, { status: 405, text: 'GET it.\n' });
    void answerOf(page).then((answer) => send(response, answer));
  });
  return {
    port: ours,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** True if a Host header is this server's: a loopback name or address with the port, which may be left out for port 80 only. */
function namesLoopback(host: string | undefined, port: number): boolean {
  const [, name = '', given = '80'] = /^([^:]+)(?::(\d{1,5}))?$/u.exec((host ?? '').toLowerCase()) ?? [];
  return (name === '127.0.0.1' || name === 'localhost') && Number(given) === port;
}

type Answer = { status: number; text: string; type?: string };

function send(response: ServerResponse, { status, text, type = 'text/plain; charset=utf-8' }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
}

/** However many ask while an answer is being made, it is made once. */
function atOnce(make: () => Promise<Answer>): () => Promise<Answer> {
  let making: Promise<Answer> | null = null;
  return () => {
    making ??= make().finally(() => {
      making = null;
    });
    return making;
  };
}

function late(database: string): Promise<Answer> {
  const text = `FAIL  ${database}: has not answered for ${longest / 1000} s\n`;
  return new Promise((resolve) => {
    setTimeout(() => resolve({ status: 503, text }), longest).unref();
  });
}
