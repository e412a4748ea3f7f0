import { describe, expect, test } from 'vitest';
import { quarantineReason } from '../../../src/core/words/quarantine.ts';
import { parseMessage } from '../../../src/mail/parse/parse.ts';
import { defectOf, mail, multipart, multipartMail, part } from '../../builders/mail.ts';

/** Seconds that the worst of these mails may take; the bound on a hang, far above what they need. */
const patience = { timeout: 10_000 };

describe('1: NUL reaches no string', () => {
  test('raw and inside encoded words, in subject, name, text and file name', async () => {
    const attached = part('application/pdf; name="a\0b.pdf"', 'x', [
      ['Content-Disposition', 'attachment; filename="=?utf-8?Q?fat=00tura.pdf?="'],
    ]);
    const message = await parseMessage(
      multipartMail(
        'mixed',
        [part('text/plain', 'uno\0due'), attached],
        [
          ['Subject', 'La\0 =?utf-8?Q?stam=00pante?='],
          ['From', '=?utf-8?B?QW5uYQBSb3NzaQ==?= <anna@acme.it>'],
        ],
      ),
    );
    expect(
      JSON.stringify({ ...message, attachments: message.attachments.map(({ filename }) => filename) }),
    ).not.toContain('\\u0000');
    expect(message.subject).toBe('La stampante');
    expect(message.from).toMatchObject({ address: { name: 'AnnaRossi' } });
    expect(message.fullText).toContain('unodue');
    expect(message.attachments[0]?.filename).toBe('fattura.pdf');
  });
});

describe('2–5: what is too much becomes a defect, with its sender and subject', () => {
  test('2: a subject of 10 MB', patience, async () => {
    const message = await parseMessage(mail({ headers: [['Subject', `Aiuto ${'x'.repeat(10_000_000)}`]] }));
    expect(defectOf(message)).toMatch(/header/u);
    expect(message.kind).toBe('unreadable');
    expect(message.subject).toMatch(/^Aiuto x+$/u);
    expect(message.subject.length).toBeLessThanOrEqual(1_000);
    expect(message.from).toMatchObject({ ok: true, address: { email: 'anna.rossi@acme.it' } });
    expect(message.messageId).toBe('<prova-1@acme.it>');
  });

  test('2: a header block of 5 MB', patience, async () => {
    const filler = Array.from({ length: 5_000 }, (_, n) => [`X-Filler-${n}`, 'x'.repeat(1_000)] as const);
    const message = await parseMessage(mail({ headers: filler }));
    expect(defectOf(message)).toMatch(/header block of \d+ bytes/u);
    expect(message.subject).toBe('La stampante non stampa');
  });

  test('2: a million header fields', patience, async () => {
    const message = await parseMessage(Buffer.concat([Buffer.from('a:\n'.repeat(1_000_000)), mail()]));
    expect(defectOf(message)).toMatch(/header fields/u);
  });

  test('3: MIME 5,000 levels deep', patience, async () => {
    const levels = Array.from(
      { length: 5_000 },
      (_, n) => `Content-Type: multipart/mixed; boundary="b${n}"\r\n\r\n--b${n}\r\n`,
    );
    const raw = Buffer.from(`From: anna@acme.it\r\nSubject: profondo\r\n${levels.join('')}\r\nciao\r\n`);
    const message = await parseMessage(raw);
    expect(defectOf(message)).toMatch(/deep/u);
    expect(message).toMatchObject({ subject: 'profondo', attachments: [], fullText: '' });
  });

  test('4: 100,000 sibling parts', patience, async () => {
    const message = await parseMessage(
      multipartMail(
        'mixed',
        Array.from({ length: 100_000 }, () => part('text/plain', 'x')),
      ),
    );
    expect(defectOf(message)).toMatch(/parts/u);
  });

  test('50 levels and 500 parts are nothing special', patience, async () => {
    const levels = Array.from(
      { length: 50 },
      (_, n) => `Content-Type: multipart/mixed; boundary="b${n}"\r\n\r\n--b${n}\r\n`,
    );
    const deep = await parseMessage(Buffer.from(`From: anna@acme.it\r\n${levels.join('')}\r\nciao\r\n`));
    expect(deep).toMatchObject({ defect: null, fullText: 'ciao\n' });
    const wide = await parseMessage(
      multipartMail(
        'mixed',
        Array.from({ length: 500 }, () => part('application/pdf', 'x')),
      ),
    );
    expect(wide.defect).toBeNull();
    expect(wide.attachments).toHaveLength(500);
  });

  test('5: a message within itself is read to depth 3', patience, async () => {
    let inner = 'From: anna@acme.it\r\nSubject: fondo\r\n\r\nil testo in fondo';
    for (let level = 0; level < 200; level += 1)
      inner = `From: u${level}@acme.it\r\nSubject: l${level}\r\nContent-Type: message/rfc822\r\n\r\n${inner}`;
    const message = await parseMessage(Buffer.from(inner));
    expect(message.defect).toBeNull();
    expect(message.attachments.map(({ filename }) => filename)).toEqual(['l198.eml']);
    expect(message.fullText).not.toContain('fondo');
  });

  test('a forward by attachment inside another is still read', async () => {
    const inner = 'From: anna@acme.it\r\nSubject: fondo\r\n\r\nil testo in fondo';
    const middle = `From: b@acme.it\r\nSubject: mezzo\r\nContent-Type: message/rfc822\r\n\r\n${inner}`;
    const message = await parseMessage(multipartMail('mixed', [part('message/rfc822', middle)]));
    expect(message.reply.forwarded).toMatchObject({ subject: 'mezzo', text: 'il testo in fondo' });
    expect(message.fullText).toBe('il testo in fondo');
  });
});

