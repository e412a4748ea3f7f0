import { CommanderError } from 'commander';
import { succeeded, failed, type Outcome, tryAgain } from './cli/terminal/outcome.ts';
import { buildProgram } from './cli/program.ts';
import { DatabaseUnavailable, isUnavailable, MigrationRefused, whyUnavailable } from './store/unavailable.ts';
import { visibleLines } from './log/visible.ts';
import { withoutTokens } from './core/address/reply-token.ts';
import { messageOf } from './log/errors.ts';

// a reader that has seen enough (`| head`) closes the pipe: that is no failure
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// what nobody awaited and nobody caught is a bug too: said in words, like any other
process.on('uncaughtException', (error) => {
  end(ofError(error));
  process.exit();
});

let outcome: Outcome = succeeded;
try {
  await buildProgram((ended) => {
    outcome = ended;
  }).parseAsync();
} catch (error) {
  outcome = ofError(error);
}
end(outcome);

/** Prints the final message and sets the exit code; the process ends once everything is closed. */
function end(ended: Outcome): void {
  if (ended.exit !== 0 && ended.words !== null) {
    process.stderr.write(`${visibleLines(withoutTokens(ended.words))}\n`);
  }
  process.exitCode = ended.exit;
}

/** The meaning of a thrown error for the caller: wrong use, an unavailable server, or a bug of ours. */
function ofError(error: unknown): Outcome {
  if (error instanceof CommanderError) {
    // its words are printed; help and version that were asked for are no error
    return error.exitCode === 0 ? succeeded : { exit: 2, words: null };
  }
  if (error instanceof DatabaseUnavailable) return tryAgain(error.message);
  if (error instanceof MigrationRefused) return failed(error.message);
  if (isUnavailable(error)) {
    return tryAgain(
      `The database went away: ${whyUnavailable(error)}. See that it runs (\`kticket check\` tries it), then try again.`,
    );
  }
  if (process.env.KTICKET_DEBUG === '1' && error instanceof Error && error.stack !== undefined) {
    return failed(`internal error: ${error.stack}`);
  }
  return failed(
    `internal error: ${messageOf(error)} (please report it; KTICKET_DEBUG=1 shows where it happened)`,
  );
}
