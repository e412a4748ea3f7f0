import { Socket } from 'node:net';

type Written = (error?: Error | null) => void;

/**
 * A connection to PostgreSQL on which whatever is written before the event loop goes on leaves together: pipelined
 * queries, and `begin` with the first of them, cost one system call instead of one each. Over TLS it is an ordinary socket.
 */
export class BatchedSocket extends Socket {
  #gathers = false;

  override write(
    chunk: Uint8Array | string,
    encoding?: BufferEncoding | Written,
    written?: Written,
  ): boolean {
    if (!this.#gathers) {
      this.#gathers = true;
      this.cork();
      // after all promises that are ready by now have gone on, and may have written as well
      process.nextTick(() => {
        this.#gathers = false;
        this.uncork();
      });
    }
    return typeof encoding === 'function'
      ? super.write(chunk, encoding)
      : super.write(chunk, encoding, written);
  }
}
