import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { packageRoot } from '../../package-root.ts';
import { demoInvocation } from '../program.ts';
import type { Config } from '../../config/settings.ts';

/** Files of the page by the name they are asked for under; '' is the page itself. */
export type Assets = ReadonlyMap<string, { body: Uint8Array | string; type: string }>;

const folder = join(packageRoot, 'playground');

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads all of them once, so that no path that a request names ever reaches the disk. */
export function readAssets(locale: Config['locale']): Assets {
  const assets = new Map<string, { body: Uint8Array | string; type: string }>();
  for (const name of readdirSync(folder)) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const body = readFileSync(join(folder, name));
    if (name !== 'index.html') assets.set(name, { body, type });
    // its modules read there the language, and how to start it again
    else assets.set('', { body: page(body.toString('utf8'), locale), type });
  }
  return assets;
}

function page(html: string, locale: Config['locale']): string {
  return html
    .replace('lang="it"', `lang="${locale}"`)
    .replace(/data-start="[^"]*"/, `data-start="${demoInvocation} --web"`);
}
