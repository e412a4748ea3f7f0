/**
 * A mail server that takes everything and forgets it, but for what is counted: a process of its own, so that neither side
 * pays for it. It reads in blocks, looks for the end of a mail and its Message-ID, and at nothing else.
 */
import { createServer, type Socket } from 'node:net';
import { cpuSecondsOf } from './processes.ts';
import { expectation, type Taken } from './sink.ts';
import { portOf } from '../../src/config/urls.ts';

/** Milliseconds between two reports while mail comes. */
const reportEvery = 500;
/** Message-IDs stand in the first bytes of a mail. */
const headBytes = 4096;
const end = Buffer.from('\r\n.\r\n');
/** So many bytes of a block may begin an end that the next block completes. */
const overlap = end.length - 1;

const seen = new Set<string>();
let expected = Number.POSITIVE_INFINITY;
let bytes = 0;
let lastAt = 0;
let reported = 0;

const server = createServer({ noDelay: true }, serve);
server.listen(0, '127.0.0.1', () => process.send?.({ port: portOf(server.address()) }));
setInterval(() => {
  if (bytes !== reported) report();
}, reportEvery);
process.on('message', (said) => {
  seen.clear();
  bytes = 0;
  expected = expectation.parse(said).mails;
  report();
});
process.on('disconnect', () => process.exit());

function report(): void {
  reported = bytes;
  const cpuSeconds = cpuSecondsOf(process.pid) ?? 0;
  const taken: Taken = { mails: seen.size, bytes, lastAt, cpuSeconds, all: seen.size === expected };
  process.send?.(taken);
}

function serve(socket: Socket): void {
  let mail: { head: Buffer; tail: Buffer } | null = null;
  let line = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    let rest = chunk;
    while (rest.length > 0) {
      if (mail === null) {
        const at = rest.indexOf('\n');
        line += rest.toString('latin1', 0, at < 0 ? rest.length : at);
        if (at < 0) return;
        rest = rest.subarray(at + 1);
        const verb = line.slice(0, 4).toUpperCase();
        line = '';
        socket.write(answers[verb] ?? '250 ok\r\n');
        // the end is found where a mail has no bytes as well
        if (verb === 'DATA') mail = { head: Buffer.alloc(0), tail: Buffer.from('\r\n') };
        if (verb === 'QUIT') socket.end();
        continue;
      }
      const length = lengthToEnd(mail.tail, rest);
      const taken = rest.subarray(0, length ?? rest.length);
      bytes += taken.length;
      if (mail.head.length < headBytes) mail.head = Buffer.concat([mail.head, taken.subarray(0, headBytes)]);
      mail.tail = Buffer.concat([mail.tail, taken.subarray(-overlap)]).subarray(-overlap);
      rest = rest.subarray(taken.length);
      if (length === null) return;
      socket.write(took(mail.head));
      mail = null;
    }
  });
  socket.write('220 sink\r\n');
}

const answers: Record<string, string> = {
  EHLO: '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n',
  DATA: '354 go on\r\n',
  QUIT: '221 bye\r\n',
};

/** How many bytes of this block still belong to the mail, its end included; null where it does not end here. */
function lengthToEnd(before: Buffer, block: Buffer): number | null {
  const across = Buffer.concat([before, block.subarray(0, overlap)]).indexOf(end);
  if (across >= 0) return across - before.length + end.length;
  const within = block.indexOf(end);
  return within < 0 ? null : within + end.length;
}

/** Counts a mail. @returns the answer */
function took(head: Buffer): string {
  const id = /^message-id:\s*(<[^>]+>)/im.exec(head.toString('latin1'))?.[1];
  if (id === undefined) return '554 a mail without Message-ID\r\n';
  seen.add(id);
  lastAt = performance.timeOrigin + performance.now();
  if (seen.size === expected) setImmediate(report);
  return '250 taken\r\n';
}
