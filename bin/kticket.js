#!/usr/bin/env node
// Starts kTicket on Node 24, whatever Node npm happened to find: this file itself runs on any Node from 18 on,
// and hands over to the Node 24 that came with the package. Plain JavaScript, for that reason.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
// a clone runs its sources as they stand, so that an old build never answers for them; a package has only dist
const source = join(root, 'src', 'main.ts');
const main = existsSync(source) ? source : join(root, 'dist', 'main.js');
// stacks then name our sources; otherwise nobody reads the maps, and they would take time
const debugging = process.env.KTICKET_DEBUG === '1';

/** The Node 24 that npm installed beside this package, as one of its optional dependencies. */
function bundledNode() {
  const require = createRequire(import.meta.url);
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  try {
    const path = join(dirname(require.resolve(`${name}/package.json`)), 'bin', binary);
    return existsSync(path) ? path : null;
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

/** Runs the program on another Node as if it were this process: same streams, signals, exit code. */
function handOver(node) {
  // the fourth stream is a channel that closes when this process dies, by which the program learns of it
  const flags = debugging ? ['--enable-source-maps'] : [];
  const child = spawn(node, [...flags, main, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    console.error(`kticket: ${node} could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
      return;
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  if (debugging) process.setSourceMapsEnabled(true);
  await import(pathToFileURL(main).href);
} else {
  const node = bundledNode();
  if (node === null) {
    console.error(
      `kticket needs Node ${NEEDED} or later and was started by Node ${process.versions.node}.\n` +
        `The Node that comes with it is missing: it is an optional dependency, there for Linux (x64, arm64) and Windows (x64).\n` +
        'Either install kticket again without --omit=optional, or install Node 24 (https://nodejs.org) and start it with that.',
    );
    process.exitCode = 1;
  } else {
    handOver(node);
  }
}