const attachment = (body: string) =>
  multipartMail('mixed', [
    part('text/plain', 'in allegato'),
    part('application/pdf; name=a.pdf', body, [['Content-Transfer-Encoding', 'base64']]),
  ]);

describe('6–10: broken encodings are read as far as they go', () => {
  test('6: truncated base64, with a warning', async () => {
    const message = await parseMessage(attachment('JVBERi0xLjQKJcOkw7zDts'));
    expect(message.defect).toBeNull();
    expect(message.attachments[0]?.size).toBe(16);
    expect(message.warnings).toEqual([{ kind: 'encoding', attachment: 'a.pdf', problem: 'base64_cut' }]);
  });

  test('6: a message that ends inside an attachment', async () => {
    const whole = attachment('JVBERi0xLjQK'.repeat(50));
    const message = await parseMessage(whole.subarray(0, whole.length - 200));
    expect(message.attachments).toHaveLength(1);
    expect(message.warnings).toContainEqual({ kind: 'unclosed' });
  });

  test('base64 in several padded segments, and what is only labelled so', async () => {
    const padded = await parseMessage(attachment('YQ==\r\nYg==\r\n'));
    expect(Buffer.from(padded.attachments[0]?.content ?? []).toString()).toBe('ab');
    const mislabelled = await parseMessage(
      mail({
        headers: [['Content-Transfer-Encoding', 'base64']],
        body: 'Buongiorno, non stampa! E adesso?\r\n',
      }),
    );
    expect(mislabelled.fullText).toContain('non stampa!');
  });

  test.each([
    ['7: an unknown charset', 'x-inventato', Buffer.from('perch\xe9', 'latin1'), 'perch\ufffd'],
    ['8: UTF-7 is ASCII', 'utf-7', Buffer.from('+ADw-b+AD4-'), '+ADw-b+AD4-'],
    ['19: undeclared Latin-1', '', Buffer.from('perch\xe9 l\x92altro', 'latin1'), 'perché l’altro'],
    ['undeclared UTF-8', '', Buffer.from('perché'), 'perché'],
    ['ASCII that is not', 'us-ascii', Buffer.from('perch\xe9', 'latin1'), 'perché'],
    [
      'Latin-1 that is windows-1252',
      'iso-8859-1',
      Buffer.from('l\x92altro: \x80 5', 'latin1'),
      'l’altro: € 5',
    ],
    ['windows-1252 that is called UTF-8', 'utf-8', Buffer.from('perch\xe9 no', 'latin1'), 'perché no'],
    ['UTF-16 with a byte order mark', 'utf-16', Buffer.from('\ufeffperché', 'utf16le'), 'perché'],
    ['Japanese', 'iso-2022-jp', Buffer.from('\x1b$B%F%9%H\x1b(B', 'latin1'), 'テスト'],
  ])('%s', async (_, charset, bytes, text) => {
    const type = charset === '' ? 'text/plain' : `text/plain; charset=${charset}`;
    const message = await parseMessage(
      Buffer.concat([mail({ headers: [['Content-Type', type]], body: '' }), bytes]),
    );
    expect(message.fullText).toBe(text);
    expect(message.defect).toBeNull();
  });

  test('undeclared Latin-1 in subject and name', async () => {
    const raw = Buffer.from('From: Ugo Perr\xf2 <ugo@acme.it>\r\nSubject: perch\xe9\r\n\r\nciao', 'latin1');
    expect(await parseMessage(raw)).toMatchObject({
      subject: 'perché',
      from: { address: { name: 'Ugo Perrò' } },
    });
  });

  test('9: lone surrogates become U+FFFD', async () => {
    const message = await parseMessage(
      mail({ headers: [['Subject', '=?utf-16le?B?2AA=?= =?utf-16be?B?2AA=?=']] }),
    );
    expect(message.subject.isWellFormed()).toBe(true);
  });

  test.each([
    ['LF', '\n'],
    ['CR', '\r'],
  ])('10: lines that end in %s alone', async (_, eol) => {
    const raw = Buffer.from(
      multipartMail('mixed', [part('text/plain', 'uno\r\ndue'), part('application/pdf', 'x')])
        .toString()
        .replaceAll('\r\n', eol),
    );
    const message = await parseMessage(raw);
    expect(message).toMatchObject({
      subject: 'La stampante non stampa',
      fullText: 'uno\ndue',
      messageId: '<prova-1@acme.it>',
    });
    expect(message.attachments).toHaveLength(1);
  });

  test('10: a bare CR inside a header makes no header', async () => {
    const message = await parseMessage(mail({ headers: [['Subject', 'uno\rBcc: due@acme.it']] }));
    expect(message.subject).toBe('uno Bcc: due@acme.it');
  });
});

