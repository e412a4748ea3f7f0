import type { TemplateName } from '../../core/ticket/template-views.ts';

/** Every template, in the order of the outside contract. */
export const templateNames = [
  'opened-client',
  'closed-client',
  'opened-staff',
  'in-progress-staff',
  'internal-note-staff',
  'closed-staff',
  'follow-up-staff',
  'reopened-staff',
  'held-staff',
  'confirm-staff',
  'receipt-staff',
  'help-staff',
  'delivery-failed-staff',
  'declined-stranger',
  'quarantine-administrator',
  'alert-administrator',
] as const satisfies readonly TemplateName[];
