import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Dovecot, startDovecot } from '../harness/dovecot.ts';
import { type Postfix, startPostfix } from '../harness/postfix.ts';
import { postfixAvailable } from '../harness/servers.ts';
import { startSmtpServer } from '../harness/smtp-server.ts';
import { eventually, localDomain, mailIn, startDesk } from './desk.ts';

vi.setConfig({ testTimeout: 60_000 });

let dovecot: Dovecot;
const startWith = async (main: string, transports: Record<string, string> = {}): Promise<Postfix> => {
  const postfix = await startPostfix({
    mailboxes: {
      domains: [localDomain, 'xn--bcher-kva.example'],
      lmtpPort: dovecot.lmtpPort,
    },
    transports,
    main,
  });
  onTestFinished(() => postfix.stop());
  return postfix;
};

describe.skipIf(!postfixAvailable())('what a mail server does not take', () => {
  beforeAll(async () => {
    dovecot = await startDovecot();
  });
  afterAll(() => dovecot.stop());

  test('a mail over message_size_limit fails for good, and says so', async () => {
    const postfix = await startWith('message_size_limit = 4000');
    const generous = await startWith('');
    const desk = await startDesk({ postfix, dovecot });
    await desk.send({ from: 'anna@rossi.example', subject: 'x', text: 'x' }, generous);
    const { error } = await desk.outgoing('opened-staff', 'failed');
    expect(error).toMatch(/message (?:size|file)/i);
  });

  test('a notice that is too large with a client’s files goes out without them, and says so', async () => {
    const postfix = await startWith('message_size_limit = 60000');
    const generous = await startWith('');
    const desk = await startDesk({ postfix, dovecot });
    const photo = { filename: 'foto.png', content: Buffer.alloc(80_000, 7) };
    await desk.send(
      { from: 'anna@rossi.example', subject: 'x', text: 'La stampante', attachments: [photo] },
      generous,
    );
    const { recipient } = await desk.outgoing('opened-staff', 'sent');
    const arrived = await mailIn(dovecot, recipient, 'La stampante');
    expect(arrived).toContain('Gli allegati non sono in questa mail');
    expect(arrived).not.toContain('Content-Disposition: attachment');
  });

  // only the header holds the address: Dovecot 2.3 takes no envelope with such letters
  const fromMüller = { from: 'müller@rossi.example', envelope: 'posta@rossi.example' };

  test('a client whose address has letters beyond ASCII is answered where the server has SMTPUTF8', async () => {
    const next = await startSmtpServer();
    onTestFinished(() => next.close());
    const postfix = await startWith('', { 'rossi.example': `smtp:[127.0.0.1]:${next.settings.port}` });
    const desk = await startDesk({ postfix, dovecot });
    await desk.send(fromMüller);
    await desk.outgoing('opened-client', 'sent');
    await eventually(async () => expect(next.received).toMatchObject([{ to: ['müller@rossi.example'] }]));
  });

  test('where it has not, the mail fails at once, in words, and staff are told', async () => {
    const postfix = await startWith('smtputf8_enable = no');
    const desk = await startDesk({ postfix, dovecot });
    await desk.send(fromMüller);
    const { error } = await desk.outgoing('opened-client', 'failed');
    expect(error).toContain('SMTPUTF8');
    expect((await desk.outgoing('delivery-failed-staff', 'sent')).text).toContain('müller@rossi.example');
  });

  test('a domain beyond ASCII goes out in its ASCII form, whatever the server has', async () => {
    const postfix = await startWith('smtputf8_enable = no');
    const desk = await startDesk({ postfix, dovecot }, { clientDomains: ['xn--bcher-kva.example'] });
    await desk.send({ from: 'anna@bücher.example' });
    expect((await desk.outgoing('opened-client', 'sent')).recipient).toBe('anna@xn--bcher-kva.example');
    await mailIn(dovecot, 'anna@xn--bcher-kva.example', '[#');
  });
});