describe('11–14: structure', () => {
  test('11: an unclosed boundary', async () => {
    const { header, body } = multipart('mixed', [part('text/plain', 'uno'), part('text/plain', 'due')]);
    const message = await parseMessage(
      mail({ headers: [header], body: body.replace('--confine--\r\n', '') }),
    );
    expect(message.fullText).toBe('uno\n\ndue');
    expect(message.defect).toBeNull();
  });

  test('a multipart whose boundary never comes is its own text', async () => {
    const message = await parseMessage(
      mail({ headers: [['Content-Type', 'multipart/mixed; boundary="mai"']], body: 'ciao a tutti' }),
    );
    expect(message.fullText).toBe('ciao a tutti');
  });

  test('a missing empty line before the text loses no text', async () => {
    const message = await parseMessage(
      Buffer.from('From: anna@acme.it\nSubject: prova\nBuongiorno a tutti,\nnon stampa\n\nAnna\n'),
    );
    expect(message.fullText).toBe('Buongiorno a tutti,\nnon stampa\n\nAnna\n');
  });

  test('a line that is no header hides no header below it', async () => {
    const message = await parseMessage(
      Buffer.from('Subject: una riga\nandata a capo male\nFrom: anna@acme.it\n\nciao'),
    );
    expect(message).toMatchObject({ subject: 'una riga', from: { ok: true }, fullText: 'ciao' });
  });

  test('a Content-Type without the semicolon before its boundary', async () => {
    const { header, body } = multipart('mixed', [part('text/plain', 'uno')]);
    const message = await parseMessage(
      mail({ headers: [[header[0], header[1].replace('; ', '\r\n\t')]], body }),
    );
    expect(message.fullText).toBe('uno');
  });

  test('12: two Content-Types: text, and no word commands', async () => {
    const message = await parseMessage(
      mail({
        headers: [
          ['Content-Type', 'text/plain'],
          ['Content-Type', 'text/html'],
        ],
        body: 'chiudere',
      }),
    );
    expect(message.fullText).toBe('chiudere');
    expect(message.noCommand).toBe('it has 2 Content-Type headers');
  });

  test('13: of 100,000 References the last 20 are read', patience, async () => {
    const ids = Array.from({ length: 100_000 }, (_, n) => `<riferimento-${n}@acme.it>`);
    const message = await parseMessage(mail({ headers: [['References', ids.join('\r\n ')]] }));
    expect(message.defect).toBeNull();
    expect(message.references).toEqual(ids.slice(-20));
  });

  test.each(['From', 'To', 'Cc'])('14: nested address groups in %s are a defect', async (name) => {
    const message = await parseMessage(mail({ headers: [[name, 'uno: due: anna@acme.it;;']] }));
    const reason = message.defect ?? (message.from.ok ? null : message.from.why);
    expect(reason === null ? null : quarantineReason(reason, 'en')).toMatch(/group/u);
  });
});

