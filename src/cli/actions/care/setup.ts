import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { defaultDataDirectory, isRoot, systemFolder } from '../../../config/data-directory.ts';
import type { MailboxSettings, SmtpSettings } from '../../../config/settings.ts';
import type { Registered } from '../../../setup/directory.ts';
import { describeStep } from '../../../setup/plan.ts';
import { logIn } from '../../setup/account.ts';
import { applyPlan } from '../../setup/apply.ts';
import { planFor } from '../../setup/make-plan.ts';
import { readRegistered, runOwn } from '../../setup/own-commands.ts';
import { askPeople, wrongPeople } from '../../setup/people.ts';
import { systemNetwork } from '../../../setup/network.ts';
import { providerOfDomain, type ServerAddress } from '../../../setup/providers.ts';
import { emailDomain } from '../../../core/address/address.ts';
import { findServers } from '../../setup/find-servers.ts';
import { sayFinding, sayPart } from '../../setup/log-in.ts';
import { warn } from '../../check/finding.ts';
import { holdsDatabase } from '../../../store/embedded/place.ts';
import type { SetupOptions } from '../../setup/options.ts';
import { overruled, ownAuthorities, type Present, readPresent } from '../../setup/present.ts';
import { asOption, askUntil, askYes, openPrompt, type Prompt } from '../../setup/prompt.ts';
import { askService, findUser, type Service, unitFolder } from '../../setup/service.ts';
import { testOnItself } from '../../setup/self-test.ts';
import { email, name } from '../../terminal/arguments.ts';
import { failed, type Outcome, succeeded, wrongUse } from '../../terminal/outcome.ts';
import { printText } from '../../terminal/print.ts';

/** `setup`: from an address and a password to a desk that works. Until all is answered it writes nothing. */
export async function setup(options: SetupOptions): Promise<Outcome> {
  const hasTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const prompt = hasTerminal && options.yes !== true ? openPrompt() : null;
  try {
    return await converse(options, prompt);
  } finally {
    prompt?.close();
  }
}

