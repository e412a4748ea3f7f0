import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/core/message/authentication.ts';
import { quarantineReason } from '../../../src/core/words/quarantine.ts';
import { parseMessage } from '../../../src/mail/parse/parse.ts';
import { type Header, mail, multipartMail, part } from '../../builders/mail.ts';

const from = async (headers: Header[], without: string[] = []) =>
  (await parseMessage(mail({ headers, without }))).from;

describe('25–32: who sent it', () => {
  test.each([
    ['25: no From', [], ['From'], /no From/u],
    [
      '26: two From headers',
      [
        ['From', 'a@acme.it'],
        ['From', 'b@acme.it'],
      ],
      [],
      /2 From headers/u,
    ],
    ['26: two addresses', [['From', 'a@acme.it, b@acme.it']], [], /2 addresses/u],
    ['27: a group', [['From', 'tutti: a@acme.it;']], [], /group/u],
    ['32: an address made by an encoded word', [['From', '=?utf-8?Q?anna=40acme.it?=']], [], /encoded word/u],
  ] satisfies [string, Header[], string[], RegExp][])('%s', async (_, headers, without, why) => {
    const read = await from(headers, without);
    expect(read.ok ? null : quarantineReason(read.why, 'en')).toMatch(why);
  });

  test('30: the queue is known from Delivered-To, X-Original-To and the envelope', async () => {
    const message = await parseMessage(
      mail({
        headers: [
          ['Delivered-To', 'PDA@kybernes.it'],
          ['X-Original-To', '<assistenza+x@kybernes.it>'],
          ['Delivered-To', 'pda@kybernes.it'],
          ['To', 'undisclosed-recipients:;'],
        ],
      }),
      { deliveredTo: ['Assistenza@kybernes.it'] },
    );
    expect(message.deliveredTo).toEqual([
      'assistenza@kybernes.it',
      'pda@kybernes.it',
      'assistenza+x@kybernes.it',
    ]);
    expect(message.to).toEqual([]);
  });

  test.each([
    [
      '31: another address in the display name',
      [['From', '"capo@kybernes.it" <anna@acme.it>']],
      /display name/u,
    ],
    ['31: written full-width', [['From', '"capo＠kybernes．it" <anna@acme.it>']], /display name/u],
    ['34: another Reply-To', [['Reply-To', 'altro@evil.it']], /Reply-To/u],
    ['35: another Sender', [['Sender', 'altro@evil.it']], /Sender/u],
    ['35: a Sender that names nobody', [['Sender', 'altro']], /Sender/u],
  ] satisfies [string, Header[], RegExp][])('%s: no word commands', async (_, headers, why) => {
    expect((await parseMessage(mail({ headers }))).noCommand).toMatch(why);
  });

  test.each([
    ['its own address as the display name', [['From', '"Anna.Rossi@acme.it" <anna.rossi@acme.it>']]],
    [
      'the same Reply-To and Sender',
      [
        ['Reply-To', 'Anna <ANNA.ROSSI@acme.it>'],
        ['Sender', 'anna.rossi@acme.it'],
      ],
    ],
  ] satisfies [string, Header[]][])('%s contradicts nothing', async (_, headers) => {
    expect((await parseMessage(mail({ headers }))).noCommand).toBeNull();
  });

  test('36: every Authentication-Results is kept, topmost first; a forged one below does not count', async () => {
    const message = await parseMessage(
      mail({
        headers: [
          ['Authentication-Results', 'mx.kybernes.it; dmarc=fail header.from=acme.it'],
          ['Authentication-Results', 'mx.kybernes.it; dmarc=pass header.from=acme.it'],
          ['Authentication-Results', 'mx.kybernes.it.evil.it; dmarc=pass header.from=acme.it'],
        ],
      }),
    );
    expect(message.authenticationResults).toHaveLength(3);
    expect(judge({ ...message, fromDomain: 'acme.it' }, ['mx.kybernes.it']).result).toBe('fail');
  });

  test('53: 10,000 recipients', async () => {
    const to = Array.from({ length: 10_000 }, (_, n) => `Utente ${n} <u${n}@acme.it>`).join(',\r\n ');
    const message = await parseMessage(mail({ headers: [['To', to]] }));
    expect(message.to).toHaveLength(10_000);
    expect(message.defect).toBeNull();
  });
});

