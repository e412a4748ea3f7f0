/** The thread in which mails are read: `reader.ts` starts it, ends it where a bound is passed, and starts the next. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Attachment } from '../core/message.ts';
import { checkDkim } from './dkim.ts';
import { listKeys, resolverOf } from './known-keys.ts';
import type { ParseLimits } from './limits.ts';
import { parseMessage } from './parse.ts';
import type { Answer, Job } from './reading-jobs.ts';

const limits: ParseLimits = workerData;

/** Answers jobs one after the other, so that whoever waits knows by the answers which job is being done. */
function answerJobs(port: MessagePort): void {
  let last: Promise<void> = Promise.resolve();
  port.on('message', (job: Job) => {
    last = last.then(() => answer(port, job));
  });
  port.postMessage({ did: 'ready' } satisfies Answer);
}

async function answer(port: MessagePort, job: Job): Promise<void> {
  const done = await work(job).catch((error: unknown): Answer => ({ did: 'failed', error: asError(error) }));
  port.postMessage(done, done.did === 'read' ? moved(done.message.attachments) : []);
}

async function work(job: Job): Promise<Answer> {
  switch (job.do) {
    case 'read': {
      const message = await parseMessage(job.raw, { ...job.outside, limits });
      return { did: 'read', message: { ...message, attachments: message.attachments.map(withOwnBytes) } };
    }
    case 'list_keys':
      return { did: 'list_keys', names: await listKeys(job.raw) };
    case 'check_dkim':
      return { did: 'check_dkim', check: await checkDkim(job.raw, resolverOf(job.keys)) };
    default:
      throw new Error(`no such job: ${JSON.stringify(job satisfies never)}`);
  }
}

/** A view into the whole mail would take all of it along: what is not already a buffer of its own becomes one. */
function withOwnBytes(attachment: Attachment): Attachment {
  const { content } = attachment;
  return content.byteLength === content.buffer.byteLength
    ? attachment
    : { ...attachment, content: new Uint8Array(content) };
}

/** What is handed over and not copied. */
function moved(attachments: Attachment[]): ArrayBuffer[] {
  const buffers = attachments
    .map(({ content }) => content.buffer)
    .filter((one) => one instanceof ArrayBuffer);
  return [...new Set(buffers)];
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

if (parentPort === null) throw new Error('this is the reading thread of the desk, no program of its own');
answerJobs(parentPort);
