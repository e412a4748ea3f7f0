import type { Role } from '../../core/kinds.ts';
import type { Queue } from '../../core/ticket/ticket.ts';
import {
  type Member,
  type Reach,
  type Registered,
  whyNotCompany,
  whyNotStaff,
} from '../../setup/directory.ts';
import type { OwnCommand } from '../../setup/plan.ts';
import { email, name, readDomain } from '../terminal/arguments.ts';
import { printText } from '../terminal/print.ts';
import { type SetupOptions, readPerson } from './options.ts';
import { asOption, askUntil, type Prompt, type Understood } from './prompt.ts';

/** What is to be registered, and how to ask for it again where the database refuses it. */
export type Registration = { command: OwnCommand; again: ((prompt: Prompt) => Promise<OwnCommand[]>) | null };

const titles: Record<Role, string> = {
  administrator: 'First administrator',
  clerk: 'First clerk',
  technician: 'First technician',
};

/**
 * The first people of the desk and the first company, as the commands that register them. Whoever is there is not asked for. What
 * cannot be registered is asked for again; without a terminal `wrongPeople` has refused it.
 */
export async function askPeople(
  options: SetupOptions,
  registered: Registered,
  deskAddress: string,
  prompt: Prompt | null,
): Promise<Registration[]> {
  const all: Registration[] = [];
  const chosen = new Map<Role, string>();
  const whyNot = (address: string, role: Role): string | null =>
    whyNotStaff({ address, role }, registered, { others: members(chosen, role), desk: deskAddress });
  for (const role of staffRoles) {
    const given = options[role];
    const there = registered.staff.find((one) => one.role === role && !one.disabled);
    const again = async (terminal: Prompt): Promise<OwnCommand[]> => {
      chosen.delete(role);
      const asked = await askPerson(terminal, role, (address) => whyNot(address, role));
      if (asked === null) return [];
      chosen.set(role, asked.address);
      return [staffCommand(asked, role)];
    };
    if (given === 'none') continue;
    const why = given === undefined || prompt === null ? null : whyNot(given.address, role);
    if (why !== null) printText(`  ${why}`);
    if (given !== undefined && why === null) {
      chosen.set(role, given.address);
      all.push({ command: staffCommand(given, role), again });
    } else if (there !== undefined && given === undefined) {
      printText(`${titles[role]}: ${there.name} <${there.email}> is registered.`);
    } else if (prompt !== null) {
      all.push(...(await again(prompt)).map((command) => ({ command, again })));
    }
  }
  const staff = (): string[] => staffAddresses(registered, chosen);
  return [...all, ...(await askCompany(options, { registered, staff }, prompt))];
}

const staffRoles = ['administrator', 'technician', 'clerk'] as const;

/** Everybody who was chosen for another role than this one. */
const members = (chosen: ReadonlyMap<Role, string>, but: Role): Member[] =>
  Array.from(chosen, ([role, address]) => ({ role, address })).filter((one) => one.role !== but);

const staffAddresses = (registered: Registered, chosen: ReadonlyMap<Role, string>): string[] => [
  ...registered.staff.flatMap((one) => [one.email, ...one.aliases]),
  ...chosen.values(),
];

/** Why people or company of the options cannot be registered, an option each; nothing is asked for again there. */
export function wrongPeople(options: SetupOptions, registered: Registered, deskAddress: string): string[] {
  const wrong: string[] = [];
  const chosen = new Map<Role, string>();
  for (const role of staffRoles) {
    const given = options[role];
    if (given === undefined || given === 'none') continue;
    const why = whyNotStaff({ address: given.address, role }, registered, {
      others: members(chosen, role),
      desk: deskAddress,
    });
    if (why !== null) wrong.push(`--${role}: ${why}`);
    chosen.set(role, given.address);
  }
  if (options.company !== undefined) {
    const staff = staffAddresses(registered, chosen);
    const why = whyNotCompany(options.company, reachOf(options), { registered, staff });
    if (why !== null) wrong.push(`--company, --domain, --contact: ${why}`);
  }
  return wrong;
}

