import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { mailboxUrls } from '../../../src/config/servers.ts';
import { failure, mails, reading, takeAll } from '../../harness/reading.ts';
import { dovecotAvailable } from '../../harness/servers.ts';
import type { MailboxSettings } from '../../../src/config/settings.ts';
import { portOf } from '../../../src/config/urls.ts';

const { cleanUp, open, startDovecot } = reading();

/** MAILBOX_URL as an admin writes it, its path percent-encoded. */
const settingsOf = (
  server: { user: string; password: string; port: number },
  path: string,
): MailboxSettings => {
  const { user, password, port } = server;
  const [settings] = mailboxUrls.parse(
    `imap://${encodeURIComponent(user)}:${password}@127.0.0.1:${port}/${path}`,
  );
  if (settings === undefined) throw new Error(`${path} is no folder of a MAILBOX_URL`);
  return settings;
};

/** The path of a URL, and the folder on the server as a mail program shows it. */
const folders = [
  ['Posta%20in%20arrivo', ['Posta in arrivo']],
  ['Assistenza%20perch%C3%A9', ['Assistenza perché']],
  ['Clienti%20%26%20C/%E6%94%AF%E6%8F%B4', ['Clienti & C', '支援']],
] as const;

describe.skipIf(!dovecotAvailable()).each([
  { separator: '/', prefix: '' },
  { separator: '.', prefix: '' },
  { separator: '.', prefix: 'INBOX.' },
])('with the separator "$separator" and the prefix "$prefix"', (options) => {
  test('MAILBOX_URL names folders with spaces, accents and slashes, whatever the server writes (RFC 3501 §5.1.3)', async () => {
    const server = await startDovecot(options);
    for (const [path, folder] of folders) {
      await server.asOther((client) => client.mailboxCreate([...folder]));
      await server.deliver(mails(2), options.prefix + folder.join(options.separator));
      expect(await takeAll(open(settingsOf(server, path)))).toEqual(mails(2));
    }
    expect(await server.contents(`${options.prefix}kTicket`)).toHaveLength(2 * folders.length);
  });

  test('a folder below INBOX is written with a slash', async () => {
    const server = await startDovecot(options);
    await server.asOther((client) => client.mailboxCreate(`INBOX${options.separator}Più`));
    await server.deliver(mails(1), `INBOX${options.separator}Più`);
    expect(await takeAll(open(settingsOf(server, 'INBOX/Pi%C3%B9')))).toEqual(mails(1));
  });
});

test.skipIf(!dovecotAvailable())(
  'where the folder is missing, those that are there are named as MAILBOX_URL writes them',
  async () => {
    const server = await startDovecot({ separator: '.', prefix: 'INBOX.' });
    await server.asOther((client) => client.mailboxCreate(['Posta in arrivo', 'Però']));
    const error = await failure(open(settingsOf(server, 'Posta%20in%20arivo')).waiting());
    expect(error.kind).toBe('protocol');
    expect(error.message).toMatch(/has no folder Posta%20in%20arivo for .*; it has .*INBOX/);
    expect(error.message).toContain('INBOX/Posta%20in%20arrivo/Per%C3%B2');
    expect(error.message).toContain('Write one of them behind the last / of MAILBOX_URL');
  },
);

/** Answers the commands of one login with OK, and says what it was asked to select, as it came. */
const startUtf8Server = async (): Promise<{ port: number; selected: Promise<string> }> => {
  const { promise: selected, resolve } = Promise.withResolvers<string>();
  const untagged: Record<string, string> = {
    ENABLE: '* ENABLED UTF8=ACCEPT\r\n',
    NAMESPACE: '* NAMESPACE (("" "/")) NIL NIL\r\n',
  };
  const server = createServer((socket) => {
    const capability = '[CAPABILITY IMAP4rev1 ENABLE UTF8=ACCEPT NAMESPACE AUTH=PLAIN SASL-IR]';
    socket.on('error', () => socket.destroy());
    socket.write(`* OK ${capability} ready\r\n`);
    socket.on('data', (chunk) => {
      for (const line of chunk.toString('utf8').split('\r\n').filter(Boolean)) {
        const [tag = '', command = ''] = line.split(' ');
        if (command === 'SELECT') resolve(line.slice(`${tag} ${command} `.length));
        const code = command === 'AUTHENTICATE' || command === 'LOGIN' ? `${capability} ` : '';
        const refused = command === 'SELECT' || command === 'STATUS';
        socket.write(`${untagged[command] ?? ''}${tag} ${refused ? 'NO' : 'OK'} ${code}done\r\n`);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.push(async () => void server.close());
  return { port: portOf(server.address()), selected };
};

test('a server that takes UTF-8 (RFC 6855) is given the name in UTF-8', async () => {
  const { port, selected } = await startUtf8Server();
  const settings = settingsOf({ user: 'desk', password: 'segreto', port }, 'Assistenza%20perch%C3%A9');
  await failure(open(settings).waiting());
  expect(await selected).toBe('"Assistenza perché"');
});
