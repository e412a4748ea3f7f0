import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Header, part } from '../builders/mail.ts';
import { clientMail, clientMultipart, controls } from '../builders/bytes.ts';
import { bytesKept, wordsKept } from '../builders/outbox.ts';
import { startCliDesk } from '../cli/desk.ts';
import { kticket, onDatabase } from '../cli/kticket.ts';
import { openDesk, type PathDesk } from '../builders/desk.ts';
import { portOf } from '../../src/config/urls.ts';

let here: PathDesk;
beforeAll(async () => {
  here = await openDesk();
});
afterAll(() => here.drop());

/** A ticket, the mails it caused as rendered, and its files. */
async function taken(raw: Uint8Array) {
  const outcome = await here.send({ from: '', raw });
  expect(outcome.disposition).toBe('opened');
  const ticket = await here.ticket(outcome.ticket ?? 0);
  const rows = await here.db.selectFrom('outbox').selectAll().where('cause_id', '=', outcome.id).execute();
  const mails = await Promise.all(
    rows.map(async (row) => ({ ...row, ...(await wordsKept(here.db, row.id)) })),
  );
  expect(mails).toHaveLength(5);
  const files = await here.db
    .selectFrom('attachment')
    .select(['filename', 'content_type', 'size'])
    .where('ticket_id', '=', ticket.id)
    .orderBy('position')
    .execute();
  return { outcome, ticket, mails, files };
}

/** The bytes that go out because of a message. */
async function bytesBecauseOf(message: number): Promise<string[]> {
  const rows = await here.db.selectFrom('outbox').select('id').where('cause_id', '=', message).execute();
  return Promise.all(rows.map(async ({ id }) => (await bytesKept(here.db, id)).toString('latin1')));
}

const html = (body: string, headers: Header[] = []) =>
  clientMail({ headers: [['Content-Type', 'text/html; charset=utf-8'], ...headers], body });

describe('what looks like a template', () => {
  it.each(['{{7*7}}', '{{#each tickets}}x{{/each}}', '{{{html}}}', '${7*7}', '{{> partial}}'])(
    '69: %s in subject, text, name and file name is printed as it is',
    async (trick) => {
      const { mails, ticket, files } = await taken(
        clientMultipart(
          'mixed',
          [
            part('text/plain', `Ecco: ${trick}`),
            part('application/pdf', 'x', [['Content-Disposition', `attachment; filename="f ${trick}.pdf"`]]),
          ],
          [
            ['Subject', `Prova ${trick}`],
            ['From', `"N ${trick}" <n${Math.round(performance.now() * 1_000)}@rossi.it>`],
          ],
        ),
      );
      expect(ticket).toMatchObject({ subject: `Prova ${trick}`, description: `Ecco: ${trick}` });
      expect(ticket.requester_name).toBe(`N ${trick}`);
      expect(files).toHaveLength(1);
      for (const mail of mails) {
        expect(mail.subject).toContain(`Prova ${trick}`);
        expect(mail.text).toContain(`Ecco: ${trick}`);
      }
      const notices = mails.filter(({ template }) => template === 'opened-staff');
      expect(notices.every((mail) => mail.text.includes(`- ${files[0]?.filename} (`))).toBe(true);
    },
  );
});

/** Any characters at all as an encoded word (RFC 2047). */
const word = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;

describe('what would get into a header', () => {
  it('70: CR LF in a display name or subject makes no header of ours', async () => {
    const { outcome, mails, ticket } = await taken(
      clientMail({
        headers: [
          ['Subject', word('Aiuto\r\nBcc: ladro@casa.it')],
          ['From', `${word('Anna\r\nBcc: ladro@casa.it\r\n\r\n')} <crlf@rossi.it>`],
        ],
      }),
    );
    expect(ticket.subject).toBe('Aiuto Bcc: ladro@casa.it');
    for (const mail of mails)
      expect([mail.subject, mail.recipient_name, mail.from_name].join('')).not.toMatch(/\p{Cc}/u);
    const bytes = await bytesBecauseOf(outcome.id);
    expect(bytes).toHaveLength(5);
    for (const mime of bytes) expect(mime.split('\r\n\r\n')[0]).not.toMatch(/^Bcc/imu);
  });

  it('72: direction overrides in a subject or file name are gone', async () => {
    const { ticket, files, mails } = await taken(
      clientMultipart(
        'mixed',
        [
          part('text/plain', 'in allegato'),
          part('application/pdf', 'x', [
            ['Content-Disposition', `attachment; filename*=utf-8''fattura%E2%80%AEfdp.exe`],
          ]),
        ],
        [['Subject', 'Fattura \u202efdp.exe']],
      ),
    );
    expect(ticket.subject).toBe('Fattura fdp.exe');
    expect(files[0]?.filename).toBe('fatturafdp.exe');
    for (const mail of mails) expect(mail.subject + mail.text + mail.html).not.toContain('\u202e');
  });
});