const reachOf = ({ domain, contact }: SetupOptions): Reach => ({
  domain: domain ?? null,
  contact: contact ?? null,
});

const staffCommand = ({ name: called, address }: Queue, role: Role): OwnCommand => [
  'staff',
  'add',
  address,
  '--name',
  called,
  '--role',
  role,
];

/** A person, by address and name or both at once; an empty line for none, but of an administrator. */
async function askPerson(
  prompt: Prompt,
  role: Role,
  whyNot: (address: string) => string | null,
): Promise<Queue | null> {
  const readBoth = asOption(readPerson);
  const readAddress = asOption(email);
  const read = (text: string): Understood<{ address: string; name: string | null } | null> => {
    if (text === '' && role !== 'administrator') return { ok: true, value: null };
    const found = text.includes('<') ? readBoth(text) : readAddress(text);
    if (!found.ok) return found;
    const one = typeof found.value === 'string' ? { address: found.value, name: null } : found.value;
    const why = whyNot(one.address);
    return why === null ? { ok: true, value: one } : { ok: false, why };
  };
  const skip = role === 'administrator' ? '' : ', empty: none';
  const found = await askUntil(prompt, `${titles[role]}, address${skip}`, read);
  if (found === null) return null;
  return {
    address: found.address,
    name: found.name ?? (await askUntil(prompt, '  Name, as colleagues know them', asOption(name))),
  };
}

/** What a company's domain or contact must not collide with; the staff as they are chosen by then. */
type Known = { registered: Registered; staff: () => string[] };

async function askCompany(
  options: SetupOptions,
  known: Known,
  prompt: Prompt | null,
): Promise<Registration[]> {
  const { company } = options;
  const { registered } = known;
  if (company !== undefined) {
    const reach = reachOf(options);
    const why = prompt === null ? null : whyNotCompany(company, reach, { registered, staff: known.staff() });
    if (prompt === null || why === null)
      return companyCommands(company, reach).map((command) => ({ command, again: null }));
    printText(`  ${why}`);
  } else if (registered.companies[0] !== undefined) {
    printText(`First company: ${registered.companies[0].name} is registered.`);
    return [];
  }
  if (prompt === null) return [];
  const again = (terminal: Prompt): Promise<OwnCommand[]> => askCompanyCommands(terminal, known);
  return (await again(prompt)).map((command, i) => ({ command, again: i === 0 ? again : null }));
}

/** A company, with whom of it the desk knows; none for an empty line. */
async function askCompanyCommands(terminal: Prompt, { registered, staff }: Known): Promise<OwnCommand[]> {
  const company = await terminal.line('First client company, empty: none', '');
  if (company === '') return [];
  const reach = await askUntil(terminal, '  Its mail domain, or the address of somebody there', (text) => {
    const read = readReach(text);
    if (!read.ok) return read;
    const why = whyNotCompany(company, read.value, { registered, staff: staff() });
    return why === null ? read : { ok: false, why };
  });
  return companyCommands(company, reach);
}

function readReach(text: string): Understood<Reach> {
  if (text === '') return { ok: true, value: { domain: null, contact: null } };
  if (/.@./u.test(text)) {
    const contact = asOption(email)(text);
    return contact.ok ? { ok: true, value: { domain: null, contact: contact.value } } : contact;
  }
  const domain = readDomain(text);
  return domain === null
    ? { ok: false, why: `Not understood: “${text}”. Expected a domain such as rossi.it, or an address.` }
    : { ok: true, value: { domain, contact: null } };
}

function companyCommands(company: string, { domain, contact }: Reach): OwnCommand[] {
  return [
    ['company', 'add', company, ...(domain === null ? [] : ['--domain', domain])],
    ...(contact === null ? [] : [['contact', 'add', contact, '--company', company]]),
  ];
}
