import type { QuarantineCommand } from '../command.ts';

/** `riprova`: a quarantined message is read again. */
export const retry: QuarantineCommand = {
  name: 'retry',
  phrases: { it: ['riprova', 'riprovare'], en: ['retry', 'try again'] },
  about: 'quarantine',
  opposites: ['discard'],
  roles: ['administrator'],
  label: { it: 'Riprova', en: 'Retry' },
  help: { it: 'rilegge un messaggio in quarantena', en: 'reads a quarantined message again' },
  act: ({ message }) => ({
    reason: `has message ${message} tried again`,
    does: 'retry',
    effect: { do: 'retry_message', message },
  }),
};
