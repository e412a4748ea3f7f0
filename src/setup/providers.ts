/**
 * Mail providers that Italian firms use, by the domains of their addresses and the names of their MX hosts. What is listed is
 * tried like anything else that is found, so that a server which has moved costs a line, not a wrong setting.
 */

/** A server's port, and how TLS begins there. `none`: on this machine only. */
export type ServerAddress = { host: string; port: number; tls: 'implicit' | 'starttls' | 'none' };

/** How one logs in: with the mailbox's password, one made for programs, or OAuth2 by the provider's consent page. */
type LoginKind = 'password' | 'app_password' | 'microsoft' | 'google';

export type MailProvider = {
  name: string;
  /** domains of its own addresses */
  domains: string[];
  /** ends of the names of its MX hosts */
  mx: string[];
  /** in the order in which they are tried */
  imap: ServerAddress[];
  smtp: ServerAddress[];
  login: LoginKind;
  /** whether `desk+token@…` arrives; null: not known, `check --send` finds out */
  plusAddresses: boolean | null;
  /** what its customers should know before they log in, in words; '' for nothing */
  note: string;
};

/** TLS from the first byte at 993. */
const imaps = (...hosts: string[]): ServerAddress[] =>
  hosts.map((host) => ({ host, port: 993, tls: 'implicit' }));
/** TLS from the first byte at 465. */
const smtps = (...hosts: string[]): ServerAddress[] =>
  hosts.map((host) => ({ host, port: 465, tls: 'implicit' }));
/** STARTTLS at 587. */
const submission = (...hosts: string[]): ServerAddress[] =>
  hosts.map((host) => ({ host, port: 587, tls: 'starttls' }));

const certified =
  'a certified mailbox (PEC): people without one may get no answer from it; take an ordinary mailbox for the desk';