const read = async (headers: Header[], body = 'Non stampa.') => parseMessage(mail({ headers, body }));

const withAttachment = (content: string) =>
  parseMessage(multipartMail('mixed', [part('text/plain', 'x'), part('application/pdf', content)]));

describe('50–52: what makes it the same mail', () => {
  test('transport headers change nothing; From, Date, subject, text and attachments do', async () => {
    const { contentHash, identity } = await read([]);
    expect(identity).toBe('<prova-1@acme.it>');
    expect(
      (
        await read([
          ['Received', 'from x'],
          ['Delivered-To', 'a@kybernes.it'],
        ])
      ).contentHash,
    ).toBe(contentHash);
    const others = await Promise.all([
      read([['From', 'b@acme.it']]),
      read([['Date', 'Tue, 4 Mar 2025 09:16:00 +0100']]),
      read([['Subject', 'Altro']]),
      read([], 'Altro.'),
    ]);
    for (const other of others) expect(other.contentHash).not.toBe(contentHash);
    expect((await withAttachment('1')).contentHash).not.toBe((await withAttachment('2')).contentHash);
  });

  test('52: without a Message-ID it is the hash of the bytes', async () => {
    const raw = mail({ without: ['Message-ID'] });
    const message = await parseMessage(raw);
    expect(message.messageId).toBeNull();
    expect(message.identity).toMatch(/^sha256:[0-9a-f]{64}$/u);
    expect((await parseMessage(raw)).identity).toBe(message.identity);
    expect((await parseMessage(mail({ without: ['Message-ID'], body: 'altro' }))).identity).not.toBe(
      message.identity,
    );
  });

  test('a Message-ID without brackets gets them', async () => {
    expect((await read([['Message-ID', 'abc@acme.it']])).messageId).toBe('<abc@acme.it>');
  });
});

describe('69–79: content that plays tricks', () => {
  test('70: CR LF in a display name or subject reaches no field', async () => {
    const message = await read70();
    expect(message.subject).toBe('uno Bcc: x@evil.it');
    expect(message.from).toMatchObject({ address: { name: 'Anna Bcc: x@evil.it' } });
  });

  test('72: direction overrides are taken out of subject and file names', async () => {
    const attached = part('application/octet-stream', 'x', [
      ['Content-Disposition', "attachment; filename*=utf-8''fattura%E2%80%AEfdp.exe"],
    ]);
    const message = await parseMessage(
      multipartMail('mixed', [part('text/plain', 'x'), attached], [['Subject', 'a\u202eb']]),
    );
    expect(message.subject).toBe('ab');
    expect(message.attachments[0]?.filename).toBe('fatturafdp.exe');
  });

  test('71: paths and reserved names', async () => {
    const names = ['../../etc/passwd', String.raw`C:\\Users\\a.txt`, 'NUL', ''];
    const parts = names.map((name) =>
      part('application/octet-stream', 'x', [['Content-Disposition', `attachment; filename="${name}"`]]),
    );
    const message = await parseMessage(multipartMail('mixed', [part('text/plain', 'x'), ...parts]));
    expect(message.attachments.map(({ filename }) => filename)).toEqual([
      'passwd',
      'a.txt',
      '_NUL',
      'allegato.bin',
    ]);
  });

  test('77: a text signed by PGP in the text itself is the text', async () => {
    const body =
      '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nNon stampa.\n- -- \nAnna\n-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n';
    expect((await parseMessage(mail({ body }))).fullText).toBe('Non stampa.\n-- \nAnna\n');
  });

  test('78: an encrypted mail is taken with a placeholder and a warning', async () => {
    const encrypted = [
      mail({
        headers: [['Content-Type', 'application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m']],
        body: 'x',
      }),
      multipartMail('encrypted', [
        part('application/pgp-encrypted', 'Version: 1'),
        part('application/octet-stream', 'x'),
      ]),
    ];
    for (const raw of encrypted) {
      const message = await parseMessage(raw);
      expect(message.fullText).toBe('(messaggio cifrato: il testo non può essere letto)');
      expect(message.warnings).toEqual([{ kind: 'encrypted' }]);
      expect(message.attachments.length).toBeGreaterThan(0);
    }
  });
});

