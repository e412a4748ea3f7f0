import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Role } from '../../src/core/kinds.ts';

/** The desk of the benchmark: whose mails come, and who is told. */
export const desk = { name: 'Assistenza Kybernes', email: 'assistenza@kybernes.example' };
export const authservId = 'mail.kybernes.example';
/** How many staff a desk of the benchmark may have: two technicians, or two more. */
export const staffSizes = [2, 4] as const;
export type StaffSize = (typeof staffSizes)[number];
type Member = { email: string; name: string; role: Role };
const members: Member[] = [
  { email: 'bruno@kybernes.example', name: 'Bruno Verdi', role: 'technician' },
  { email: 'carla@kybernes.example', name: 'Carla Neri', role: 'technician' },
  { email: 'dina@kybernes.example', name: 'Dina Gallo', role: 'clerk' },
  { email: 'ezio@kybernes.example', name: 'Ezio Conti', role: 'administrator' },
];
export const staffOf = (size: StaffSize): Member[] => members.slice(0, size);
/** Each opening is confirmed to its client and told to all staff. */
export const mailsOut = (size: StaffSize): number => 1 + size;

export const companies = 40;
/** Enough that nobody writes more often than confirmations are given one by one (20 an hour). */
const mailsPerClient = 5;
const attachmentEvery = 20;
const attachmentBytes = 100 * 1024;

export const companyName = (company: number): string => `Ditta ${company} S.r.l.`;
export const companyDomain = (company: number): string => `ditta${company}.example`;

export type Client = { name: string; email: string; company: number };

/** The clients that so many mails come from, registered all of them, spread over 40 companies. */
export function clientsFor(mails: number): Client[] {
  return Array.from({ length: Math.ceil(mails / mailsPerClient) }, (_, i) => {
    const company = i % companies;
    const first = firstNames[i % firstNames.length] ?? '';
    const last = lastNames[Math.floor(i / firstNames.length) % lastNames.length] ?? '';
    return {
      name: `${first} ${last}`,
      email: `${first}.${last}.${i}@${companyDomain(company)}`.toLowerCase(),
      company,
    };
  });
}

/**
 * A client's request, in text and in Outlook's HTML, with signature and confidentiality notice, about 4 KB; every 20th has a
 * file of 100 KB. The same number always makes the same mail.
 */
export async function requestMail(number: number, clients: readonly Client[]): Promise<Buffer> {
  const client = clients[number % clients.length];
  if (client === undefined) throw new Error('there are no clients');
  const problem = problems[number % problems.length] ?? '';
  const subject = `${problem} (postazione ${number})`;
  const paragraphs = [
    'Buongiorno,',
    `vi scrivo perché da stamattina ${problem.toLowerCase()} sulla postazione ${number}. Abbiamo già provato a spegnere e riaccendere, e a staccare i cavi per qualche minuto, ma non è cambiato nulla.`,
    'Il problema si presenta ogni volta, anche con un altro utente collegato; sul computer accanto invece funziona tutto. È comparso un messaggio che purtroppo non abbiamo fatto in tempo a leggere.',
    `Qui in ufficio siamo in ${2 + (number % 7)} e dobbiamo consegnare dei documenti entro la giornata: potete darci un'occhiata appena possibile? Sono al telefono fino alle 17.`,
    'Grazie e buon lavoro',
  ];
  const signature = [
    client.name,
    companyName(client.company),
    'Via Garibaldi 12, 00100 Roma',
    `Tel. 06 555 ${1000 + client.company}`,
  ];
  return new MailComposer({
    messageId: `<richiesta-${number}@${companyDomain(client.company)}>`,
    date: new Date(Date.UTC(2025, 2, 4, 8, 0, number)),
    from: { name: client.name, address: client.email },
    to: { name: desk.name, address: desk.email },
    subject,
    headers: {
      'Authentication-Results': `${authservId}; dkim=pass header.d=${companyDomain(client.company)}; dmarc=pass header.from=${companyDomain(client.company)}`,
      'X-Mailer': 'Microsoft Outlook 16.0',
      'Thread-Index': `Adp${digest(number).toString('base64').slice(0, 24)}`,
    },
    text: [...paragraphs, '-- ', ...signature, '', notice].join('\n'),
    html: htmlOf(paragraphs, signature),
    attachments:
      number % attachmentEvery === 0
        ? [{ filename: `schermata ${number}.png`, contentType: 'image/png', content: fileOf(number) }]
        : [],
  })
    .compile()
    .build();
}

function htmlOf(paragraphs: string[], signature: string[]): string {
  const style = 'margin:0cm;font-size:11.0pt;font-family:"Calibri",sans-serif';
  const line = (text: string): string =>
    `<p class=MsoNormal style='${style}'>${text.replaceAll("'", '&#8217;')}<o:p></o:p></p>`;
  return `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>@font-face{font-family:Calibri}</style></head>
<body lang=IT link="#0563C1" vlink="#954F72"><div class=WordSection1>
${paragraphs.map(line).join('\n')}
<div>${signature.map(line).join('\n')}</div>
<p class=MsoNormal style='${style}'><span style='font-size:8.0pt;color:gray'>${notice}</span></p>
</div></body></html>`;
}

/** Bytes that do not compress, others for each mail, so that each file is kept on its own. */
function fileOf(number: number): Buffer {
  const blocks = Array.from({ length: attachmentBytes / 32 }, (_, i) => digest(number * 1_000_000 + i));
  return Buffer.concat(blocks);
}

const digest = (number: number): Buffer => createHash('sha256').update(String(number)).digest();

const problems = [
  'La stampante non stampa',
  'La posta non parte',
  'Il gestionale non si apre',
  'Lo schermo resta nero',
  'La rete è lentissima',
  'Non si accede alla cartella condivisa',
  'Il lettore di smart card non risponde',
];
const firstNames = ['Anna', 'Bruno', 'Carla', 'Dario', 'Elisa', 'Fabio', 'Gina', 'Ivo', 'Lara', 'Marco'];
const lastNames = ['Rossi', 'Russo', 'Ferrari', 'Esposito', 'Bianchi', 'Romano', 'Colombo', 'Ricci', 'Greco'];
const notice =
  'Le informazioni contenute in questo messaggio sono riservate e destinate esclusivamente al destinatario. Chi lo avesse ricevuto per errore è pregato di darne notizia al mittente e di cancellarlo.';

/** Settings of a desk on these servers. */
export function deskSettings(on: {
  databaseUrl: string;
  mailboxUrl: string;
  smtpPort: number;
}): Record<string, string> {
  return {
    DATABASE_URL: on.databaseUrl,
    MAILBOX_URL: on.mailboxUrl,
    SMTP_URL: `smtp://127.0.0.1:${on.smtpPort}`,
    DESK_ADDRESS: `${desk.name} <${desk.email}>`,
    TRUSTED_AUTHSERV_IDS: authservId,
  };
}
