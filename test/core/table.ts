import type { Step } from './steps.ts';

/** What a staff member orders in one mail. */
export type Order = Extract<Step, { does: 'staff_orders' }>['order'];
/** Who is told what (`template > name`, sorted), and which events a ticket gets. */
export type Happens = { told: string[]; events: string[] };
/** A ticket as the manual knows it. */
export type Known = {
  company: string;
  requester: string;
  isClosed: boolean;
  inCharge: string | null;
  closedAt: number;
  internal: string[];
};
/** An order that waits for its writer's word; `held`: it came from an address that is nobody's. */
export type Ordered = { who: string; ticket: number; order: Order; text: string; held: boolean };

export const technicians = ['ada', 'luigi', 'marco'];
export const everyone = ['ada', 'carla', 'luigi', 'marco'];
export const clerks = ['ada', 'carla'];
export const nothing: Happens = { told: [], events: [] };
/** The clients' addresses by first name. */
export const addresses: Record<string, string> = {
  anna: 'anna@rossi.it',
  piero: 'piero@rossi.it',
  bruno: 'bruno@bianchi.it',
};
/** A company goes by its domain here. */
export const companyOf = (email: string): string => email.slice(email.indexOf('@') + 1);
export const nameOf = (email: string): string => email.slice(0, email.indexOf('@'));
export const strangers = 'altrove.example';
export const technical = (who: string): boolean => technicians.includes(who);

/** The sentence after the order. */
export function sentenceOf(text: string): string {
  return text.replace(/^(?:chiudere|in lavorazione)\n/u, '').trim();
}

/** One mail of a template to each. */
export function tell(template: string, names: readonly string[], more: readonly string[] = []): string[] {
  return [...names.map((name) => `${template} > ${name}`), ...more].toSorted();
}

/** Several messages' consequences as one. */
export function together(all: readonly Happens[]): Happens {
  return { told: all.flatMap((h) => h.told).toSorted(), events: all.flatMap((h) => h.events) };
}