describe('15–23: content', () => {
  test.each([
    ['>', '> '],
    ['Il giorno', 'Il giorno '],
    ['dashes', '-'],
    ['underscores', '_'],
    ['quotes in lines', '> >\n'],
    ['spaces', ' '],
    ['From: lines', 'Da: a\n'],
  ])('15: a megabyte of %s is read in linear time', { timeout: 60_000 }, async (_, piece) => {
    const body = piece.repeat(Math.ceil(1_000_000 / piece.length));
    const before = process.cpuUsage();
    expect((await parseMessage(mail({ body }))).defect).toBeNull();
    // processor time: what else the machine does counts for nothing
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(10_000);
    expect(
      (await parseMessage(mail({ headers: [['Content-Type', 'text/html']], body: `<p>${body}</p>` }))).defect,
    ).toBeNull();
  });

  test('16, 17, 75: archives, winmail.dat and programs stay as they came', async () => {
    const bomb = Buffer.from('PK\x03\x04bomba').toString('base64');
    const message = await parseMessage(
      multipartMail('mixed', [
        part('text/plain', 'ecco'),
        ...[
          'application/zip; name=a.zip',
          'application/ms-tnef',
          'application/x-msdownload; name=a.exe',
          'text/html; name=a.html',
        ].map((type) =>
          part(type, bomb, [
            ['Content-Transfer-Encoding', 'base64'],
            ['Content-Disposition', 'attachment'],
          ]),
        ),
      ]),
    );
    expect(message.attachments.map(({ filename, size }) => [filename, size])).toEqual([
      ['a.zip', 9],
      ['winmail.dat', 9],
      ['a.exe', 9],
      ['a.html', 9],
    ]);
  });

  test.each([
    ['Thu, 1 Jan 1970 00:00:00 +0000', '1970-01-01T00:00:00.000Z'],
    ['Fri, 1 Jan 2099 00:00:00 +0000', '2099-01-01T00:00:00.000Z'],
    ['dopodomani', undefined],
  ])('18: the date %s', async (value, iso) => {
    expect((await parseMessage(mail({ headers: [['Date', value]] }))).date?.toISOString()).toBe(iso);
  });

  test.each(['mixed', 'related'])('20: HTML alone inside multipart/%s is the text', async (subtype) => {
    const message = await parseMessage(
      multipartMail(subtype, [part('text/html', '<p>Non stampa</p>'), part('image/png', 'x')]),
    );
    expect(message.fullText.trim()).toBe('Non stampa');
    expect(message.attachments).toHaveLength(1);
  });

  test('20: HTML beside a text footer loses neither', async () => {
    const message = await parseMessage(
      multipartMail('mixed', [part('text/html', '<p>Non stampa</p>'), part('text/plain', 'piè & <pagina>')]),
    );
    expect(message.fullText).toContain('Non stampa');
    expect(message.fullText).toContain('piè & <pagina>');
  });

  test('21: tables 5,000 deep', { timeout: 15_000 }, async () => {
    const html = `${'<table><tr><td>'.repeat(5_000)}Non stampa${'</td></tr></table>'.repeat(5_000)}`;
    const message = await parseMessage(mail({ headers: [['Content-Type', 'text/html']], body: html }));
    expect(message.fullText).toContain('Non stampa');
  });

  test('22: an empty body is an empty text', async () => {
    const message = await parseMessage(mail({ body: '' }));
    expect(message).toMatchObject({ fullText: '', defect: null, reply: { text: '' } });
  });

  test('a text that stands alone is read even where it has a file name', async () => {
    const message = await parseMessage(mail({ headers: [['Content-Type', 'text/plain; name=mail.txt']] }));
    expect(message).toMatchObject({ fullText: expect.stringContaining('non stampa'), attachments: [] });
  });

  test('an empty text beside HTML does not hide it', async () => {
    const message = await parseMessage(
      multipartMail('alternative', [part('text/plain', ' \r\n'), part('text/html', '<p>Non stampa</p>')]),
    );
    expect(message.fullText.trim()).toBe('Non stampa');
  });

  test('24: of a message over the size limit the headers are read', async () => {
    const message = await parseMessage(mail({ body: '' }), { truncated: true });
    expect(message).toMatchObject({
      defect: { kind: 'over_size' },
      subject: 'La stampante non stampa',
      from: { ok: true },
    });
  });

  test('24: 45 MB of attachment are read in seconds', { timeout: 20_000 }, async () => {
    const body = `${Buffer.alloc(33_000_000, 'abc').toString('base64').replace(/.{76}/gu, '$&\r\n')}\r\n`;
    const message = await parseMessage(
      multipartMail('mixed', [
        part('text/plain', 'ecco'),
        part('application/zip', body, [['Content-Transfer-Encoding', 'base64']]),
      ]),
    );
    expect(message.attachments[0]?.size).toBe(33_000_000);
  });

  test('bytes that are no mail at all are unreadable', async () => {
    for (const raw of [
      Buffer.alloc(0),
      Buffer.from('\r\n\r\n'),
      Buffer.from('ciao'),
      Buffer.alloc(100_000, 0xff),
    ]) {
      expect(await parseMessage(raw)).toMatchObject({
        kind: 'unreadable',
        defect: { kind: 'no_headers' },
        from: { ok: false },
      });
    }
  });
});
