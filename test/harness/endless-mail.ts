import { defaultLimits } from '../../src/config/limits.ts';
import { mail } from '../builders/mail.ts';

/** So much text that, within these limits, reading it takes far longer or far more memory than a test's bounds. */
export const endless = mail({ body: 'La stampante non stampa.\n'.repeat(1_000_000) });
export const endlessLimits = {
  ...defaultLimits,
  textBytes: 1_000_000_000,
  textLength: 1_000_000_000,
  textLines: 1_000_000_000,
};
