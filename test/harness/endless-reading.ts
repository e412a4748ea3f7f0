/** Has an endless mail read, and prints the id of the process that reads it. */
import { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { readingFailure } from '../../src/core/words/quarantine.ts';
import { openReader } from '../../src/mail/sandbox/sandbox.ts';
import { endless, endlessLimits } from './endless-mail.ts';

const children: ChildProcess[] = [];
subscribe('child_process', (message) => {
  if (typeof message !== 'object' || message === null || !('process' in message)) return;
  if (message.process instanceof ChildProcess) children.push(message.process);
});

const outside = { deliveredTo: [], nullSender: false, truncated: false };
const reader = openReader({ limits: endlessLimits, seconds: 600, megabytes: 4_000 });
const short = await reader.read(Buffer.from('Subject: 1\r\n\r\n'), outside);
if (!short.ok) throw new Error(readingFailure(short.why, 'en'));
const reading = reader.read(endless, outside);
process.stdout.write(`${children[0]?.pid}\n`);
await reading;
