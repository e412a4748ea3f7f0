/** A `kill` or Ctrl-C that comes again within this time is the same one, heard from terminal and launcher both. */
const SAME_SIGNAL_MS = 1000;

/**
 * A signal that aborts when this process is asked to stop (SIGTERM, SIGINT, SIGHUP, or the launcher that started
 * it is gone). Asked a second time it ends at once with 128 + the signal's number, as shells expect.
 * @param reload what SIGHUP asks a service for; on a terminal, where it says that the terminal is gone, it still stops
 */
export function stopRequested(reload: (() => void) | null = null): AbortSignal {
  const controller = new AbortController();
  let askedAt: number | null = null;
  const ask = (number: number): void => {
    const now = performance.now();
    if (askedAt === null) {
      askedAt = now;
      controller.abort();
    } else if (now - askedAt > SAME_SIGNAL_MS) {
      process.exit(128 + number);
    }
  };
  process.on('SIGHUP', () => (reload === null || process.stdin.isTTY ? ask(1) : reload()));
  process.on('SIGINT', () => ask(2));
  process.on('SIGTERM', () => ask(15));
  if (process.channel !== undefined) {
    process.on('disconnect', () => ask(15));
    // the channel to the launcher alone keeps nothing running
    process.channel?.unref();
  }
  return controller.signal;
}