describe('files', () => {
  it('71: paths, drives, devices and empty names are shown cleaned', async () => {
    const names = ['../../etc/passwd', 'C:\\Windows\\cmd.exe', 'CON.txt', '', '   ', '..', 'a/b\\c.pdf'];
    const { files } = await taken(
      clientMultipart('mixed', [
        part('text/plain', 'in allegato'),
        ...names.map((name) =>
          part('application/pdf', 'x', [
            ['Content-Disposition', `attachment; filename="${name.replaceAll('\\', '\\\\')}"`],
          ]),
        ),
      ]),
    );
    expect(files.map(({ filename }) => filename)).toEqual([
      'passwd',
      'cmd.exe',
      '_CON.txt',
      'documento.pdf',
      'documento.pdf',
      'documento.pdf',
      'c.pdf',
    ]);
  });

  it('75: an executable or HTML file is kept, and passed on only as an opaque download', async () => {
    const { outcome, files } = await taken(
      clientMultipart('mixed', [
        part('text/plain', 'in allegato'),
        part('text/html; name=a.html', '<script>1</script>', [['Content-Disposition', 'attachment']]),
        part('application/x-msdownload; name=b.exe', 'MZ', [['Content-Disposition', 'attachment']]),
        part('image/svg+xml; name=c.svg', '<svg onload="x()"/>', [['Content-Disposition', 'attachment']]),
      ]),
    );
    expect(files.map(({ filename }) => filename)).toEqual(['a.html', 'b.exe', 'c.svg']);
    // the client's confirmation only names them
    const withFiles = (await bytesBecauseOf(outcome.id)).filter((mime) => /name="?b\.exe/u.test(mime));
    expect(withFiles.length).toBeGreaterThan(0);
    for (const mime of withFiles) {
      expect(mime.match(/^Content-Type: application\/octet-stream/gmu)).toHaveLength(3);
      expect(mime.match(/^Content-Disposition: attachment/gmu)).toHaveLength(3);
    }
  });
});

describe('HTML', () => {
  it('73: scripts, handlers, dangerous URLs and SVG are gone before staff see it', async () => {
    const { mails, ticket } = await taken(
      html(
        '<style>body{background:url(https://evil.example/x)}</style><script>alert(1)</script><svg><script>alert(2)</script></svg>' +
          '<p onclick="alert(3)">La rete è ferma</p><a href="javascript:alert(4)">qui</a><a href="data:text/html,x">lì</a>' +
          '<a href="file:///etc/passwd">là</a><p style="background:url(https://evil.example/y)">fine</p><iframe src="https://evil.example"></iframe>',
      ),
    );
    expect(ticket.description).toContain('La rete è ferma');
    expect(ticket.description).not.toMatch(/alert|background/u);
    for (const mail of mails) {
      expect(mail.html).not.toMatch(/<script|<svg|<iframe|onclick=|evil\.example/iu);
      expect(mail.html).not.toMatch(/(?:href|src)="(?:javascript|data|file):/iu);
      expect(mail.html).not.toContain('alert(');
    }
  });

  it('73: markup written as text stays text', async () => {
    const { mails } = await taken(
      clientMail({ headers: [['Subject', '<script>x()</script>']], body: '<img src=x onerror=y()>' }),
    );
    for (const mail of mails) {
      expect(mail.html).not.toMatch(/<script|<img src=x/iu);
      expect(mail.text).toContain('<img src=x onerror=y()>');
    }
  });

  it('74: a remote image is neither fetched nor passed on as remote', async () => {
    let fetched = 0;
    const pixels = createServer((_, response) => {
      fetched += 1;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(pixels, 'listening');
    const remote = `127.0.0.1:${portOf(pixels.address())}/1.gif`;
    const { mails, outcome } = await taken(
      html(`<p>Vedi</p><img src="http://${remote}" alt="pixel"><p background="http://${remote}">qui</p>`),
    );
    for (const mail of mails) expect(mail.html + mail.text).not.toContain(remote);
    for (const mime of await bytesBecauseOf(outcome.id)) expect(mime).not.toContain('1.gif');
    pixels.close();
    await once(pixels, 'close');
    expect(fetched).toBe(0);
  });
});

describe('special mails', () => {
  it('76: a calendar invitation is taken, and nothing is accepted', async () => {
    const invitation =
      'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Sopralluogo\r\nEND:VEVENT\r\nEND:VCALENDAR';
    const { outcome, files } = await taken(
      clientMultipart('alternative', [
        part('text/plain', 'Sopralluogo lunedì'),
        part('text/calendar; method=REQUEST', invitation),
      ]),
    );
    expect(files).toMatchObject([{ content_type: 'text/calendar' }]);
    for (const mime of await bytesBecauseOf(outcome.id)) expect(mime).not.toContain('METHOD:REPLY');
  });

  it('77: a signed mail is taken', async () => {
    const { ticket } = await taken(
      clientMultipart('signed', [
        part('text/plain', 'Non stampa.'),
        part('application/pkcs7-signature; name=smime.p7s', 'MIIB', [
          ['Content-Transfer-Encoding', 'base64'],
        ]),
      ]),
    );
    expect(ticket.description).toBe('Non stampa.');
  });

  it('78: an encrypted mail is taken with a placeholder', async () => {
    const { ticket, files } = await taken(
      clientMail({
        headers: [
          ['Content-Type', 'application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m'],
          ['Content-Transfer-Encoding', 'base64'],
        ],
        body: 'MIIB',
      }),
    );
    expect(files).toMatchObject([{ filename: 'smime.p7m' }]);
    expect(ticket.description).toBe('(messaggio cifrato: il testo non può essere letto)');
  });
});

describe('what an administrator reads', () => {
  it('79: a formula in subject, name and text is data; what the command line writes is no file of cells', async () => {
    const formula = "=cmd|' /C calc'!A0";
    const { ticket, outcome } = await taken(
      clientMail({
        headers: [
          ['Subject', formula],
          ['From', `"@SUM(1;2)" <formula@rossi.it>`],
        ],
        body: `${formula}\r\n+1+2\tx`,
      }),
    );
    expect(ticket).toMatchObject({ subject: formula, requester_name: '@SUM(1;2)' });
    const cli = onDatabase(here.url);
    const id = String(outcome.id);
    const number = String(ticket.number);
    const [tickets, contacts, messages] = await Promise.all([
      cli.json('ticket', 'list'),
      cli.json('contact', 'list'),
      cli.json('message', 'list'),
    ]);
    expect(tickets).toContainEqual(expect.objectContaining({ subject: formula }));
    expect(contacts).toContainEqual(expect.objectContaining({ name: '@SUM(1;2)' }));
    expect(messages).toContainEqual(expect.objectContaining({ subject: formula }));
    const words = await Promise.all(
      [
        ['ticket', 'list'],
        ['contact', 'list'],
        ['message', 'list'],
        ['outbox', 'list'],
        ['message', 'show', id],
        ['ticket', 'show', number],
        ['log'],
      ].map((args) => cli.done(...args)),
    );
    // pasted into a spreadsheet: a line is a row, a tab ends a cell
    const cells = words.flatMap((said) => said.split(/[\n\t]/u));
    expect(cells.filter((cell) => /^[=+@-]/u.test(cell))).toEqual([]);
  });

  it('80: escape sequences are shown as text by the command line and the log', async () => {
    const desk = await startCliDesk();
    onTestFinished(() => desk.stop());
    const escape = '\u001b]0;titolo\u0007\u001b[2J\u009b31m';
    const input = clientMail({
      from: `${word(`Anna ${escape}`)} <anna@rossi.example>`,
      headers: [
        ['Subject', word(`Ferma ${escape}`)],
        ['Message-ID', `<${escape}x@rossi.example>`],
      ],
      body: `ciao ${escape} mondo`,
    });
    await kticket(['receive', '-'], { env: desk.env, input: input.toString() });
    const ran = await kticket(['run', '--once'], { env: { ...desk.env, LOG_LEVEL: 'trace' } });
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).toContain('x@rossi.example');
    const said = [ran.stdout + ran.stderr];
    for (const args of [
      ['ticket', 'list'],
      ['ticket', 'show', '1001'],
      ['ticket', 'show', '1001', '--json'],
      ['message', 'list'],
      ['message', 'show', '1'],
      ['message', 'show', '1', '--json'],
      ['contact', 'list'],
      ['outbox', 'list'],
      ['outbox', 'show', '1'],
      ['log'],
    ])
      said.push(await desk.cli.done(...args));
    expect(said.filter((one) => controls.test(one))).toEqual([]);
    expect(said[2]).toContain('\\x1b[2J');
    const mails = desk.smtp.received.map(({ bytes }) => bytes.toString('latin1').split('\r\n\r\n')[0] ?? '');
    expect(mails).toHaveLength(3);
    for (const headers of mails) expect(headers).not.toMatch(/[^\P{Cc}\r\n\t]/u);
  });
});