async function read70() {
  return parseMessage(
    mail({
      headers: [
        ['Subject', '=?utf-8?Q?uno=0D=0ABcc:_x=40evil.it?='],
        ['From', '=?utf-8?Q?Anna=0D=0ABcc:_x=40evil.it?= <anna@acme.it>'],
      ],
    }),
  );
}

const kind = async (headers: Header[]) => (await parseMessage(mail({ headers }))).kind;

const noAnswer = async (headers: Header[]) => (await parseMessage(mail({ headers }))).noAnswer;

describe('81–93: machines', () => {
  test.each([
    ['84: another desk’s automatic answer', [['Auto-Submitted', 'auto-replied']], 'auto_reply'],
    ['84: a device', [['Auto-Submitted', 'auto-generated']], 'auto_generated'],
    ['85: a mailing list', [['List-Id', '<a.acme.it>']], 'list'],
    ['91: a receipt of certified mail', [['X-Ricevuta', 'accettazione']], 'pec_receipt'],
  ] satisfies [string, Header[], string][])('%s', async (_, headers, expected) => {
    expect(await kind(headers)).toBe(expected);
  });

  test('89: Fuori sede, with no header at all: its text says so too, a subject alone says nothing', async () => {
    const headers: Header[] = [['Subject', 'Fuori sede']];
    const body = 'Sono fuori sede fino al 9 marzo. Risponderò al mio rientro.\r\n';
    expect((await parseMessage(mail({ headers, body }))).kind).toBe('auto_reply');
    expect(await kind(headers)).toBe('person');
  });

  test('86: null Return-Path and Auto-Submitted other than no are never answered', async () => {
    expect(await noAnswer([['Return-Path', '<>']])).toBe(true);
    expect(await noAnswer([['Auto-Submitted', 'auto-generated']])).toBe(true);
    expect(await noAnswer([['Auto-Submitted', 'no']])).toBe(false);
  });

  test.each([
    ['X-Trasporto', 'posta-certificata', 'pec_envelope'],
    ['x-TRASPORTO', 'Posta-Certificata', 'pec_envelope'],
    ['X-Trasporto', 'errore', 'pec_anomaly'],
    ['X-Trasporto', 'altro', 'pec_anomaly'],
    ['X-Trasporto', '', 'pec_anomaly'],
  ])(
    '94: an envelope that nothing proves (%s: %s) is a defect, and its own From stays its From',
    async (...header) => {
      const [name, value, expected] = header;
      const message = await parseMessage(mail({ headers: [[name, value]] }));
      expect(message).toMatchObject({ kind: expected, defect: { kind: 'envelope_not_believed' } });
      expect(message.from).toEqual((await parseMessage(mail({}))).from);
    },
  );

  test('94: a receipt that nothing proves speaks of no mail of ours, and hides nothing else that a mail is', async () => {
    const receipt: Header[] = [
      ['X-Ricevuta', 'errore-consegna'],
      ['X-Riferimento-Message-ID', '<t1.c1@kybernes.it>'],
    ];
    const message = await parseMessage(mail({ headers: receipt }));
    expect(message).toMatchObject({ kind: 'pec_receipt', bounce: null, defect: null });
    expect(await kind([...receipt, ['Auto-Submitted', 'auto-replied']])).toBe('auto_reply');
  });
});