async function converse(options: SetupOptions, prompt: Prompt | null): Promise<Outcome> {
  if (prompt !== null) {
    printText(
      'A desk needs a mailbox for itself: its address and password. What stands in [ ] is taken by Enter.',
    );
    printText('Nothing is written before the end, where all of it is shown. Ctrl-C ends without a trace.\n');
  }
  const service = await askService(options, prompt);
  if (!service.ok) return service.ended;
  const read = readPresent(folderFor(options, service.value));
  if (!read.ok) return failed(read.why);
  const { present } = read;
  const authorities = ownAuthorities(options, present);
  if (!authorities.ok) return wrongUse(authorities.why);
  const database = databaseFor(present, service.value);
  sayLeftBehind(present, database);
  const owner = service.value === null || service.value.isNew ? null : await findUser(service.value.user);
  const registered = await readRegistered(database, {
    folder: existing(present.folder),
    as: isRoot() ? owner : null,
  });
  if (prompt === null) {
    const missing = missingOptions(options, present, registered);
    if (missing.length > 0) return wrongUse(inBlock(missing));
    const wrong = wrongPeople(options, registered, options.address ?? present.desk?.address ?? '');
    if (wrong.length > 0) return wrongUse(wrong.join('\n'));
  }

  const address =
    options.address ?? (await askOr(prompt, 'Address of the desk', asOption(email), present.desk?.address));
  const called =
    options.name ??
    (await askOr(prompt, 'Its name, as clients read it', asOption(name), present.desk?.name ?? 'Assistenza'));
  const isSame = present.desk?.address === address;
  const found = await findServers(
    address,
    {
      ...(isSame ? { ...serverOf('imap', present.mailbox), ...serverOf('smtp', present.smtp) } : {}),
      ...(options.imap === undefined ? {} : { imap: options.imap }),
      ...(options.smtp === undefined ? {} : { smtp: options.smtp }),
    },
    systemNetwork(),
    prompt,
  );
  if (!found.ok) return found.ended;
  const account = await logIn({ address, name: called, servers: found.value, options, present, prompt });
  if (!account.ok) return account.ended;
  const isTested =
    options.send &&
    options.dryRun !== true &&
    (prompt === null ||
      (await askYes(prompt, 'Send a mail to itself, to see how the server treats mail', true)));
  const tested = isTested ? await testOnItself(present, account.value) : null;

  if (prompt !== null) sayPart('People');
  const people = await askPeople(options, registered, address, prompt);
  const changes = new Map([...account.value.changes, ...Object.entries(tested ?? {})]);
  if (authorities.path !== null) changes.set('TLS_CA_FILE', authorities.path);
  if (database.url === null) changes.set('KTICKET_DATA', database.dataDirectory);
  else changes.set('DATABASE_URL', database.url);
  const planned = planFor({ present, account: account.value, changes, people, service: service.value });
  if (!planned.ok) return failed(planned.why);
  const hidden = overruled(changes);
  if (hidden.length > 0) {
    return failed(
      `${hidden.join(', ')}: set in this environment, which wins over .env. Unset it there, then run setup again.`,
    );
  }

  if (planned.plan.length === 0) sayPart('Nothing changes.');
  else sayPart(options.dryRun === true ? 'It would' : 'It will');
  for (const { step } of planned.plan)
    printText(
      describeStep(step)
        .map((line) => `  ${line}`)
        .join('\n'),
    );
  if (options.dryRun === true) return succeeded;
  if (prompt !== null && planned.plan.length > 0 && !(await askYes(prompt, '\nDo that', true)))
    return failed('Given up; nothing was written.');
  const runner = service.value !== null && isRoot() ? service.value.user : null;
  const applied = await applyPlan(planned.plan, present.folder, runner, prompt);
  if (!applied.ok) return applied.ended;
  const checked = await runOwn(['check'], { folder: present.folder, as: applied.value.as });
  printText(`\n${checked.stdout.trimEnd()}${checked.stderr === '' ? '' : `\n${checked.stderr.trimEnd()}`}`);
  if (checked.code !== 0) return failed('\nThe settings are written, but something above fails.');
  sayNext(present.folder, service.value, address);
  return succeeded;
}

/** An answer from the terminal; without one `missingOptions` has made sure that there is a standard. */
async function askOr(
  prompt: Prompt | null,
  label: string,
  read: ReturnType<typeof asOption<string>>,
  standard: string | undefined,
): Promise<string> {
  return prompt === null ? (standard ?? '') : askUntil(prompt, label, read, standard ?? '');
}

const usualFolder = '/etc/kticket';

function folderFor(options: SetupOptions, service: Service | null): string {
  if (options.directory !== undefined) return resolve(options.directory);
  const here = process.cwd();
  return service !== null && isRoot() && !existsSync(join(here, '.env')) ? usualFolder : here;
}

/** Commands need a folder that is there: before it is made they read what every folder has, the environment. */
const existing = (folder: string): string => (existsSync(folder) ? folder : '/');

/** The database of the desk, by whomever and from wherever it is asked for. */
function databaseFor(
  present: Present,
  service: Service | null,
): { url: string | null; dataDirectory: string } {
  const hasUser = service !== null && isRoot() && service.user !== 'root';
  // settings written by hand that name no database have that of the user; a new desk must not join it
  const isKept = present.mailbox !== null && holdsDatabase(defaultDataDirectory());
  const beside = isKept ? defaultDataDirectory() : join(present.folder, 'data');
  const own = hasUser ? join(systemFolder, 'data') : beside;
  const given = present.value('KTICKET_DATA');
  return {
    url: present.value('DATABASE_URL'),
    dataDirectory: given === null ? own : resolve(present.folder, given),
  };
}

