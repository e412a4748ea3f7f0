import type { QuarantineCommand } from '../command.ts';

/** `scarta`: a quarantined message ends. */
export const discard: QuarantineCommand = {
  name: 'discard',
  phrases: { it: ['scarta', 'scartare'], en: ['discard'] },
  about: 'quarantine',
  opposites: ['retry'],
  roles: ['administrator'],
  label: { it: 'Scarta', en: 'Discard' },
  help: { it: 'scarta un messaggio in quarantena', en: 'discards a quarantined message' },
  act: ({ staff, message }) => ({
    reason: `discarded message ${message}`,
    does: 'discard',
    effect: { do: 'discard_message', message, reason: `discarded by ${staff.email}` },
  }),
};
