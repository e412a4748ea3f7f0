import type { Role } from '../core/kinds.ts';

/** Somebody with a mailbox. `role` is null for people who are not staff. */
export type Person = { name: string; email: string; password: string; role: Role | null };

const staff = (name: string, user: string, role: Role): Person => ({
  name,
  email: `${user}@kybernes.example`,
  password: `${user}-demo`,
  role,
});
const outsider = (name: string, user: string, domain: string): Person => ({
  name,
  email: `${user}@${domain}`,
  password: `${user}-demo`,
  role: null,
});

/** Everybody who appears in the demo. */
export const people = {
  anna: outsider('Anna Rossi', 'anna', 'rossi.example'),
  piero: outsider('Piero Galli', 'piero.galli', 'posta.example'),
  luigi: staff('Luigi Verdi', 'luigi', 'technician'),
  marco: staff('Marco Gialli', 'marco', 'technician'),
  sara: staff('Sara Neri', 'sara', 'clerk'),
  ada: staff('Ada Viola', 'ada', 'administrator'),
} as const satisfies Record<string, Person>;
export type Name = keyof typeof people;
export const names: Name[] = ['anna', 'piero', 'luigi', 'marco', 'sara', 'ada'];

export const company = { name: 'Rossi Costruzioni S.r.l.', domain: 'rossi.example' };
export const desk = { name: 'Assistenza KYBERNES', address: 'assistenza@kybernes.example' };
export const pda = { name: 'Assistenza PDA', address: 'pda@kybernes.example' };
export const deskPassword = 'desk-demo';
