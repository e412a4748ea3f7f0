import { Resolver } from 'node:dns/promises';
import { connectionWords, isConnectionTrouble } from '../core/words/outages.ts';
import { codeOf, errorField, messageOf } from '../log/errors.ts';
import { mostAutoconfigBytes } from './autoconfig.ts';
import { hostName } from './server-name.ts';
import type { NetworkAnswer, Network } from './discover.ts';

/** Milliseconds for one question. */
const patience = 4_000;

/** The network that this machine is in. */
export function systemNetwork(): Network {
  const resolver = new Resolver({ timeout: patience, tries: 1 });
  return {
    mx: (domain) =>
      answered(async () => {
        const found = await resolver.resolveMx(domain);
        const ordered = found.toSorted((a, b) => a.priority - b.priority);
        return ordered.flatMap(({ exchange }) => hostName(exchange) ?? []);
      }),
    srv: (name) =>
      answered(async () => {
        const found = await resolver.resolveSrv(name);
        const ordered = found.toSorted((a, b) => a.priority - b.priority || b.weight - a.weight);
        return ordered.flatMap(({ name: target, port }) => {
          const host = hostName(target);
          return host === null ? [] : [{ host, port }];
        });
      }),
    https: (url) => answered(() => fetchText(url)),
  };
}

async function answered<T>(ask: () => Promise<T>): Promise<NetworkAnswer<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    return { ok: false, why: inWords(error) };
  }
}

/** A short text; what is longer is cut off, and then no XML any more. */
async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(patience) });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Error(`nothing there (${response.status})`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > mostAutoconfigBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** DNS answers by a code, `fetch` by one further in. */
function inWords(error: unknown): string {
  const inner = errorField(error, 'cause') ?? error;
  const code = codeOf(inner) ?? '';
  if (code === 'ENOTFOUND' || code === 'ENODATA') return 'there is none';
  if (code === 'ETIMEOUT' || (error instanceof Error && error.name === 'TimeoutError')) return 'no answer';
  if (isConnectionTrouble(code)) return connectionWords[code].en;
  return messageOf(inner);
}
