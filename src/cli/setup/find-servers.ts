import { emailDomain } from '../../core/address/address.ts';
import { isOwnServer, lookForServers, type Network } from '../../setup/discover.ts';
import { greet } from '../../setup/greeting.ts';
import { isLoopback } from '../../config/urls.ts';
import { type MailProvider, providerOfDomain, type ServerAddress } from '../../setup/providers.ts';
import { lineFrom } from '../terminal/output.ts';
import { printText } from '../terminal/print.ts';
import { imapServer, smtpServer } from './options.ts';
import { asOption, askUntil, askYes, type Prompt } from './prompt.ts';
import { done, endsUnreachable, endsWrong, type SetupAnswer } from './step.ts';

/** The servers of a mailbox, each of which has greeted with TLS in its own name. */
export type FoundServers = {
  imap: ServerAddress;
  smtp: ServerAddress;
  provider: MailProvider | null;
  user: 'address' | 'local_part';
};

type Kind = 'imap' | 'smtp';
type Given = Partial<Record<Kind, ServerAddress>>;

/**
 * Finds the servers of an address and tries each, a line each. A server that a person names counts; one that the network names
 * outside the mail domain and the known providers is asked about, and without a terminal not taken.
 */
export async function findServers(
  address: string,
  given: Given,
  network: Network,
  prompt: Prompt | null,
): Promise<SetupAnswer<FoundServers>> {
  const domain = emailDomain(address);
  const tried = new Map<string, boolean>();
  const outside: string[] = [];
  const isThere = async (server: ServerAddress, kind: Kind): Promise<boolean> => {
    const key = `${kind} ${nameOf(server)} ${server.tls}`;
    const known = tried.get(key);
    if (known !== undefined) return known;
    const greeted = await greet(server, kind);
    say(
      `  ${nameOf(server)}`,
      greeted.ok ? 'answers, with its own certificate' : greeted.why,
      isLoopback(server.host),
    );
    tried.set(key, greeted.ok);
    return greeted.ok;
  };
  const firstThere = async (servers: ServerAddress[], kind: Kind): Promise<ServerAddress | null> => {
    for (const server of servers) if (await isThere(server, kind)) return server;
    return null;
  };
  /** Whether the password may be said there: asked once a host. */
  const allowed = new Map<string, boolean>();
  const isAllowed = async ({ host }: ServerAddress): Promise<boolean> => {
    if (isOwnServer(host, domain)) return true;
    const before = allowed.get(host);
    if (before !== undefined) return before;
    outside.push(host);
    const may =
      prompt !== null &&
      (await askYes(
        prompt,
        `${host} is outside ${domain} and no provider that is known here. Log in there`,
        false,
      ));
    allowed.set(host, may);
    return may;
  };

  const fixed: Given = {};
  for (const kind of ['imap', 'smtp'] as const) {
    const server = given[kind];
    if (server === undefined) continue;
    if (await isThere(server, kind)) fixed[kind] = server;
    else if (prompt === null)
      return endsUnreachable(`${nameOf(server)} cannot be reached; the line above says why.`);
  }
  const provider = providerOfDomain(domain);
  if (fixed.imap !== undefined && fixed.smtp !== undefined)
    return done({ imap: fixed.imap, smtp: fixed.smtp, provider, user: 'address' });

  printText(`Looking for the mail servers of ${domain}`);
  for await (const { where, words, candidate } of lookForServers(domain, network)) {
    say(`  ${where}`, words);
    if (candidate === null) continue;
    const imap = fixed.imap ?? (await firstThere(candidate.imap, 'imap'));
    if (imap === null) continue;
    const smtp = fixed.smtp ?? (await firstThere(candidate.smtp, 'smtp'));
    if (smtp === null) continue;
    const named = [imap, smtp].filter((one) => one !== fixed.imap && one !== fixed.smtp);
    let mayBeTaken = true;
    for (const server of named) mayBeTaken &&= await isAllowed(server);
    if (mayBeTaken) return done({ imap, smtp, provider: candidate.provider, user: candidate.user });
  }

  if (prompt === null) {
    return endsWrong(
      outside.length > 0
        ? `Found ${outside.join(' and ')}, outside ${domain}: no password is said there unless --imap and --smtp name them.`
        : `No mail servers of ${domain} were found: give --imap HOST:PORT and --smtp HOST:PORT.`,
    );
  }
  printText('None was found that answers. The page where the mailbox was made says what they are called.');
  const asked = async (
    kind: Kind,
    label: string,
    parse: (text: string) => ServerAddress,
  ): Promise<ServerAddress> => {
    for (;;) {
      const server = fixed[kind] ?? (await askUntil(prompt, label, asOption(parse)));
      if (await isThere(server, kind)) return server;
      tried.clear();
    }
  };
  const imap = await asked('imap', 'IMAP server', imapServer);
  const smtp = await asked('smtp', 'SMTP server', smtpServer);
  return done({ imap, smtp, provider, user: 'address' });
}

/** `host:port`. */
const nameOf = ({ host, port }: ServerAddress): string => `${host}:${port}`;

/** A line of two columns. */
function say(what: string, words: string, plain = false): void {
  printText(
    lineFrom(`${what.padEnd(28)}  `, plain ? words.replace(', with its own certificate', '') : words),
  );
}