/** Says where a desk of this user is that began in their default folder: it may be the one that is meant. */
function sayLeftBehind(present: Present, database: { url: string | null; dataDirectory: string }): void {
  const before = defaultDataDirectory();
  if (database.url !== null || present.value('KTICKET_DATA') !== null) return;
  if (before === database.dataDirectory || !holdsDatabase(before) || holdsDatabase(database.dataDirectory))
    return;
  sayFinding(
    warn(
      'database',
      `a desk of this user is in ${before}, this one begins in ${database.dataDirectory}; if it is the same, set KTICKET_DATA=${before} in .env first, or take it along by \`kticket backup FILE\` and \`kticket restore FILE\``,
    ),
  );
}

function serverOf(
  kind: 'imap' | 'smtp',
  of: MailboxSettings | SmtpSettings | null,
): Partial<Record<'imap' | 'smtp', ServerAddress>> {
  if (of === null) return {};
  const { host, port, secure } = of;
  return { [kind]: { host, port, tls: secure ? 'implicit' : 'starttls' } };
}

/** What no terminal can be asked for, each with the option that says it. */
function missingOptions(options: SetupOptions, present: Present, registered: Registered): [string, string][] {
  const address = options.address ?? present.desk?.address;
  const isKept = present.mailbox !== null && present.desk?.address === address;
  const hasLogin = options.passwordFile !== undefined || options.oauthClientId !== undefined || isKept;
  const login = address === undefined ? undefined : providerOfDomain(emailDomain(address))?.login;
  const byApp = options.passwordFile === undefined && login === 'microsoft';
  const isGoogle = login === 'google';
  const hasAdministrator = registered.staff.some((one) => one.role === 'administrator' && !one.disabled);
  const all: [boolean, string, string][] = [
    [address === undefined, '--address assistenza@example.it', 'the address of the desk'],
    [
      options.name === undefined && present.desk === null,
      '--name "Assistenza Example"',
      'its name, as clients read it',
    ],
    [
      !hasLogin && !byApp,
      '--password-file FILE',
      isGoogle
        ? 'a file with an app password, or --oauth-client-id ID for OAuth2 (docs/gmail.md)'
        : 'a file with the password of the mailbox, - for standard input',
    ],
    [!hasLogin && byApp, '--oauth-client-id ID', 'the app that logs in (docs/microsoft-365.md)'],
    [
      byApp && options.oauthTenant === undefined && present.value('OAUTH_TENANT') === null,
      '--oauth-tenant ID',
      'its directory (tenant) id',
    ],
    [
      options.administrator === undefined && !hasAdministrator,
      '--administrator "Marco Neri <marco@example.it>"',
      'the first administrator',
    ],
    [
      options.company === undefined && (options.domain ?? options.contact) !== undefined,
      '--company "Rossi S.r.l."',
      'the company of --domain or --contact',
    ],
  ];
  return all.flatMap(([isMissing, option, what]): [string, string][] => (isMissing ? [[option, what]] : []));
}

function inBlock(missing: [string, string][]): string {
  const width = Math.max(...missing.map(([option]) => option.length));
  const lines = missing.map(([option, what]) => `  ${option.padEnd(width)}  ${what}`);
  return `Without a terminal nothing can be asked. Missing:\n${lines.join('\n')}`;
}

/** What puts a unit where systemd finds it; '' where it lies there. */
function installing({ unitPath }: Service, folder: string): string {
  const path = unitPath ?? join(folder, 'kticket.service');
  return dirname(path) === unitFolder ? '' : `sudo cp ${path} ${unitFolder}/kticket.service && `;
}

function sayNext(folder: string, service: Service | null, address: string): void {
  const prefix = service !== null && isRoot() && service.user !== 'root' ? `sudo -u ${service.user} ` : '';
  const lines =
    service === null
      ? [`Start it:        cd ${folder} && kticket run`]
      : service.canStart
        ? ['It runs:         systemctl status kticket']
        : [`Start it:        ${installing(service, folder)}sudo systemctl enable --now kticket`];
  printText(
    [
      '',
      ...lines,
      `Other commands:  cd ${folder} && ${prefix}kticket ticket list`,
      `Try it:          write to ${address} from a client's address`,
    ].join('\n'),
  );
}
