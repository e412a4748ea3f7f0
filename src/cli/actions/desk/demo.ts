import { needs } from '../../../config/config.ts';
import { wrongConfiguration } from '../../terminal/with-configuration.ts';
import { succeeded, failed, type Outcome, wrongUse } from '../../terminal/outcome.ts';
import { stopRequested } from '../../terminal/stop.ts';
import { loadConfig } from '../../../config/load.ts';
import { errorField } from '../../../log/errors.ts';

/** `demo [--keep | --web [--port N]]` */
export async function demo(options: { keep?: true; web?: true; port?: number }): Promise<Outcome> {
  if (options.web === true) return playground(options.port ?? 0);
  if (options.port !== undefined) return wrongUse('--port is the port of the page: give it with --web.');
  const { runDemo } = await import('../../../demo/demo.ts');
  const settings = loadConfig(needs.demo);
  const wantsEnglish = settings.ok && settings.config.locale === 'en';
  const code = await runDemo({ keep: options.keep === true, wantsEnglish }, stopRequested());
  return code === 0 ? succeeded : failed(null);
}

/** `demo --web`: LOCALE says the language of the page and of the mails. */
async function playground(wanted: number): Promise<Outcome> {
  const loaded = loadConfig(needs.demo);
  if (!loaded.ok) return wrongConfiguration(loaded.problems);
  const { runPlayground } = await import('../../../demo/playground/run.ts');
  try {
    await runPlayground({ port: wanted, ...loaded.config }, stopRequested());
    return succeeded;
  } catch (error) {
    if (!isTaken(error)) throw error;
    return failed(`--port: ${wanted} cannot be listened on (${error.message}). Name another, or none.`);
  }
}

function isTaken(error: unknown): error is Error {
  return error instanceof Error && errorField(error, 'syscall') === 'listen';
}
