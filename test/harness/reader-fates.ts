/**
 * Loaded into a worker (`--import`), kills the processes that read its mails with -9. READER_FATES says when, one after
 * the other: as soon as it is `starting`, in the middle of `reading` a mail, or once it is `idle`.
 */
import { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';

const fates = (process.env['READER_FATES'] ?? '').split(' ');

function meets(child: ChildProcess, fate: string): void {
  /** jobs without an answer, the first, which gets it ready, included */
  let open = 0;
  let ready = false;
  const kill = (): void => {
    if (child.killed) return;
    child.kill('SIGKILL');
    process.stderr.write(`killed: ${fate}\n`);
  };
  let send: unknown = null;
  // it has none yet
  Object.defineProperty(child, 'send', {
    set: (given: unknown) => {
      send = given;
    },
    get:
      () =>
      (...given: unknown[]) => {
        if (typeof send !== 'function') throw new Error('it can be told nothing');
        const sent: unknown = Reflect.apply(send, child, given);
        open += 1;
        if (fate === 'starting' || (fate === 'reading' && ready)) kill();
        return sent;
      },
  });
  child.on('message', () => {
    open -= 1;
    if (fate === 'reading' && open > 0) kill();
    if (fate === 'idle' && ready && open === 0) kill();
    ready = true;
  });
}

subscribe('child_process', (message) => {
  if (typeof message !== 'object' || message === null || !('process' in message)) return;
  const fate = fates.shift();
  if (fate !== undefined && message.process instanceof ChildProcess) meets(message.process, fate);
});
