import { request } from 'node:http';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MailServer, startMailServer } from '../../src/demo/mail-server.ts';
import { openMail } from '../../src/demo/mail-program.ts';
import { type Name, names, people } from '../../src/demo/people.ts';
import { type Mailboxes, openMailboxes } from '../../src/demo/playground/mailboxes.ts';
import { type PlaygroundServer, servePlayground } from '../../src/demo/playground/server.ts';
import type { AsJson, Letter, MailHead, OpenedMail } from '../../src/demo/playground/state.ts';

let mail: MailServer;
let mailboxes: Mailboxes;
let server: PlaygroundServer;
/** rings with each change of what the mailboxes hold */
const changes = new EventTarget();

beforeAll(async () => {
  mail = await startMailServer();
  for (const name of names) await mail.addMailbox(people[name].email, people[name].password);
  const quoting = { locale: 'it', timeZone: 'Europe/Rome' } as const;
  mailboxes = await openMailboxes(
    mail,
    quoting,
    () => changes.dispatchEvent(new Event('change')),
    (error) => {
      throw error;
    },
  );
  server = await servePlayground(mailboxes, { port: 0, locale: 'en' });
});
afterAll(async () => {
  await server.close();
  await mailboxes.close();
  await mail.close();
});

/** The mail with this subject in somebody's inbox, once it is there. */
async function arrived(name: Name, subject: string): Promise<MailHead> {
  for (;;) {
    const change = new Promise((resolve) => {
      changes.addEventListener('change', resolve, { once: true });
    });
    const found = mailboxes
      .list()
      .find((one) => one.name === name)
      ?.mails.find((one) => one.folder === 'INBOX' && one.subject === subject);
    if (found !== undefined) return found;
    await change;
  }
}

async function sendAs(name: Name, message: object): Promise<void> {
  const transport = createTransport(mail.smtpUrl(people[name].email));
  await transport.sendMail({ from: people[name].email, ...message });
  transport.close();
}

const post = (path: string, body: string): Promise<Response> =>
  fetch(`${server.url}${path}`, { method: 'POST', body });

const letter = (change: Partial<Letter>): string =>
  JSON.stringify({
    to: people.anna.email,
    cc: '',
    subject: 'Prova',
    text: 'ciao',
    inReplyTo: null,
    references: [],
    files: [],
    ...change,
  });