export const mailProviders: readonly MailProvider[] = [
  {
    name: 'Aruba PEC',
    domains: ['pec.it', 'arubapec.it', 'pec.aruba.it', 'mypec.eu', 'gigapec.it'],
    mx: ['pec.aruba.it'],
    imap: imaps('imaps.pec.aruba.it'),
    smtp: smtps('smtps.pec.aruba.it'),
    login: 'password',
    plusAddresses: false,
    note: certified,
  },
  {
    name: 'Aruba',
    domains: ['aruba.it', 'technet.it'],
    mx: ['aruba.it', 'arubabusiness.it'],
    imap: imaps('imaps.aruba.it'),
    smtp: smtps('smtps.aruba.it'),
    login: 'password',
    plusAddresses: null,
    note: '',
  },
  {
    name: 'Register.it',
    domains: ['register.it'],
    mx: ['register.it', 'securemail.pro'],
    imap: imaps('imap.securemail.pro', 'imap.register.it'),
    smtp: [...smtps('authsmtp.securemail.pro', 'authsmtp.register.it')],
    login: 'password',
    plusAddresses: null,
    note: '',
  },
  {
    name: 'Libero',
    domains: ['libero.it', 'inwind.it', 'iol.it', 'blu.it', 'giallo.it'],
    mx: ['libero.it'],
    imap: imaps('imapmail.libero.it'),
    smtp: smtps('smtp.libero.it'),
    login: 'password',
    plusAddresses: null,
    note: 'access for mail programs may have to be switched on in the webmail first: Impostazioni, POP3/IMAP/SMTP',
  },
  {
    name: 'Virgilio',
    domains: ['virgilio.it', 'supereva.it'],
    mx: ['virgilio.it'],
    imap: imaps('in.virgilio.it', 'imapmail.virgilio.it'),
    smtp: smtps('out.virgilio.it', 'smtp.virgilio.it'),
    login: 'password',
    plusAddresses: null,
    note: 'access for mail programs may have to be switched on in the webmail first: Impostazioni, POP3/IMAP/SMTP',
  },
  {
    name: 'Tiscali',
    domains: ['tiscali.it', 'tiscalinet.it'],
    mx: ['tiscali.it'],
    imap: imaps('imap.tiscali.it'),
    smtp: [...smtps('smtp.tiscali.it'), ...submission('smtp.tiscali.it')],
    login: 'password',
    plusAddresses: null,
    note: '',
  },
  {
    name: 'TIM',
    domains: ['tim.it', 'alice.it', 'tin.it', 'telecomitalia.it'],
    mx: ['tim.it', 'alice.it', 'tin.it', 'aliceposta.it'],
    imap: imaps('imap.tim.it', 'in.alice.it'),
    smtp: [...smtps('smtp.tim.it', 'out.alice.it'), ...submission('smtp.tim.it', 'out.alice.it')],
    login: 'password',
    plusAddresses: null,
    note: '',
  },
  {
    name: 'Postecert',
    domains: ['postecert.it', 'postacertificata.gov.it', 'poste-cert.it', 'pec.poste.it'],
    mx: ['postecert.it'],
    imap: imaps('mail.postecert.it'),
    smtp: smtps('mail.postecert.it', 'relay.poste.it'),
    login: 'password',
    plusAddresses: false,
    note: certified,
  },
  {
    name: 'Poste Italiane',
    domains: ['poste.it'],
    mx: ['poste.it'],
    imap: imaps('imaps.poste.it', 'relay.poste.it'),
    smtp: smtps('relay.poste.it'),
    login: 'password',
    plusAddresses: null,
    note: '',
  },
  {
    name: 'Legalmail',
    domains: ['legalmail.it', 'cert.legalmail.it', 'open.legalmail.it', 'legalpec.it'],
    mx: ['legalmail.it'],
    imap: imaps('mbox.cert.legalmail.it'),
    smtp: smtps('sendm.cert.legalmail.it'),
    login: 'password',
    plusAddresses: false,
    note: `${certified}. The user is Legalmail’s user ID, such as M1234567, not the address`,
  },
  {
    name: 'OVHcloud',
    domains: [],
    mx: ['mail.ovh.net', 'ovh.net'],
    imap: imaps('ssl0.ovh.net', 'imap.mail.ovh.net'),
    smtp: smtps('ssl0.ovh.net', 'smtp.mail.ovh.net'),
    login: 'password',
    plusAddresses: null,
    note: '',
  },
  {
    name: 'IONOS',
    domains: [],
    mx: [
      'ionos.it',
      'ionos.com',
      'ionos.de',
      'ionos.es',
      'ionos.fr',
      'ionos.co.uk',
      'kundenserver.de',
      '1and1.com',
    ],
    imap: imaps('imap.ionos.it'),
    smtp: smtps('smtp.ionos.it'),
    login: 'password',
    plusAddresses: null,
    note: '',
  },
  {
    name: 'Google',
    domains: ['gmail.com', 'googlemail.com'],
    mx: ['google.com', 'googlemail.com', 'psmtp.com'],
    imap: imaps('imap.gmail.com'),
    smtp: smtps('smtp.gmail.com'),
    login: 'google',
    plusAddresses: true,
    note: 'Google takes no account password: make an app password (https://myaccount.google.com/apppasswords), or use OAuth2 (docs/gmail.md)',
  },
  {
    name: 'Microsoft 365',
    domains: ['outlook.com', 'outlook.it', 'hotmail.com', 'hotmail.it', 'live.com', 'live.it', 'msn.com'],
    mx: ['mail.protection.outlook.com', 'mx.microsoft', 'olc.protection.outlook.com'],
    imap: imaps('outlook.office365.com'),
    smtp: submission('smtp.office365.com'),
    login: 'microsoft',
    plusAddresses: true,
    note: 'Microsoft takes no password: an app is registered once, in the Entra admin center (docs/microsoft-365.md says what to click)',
  },
  {
    name: 'iCloud',
    domains: ['icloud.com', 'me.com', 'mac.com'],
    mx: ['mail.icloud.com'],
    imap: imaps('imap.mail.me.com'),
    smtp: submission('smtp.mail.me.com'),
    login: 'app_password',
    plusAddresses: true,
    note: 'Apple takes an app-specific password only: https://account.apple.com, Sign-In and Security',
  },
  {
    name: 'Yahoo',
    domains: ['yahoo.com', 'yahoo.it', 'ymail.com', 'rocketmail.com', 'aol.com'],
    mx: ['yahoodns.net'],
    imap: imaps('imap.mail.yahoo.com'),
    smtp: smtps('smtp.mail.yahoo.com'),
    login: 'app_password',
    plusAddresses: false,
    note: 'Yahoo takes an app password only: https://login.yahoo.com/account/security',
  },
];

/** The provider whose addresses end in this domain (lower-case), or null. */
export function providerOfDomain(domain: string): MailProvider | null {
  return mailProviders.find(({ domains }) => domains.includes(domain)) ?? null;
}

/** The provider to which an MX host belongs, or null. */
export function providerOfMx(host: string): MailProvider | null {
  return mailProviders.find(({ mx }) => mx.some((end) => isWithin(host, end))) ?? null;
}

/** Whether the table names this host. */
export function isListedServer(host: string): boolean {
  return mailProviders.some(({ imap, smtp }) => [...imap, ...smtp].some((one) => one.host === host));
}

/** Whether a host is the domain or below it; both in lower case. */
export function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}
