import { isFreeMailDomain } from '../../core/address/public-mail-domains.ts';
import type { Role } from '../../core/kinds.ts';
import type { Queue } from '../../core/ticket/ticket.ts';
import type { OwnCommand } from '../../setup/plan.ts';
import { email, name, readDomain } from '../terminal/arguments.ts';
import { printText } from '../terminal/print.ts';
import { type SetupOptions, readPerson } from './options.ts';
import { asOption, askUntil, type Prompt, type Understood } from './prompt.ts';
import type { Registered } from './own-commands.ts';

/** What is to be registered, and how to ask for it again where the database refuses it. */
export type Registration = { command: OwnCommand; again: ((prompt: Prompt) => Promise<OwnCommand[]>) | null };

const titles: Record<Role, string> = {
  administrator: 'First administrator',
  clerk: 'First clerk',
  technician: 'First technician',
};

/** The first people of the desk and the first company, as the commands that register them. Whoever is there is not asked for. */
export async function askPeople(
  options: SetupOptions,
  registered: Registered,
  deskAddress: string,
  prompt: Prompt | null,
): Promise<Registration[]> {
  const all: Registration[] = [];
  for (const role of ['administrator', 'technician', 'clerk'] as const) {
    const given = options[role];
    const there = registered.staff.find((one) => one.role === role && !one.disabled);
    const again = async (terminal: Prompt): Promise<OwnCommand[]> => {
      const asked = await askPerson(terminal, role, deskAddress);
      return asked === null ? [] : [staffCommand(asked, role)];
    };
    if (given === 'none') continue;
    if (given !== undefined) {
      all.push({ command: staffCommand(given, role), again });
    } else if (there !== undefined) {
      printText(`${titles[role]}: ${there.name} <${there.email}> is registered.`);
    } else if (prompt !== null) {
      all.push(...(await again(prompt)).map((command) => ({ command, again })));
    }
  }
  return [...all, ...(await askCompany(options, registered, prompt))];
}

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
async function askPerson(prompt: Prompt, role: Role, deskAddress: string): Promise<Queue | null> {
  const readBoth = asOption(readPerson);
  const readAddress = asOption(email);
  const read = (text: string): Understood<{ address: string; name: string | null } | null> => {
    if (text === '' && role !== 'administrator') return { ok: true, value: null };
    const found = text.includes('<') ? readBoth(text) : readAddress(text);
    if (!found.ok) return found;
    const one = typeof found.value === 'string' ? { address: found.value, name: null } : found.value;
    return one.address === deskAddress
      ? { ok: false, why: `${deskAddress} is the desk itself. Expected the person’s own address.` }
      : { ok: true, value: one };
  };
  const skip = role === 'administrator' ? '' : ', empty: none';
  const found = await askUntil(prompt, `${titles[role]}, address${skip}`, read);
  if (found === null) return null;
  return {
    address: found.address,
    name: found.name ?? (await askUntil(prompt, '  Name, as colleagues know them', asOption(name))),
  };
}

async function askCompany(
  options: SetupOptions,
  registered: Registered,
  prompt: Prompt | null,
): Promise<Registration[]> {
  if (options.company !== undefined) {
    const { company, domain, contact } = options;
    return companyCommands(company, domain ?? null, contact ?? null).map((command) => ({
      command,
      again: null,
    }));
  }
  if (registered.companies.length > 0) {
    printText(`First company: ${registered.companies[0]} is registered.`);
    return [];
  }
  if (prompt === null) return [];
  return (await askCompanyCommands(prompt)).map((command, i) => ({
    command,
    again: i === 0 ? askCompanyCommands : null,
  }));
}

/** A company, with whom of it the desk knows; none for an empty line. */
async function askCompanyCommands(terminal: Prompt): Promise<OwnCommand[]> {
  const company = await terminal.line('First client company, empty: none', '');
  if (company === '') return [];
  const reach = await askUntil(terminal, '  Its mail domain, or the address of somebody there', readReach);
  return companyCommands(
    company,
    'domain' in reach ? reach.domain : null,
    'contact' in reach ? reach.contact : null,
  );
}

type Reach = { domain: string } | { contact: string };

function readReach(text: string): Understood<Reach> {
  if (/.@./u.test(text)) {
    const contact = asOption(email)(text);
    return contact.ok ? { ok: true, value: { contact: contact.value } } : contact;
  }
  const domain = readDomain(text);
  if (domain === null)
    return {
      ok: false,
      why: `Not understood: “${text}”. Expected a domain such as rossi.it, or an address.`,
    };
  return isFreeMailDomain(domain)
    ? {
        ok: false,
        why: `${domain} is shared by people of many companies. Expected the address of somebody there.`,
      }
    : { ok: true, value: { domain } };
}

function companyCommands(company: string, domain: string | null, contact: string | null): OwnCommand[] {
  return [
    ['company', 'add', company, ...(domain === null ? [] : ['--domain', domain])],
    ...(contact === null ? [] : [['contact', 'add', contact, '--company', company]]),
  ];
}