/** The status of a request that names another host, as a browser does whose DNS was turned against it. */
function statusFor(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(server.url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

it('a Host that is not its own is refused, whatever token comes with it', async () => {
  const { port } = new URL(server.url);
  expect(await statusFor(`127.0.0.1:${port}`)).toBe(200);
  expect(await statusFor(`localhost:${port}`)).toBe(200);
  expect(await statusFor(`rebound.example:${port}`)).toBe(421);
  expect(await statusFor('127.0.0.1')).toBe(421);
});

it('without the token of this run nothing is served', async () => {
  const { origin, pathname } = new URL(server.url);
  expect(pathname).toMatch(/^\/[0-9a-f]{32}\/$/);
  const other = `/${pathname[1] === '0' ? '1' : '0'}${pathname.slice(2)}`;
  for (const path of ['/', '/app.js', '/events', '/mail/anna/INBOX/1', other, pathname.slice(0, -2)]) {
    expect({ path, status: (await fetch(origin + path)).status }).toEqual({ path, status: 404 });
  }
});

it('the page may load its own files and nothing else, in the language asked for', async () => {
  const page = await fetch(server.url);
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
  expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  const html = await page.text();
  expect(html).toContain('<html lang="en" data-start="npm run demo -- --web">');
  const named = Array.from(html.matchAll(/(?:src|href)="([^"]+)"/g), ([, name = '']) => name);
  expect(named).toContain('app.js');
  for (const path of named) {
    expect({ path, status: (await fetch(server.url + path)).status }).toEqual({ path, status: 200 });
  }
  for (const path of ['../package.json', '..%2fpackage.json', 'tsconfig.json', 'mail/nobody/INBOX/1']) {
    expect({ path, status: (await fetch(server.url + path)).status }).toEqual({ path, status: 404 });
  }
});

it('a mail’s HTML comes with a policy under which it runs and loads nothing; its files are only saved', async () => {
  await sendAs('piero', {
    to: people.anna.email,
    subject: 'Con pagina',
    text: 'testo',
    html: '<script>alert(1)</script><p>ciao</p>',
    attachments: [{ filename: 'pagina.html', content: '<script>alert(1)</script>' }],
  });
  const { uid } = await arrived('anna', 'Con pagina');
  const html = await fetch(`${server.url}mail/anna/INBOX/${uid}/html`);
  expect(html.headers.get('content-security-policy')).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; " +
      "frame-ancestors 'self'; sandbox allow-same-origin",
  );
  expect(await html.text()).toContain('<p>ciao</p>');
  const file = await fetch(`${server.url}mail/anna/INBOX/${uid}/file/0`);
  expect(file.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''pagina.html");
  expect(file.headers.get('content-type')).toBe('application/octet-stream');
  expect(file.headers.get('x-content-type-options')).toBe('nosniff');
});

it('a mail that is opened is marked as seen on the server, and one that is listed is not', async () => {
  await sendAs('anna', { to: people.sara.email, subject: 'Da leggere', text: 'x' });
  const { uid, seen } = await arrived('sara', 'Da leggere');
  expect(seen).toBe(false);
  await fetch(`${server.url}mail/sara/INBOX/${uid}`);
  const again = await openMailboxes(
    mail,
    { locale: 'it', timeZone: 'Europe/Rome' },
    () => {},
    () => {},
  );
  const sara = again.list().find(({ name }) => name === 'sara');
  await again.close();
  expect(sara?.mails.find((one) => one.uid === uid)?.seen).toBe(true);
});

it('a reply is what mail programs make: In-Reply-To, all References, the mail quoted below who wrote it when', async () => {
  await sendAs('anna', {
    to: people.luigi.email,
    cc: people.marco.email,
    subject: 'Vecchia storia',
    text: 'prima riga\n> già citata',
    date: new Date('2026-11-24T09:02:00Z'),
    messageId: '<due@rossi.example>',
    inReplyTo: '<uno@rossi.example>',
    references: '<zero@rossi.example> <uno@rossi.example>',
  });
  const { uid } = await arrived('luigi', 'Vecchia storia');
  const opened: AsJson<OpenedMail> = JSON.parse(
    await (await fetch(`${server.url}mail/luigi/INBOX/${uid}`)).text(),
  );
  expect(opened.replyAll?.cc).toBe(people.marco.email);
  const { status } = await post(
    'outbox/luigi',
    JSON.stringify({ ...opened.reply, text: `Sì${opened.reply.text}` }),
  );
  expect(status).toBe(200);
  await arrived('anna', 'Re: Vecchia storia');
  const raw = (await mail.folder(people.anna.email, 'INBOX')).at(-1) ?? Buffer.alloc(0);
  const [sent] = await mail.folder(people.luigi.email, 'Sent');
  expect(raw.toString('latin1').endsWith(sent?.toString('latin1') ?? 'no copy')).toBe(true);
  expect(raw.toString('latin1')).toMatch(/^In-Reply-To: <due@rossi\.example>\r$/m);
  const received = await openMail(raw);
  expect(received.references).toEqual(['<zero@rossi.example>', '<uno@rossi.example>', '<due@rossi.example>']);
  expect(received.text.trimEnd()).toBe(
    'Sì\n\nIl giorno mar 24 nov 2026 alle ore 10:02 <anna@rossi.example> ha scritto:\n\n> prima riga\n>> già citata',
  );
});

it('what the mail server refuses is said in its own words, and what is no letter is not sent', async () => {
  const refused = await post('outbox/anna', letter({ to: 'qualcuno@altrove.example' }));
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain('nothing leaves this machine');
  expect((await post('outbox/anna', 'no letter')).status).toBe(400);
  expect((await post('outbox/anna', letter({ to: ' ' }))).status).toBe(400);
  expect((await post('outbox/nobody', letter({}))).status).toBe(404);
  expect((await fetch(`${server.url}outbox/anna`)).status).toBe(405);
  expect((await post('outbox/anna', letter({ text: 'x'.repeat(36 * 1024 * 1024) }))).status).toBe(413);
  expect(await mail.folder(people.anna.email, 'Sent')).toEqual([]);
});
