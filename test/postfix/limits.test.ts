import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Dovecot, startDovecot } from '../harness/dovecot.ts';
import { type Postfix, postfixAvailable, startPostfix } from '../harness/postfix.ts';
import { localDomain, mailIn, startDesk } from './desk.ts';

vi.setConfig({ testTimeout: 60_000 });

let dovecot: Dovecot;
const startWith = async (main: string): Promise<Postfix> => {
  const postfix = await startPostfix({
    mailboxes: {
      domains: [localDomain, 'rossi.example', 'xn--bcher-kva.example'],
      lmtpPort: dovecot.lmtpPort,
    },
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

  test('a mail over message_size_limit fails for good, with the server’s words; smaller ones go out', async () => {
    const postfix = await startWith('message_size_limit = 4000');
    const generous = await startWith('');
    const desk = await startDesk({ postfix, dovecot });
    await desk.send({ from: 'anna@rossi.example', subject: 'x', text: 'x' }, generous);
    const { error } = await desk.outgoing('opened-staff', 'failed');
    expect(error).toMatch(/message (?:size|file)/i);
  });

  test('a client whose address has letters beyond ASCII is answered where the server has SMTPUTF8', async () => {
    const postfix = await startWith('');
    const desk = await startDesk({ postfix, dovecot });
    await desk.send({ from: 'müller@rossi.example' });
    await desk.outgoing('opened-client', 'sent');
    expect(await mailIn(dovecot, 'müller@rossi.example', '[#')).toContain('Delivered-To: ');
  });

  test('where it has not, the mail fails at once, in words, and staff are told', async () => {
    const postfix = await startWith('smtputf8_enable = no');
    const generous = await startWith('');
    const desk = await startDesk({ postfix, dovecot });
    await desk.send({ from: 'müller@rossi.example' }, generous);
    const { error } = await desk.outgoing('opened-client', 'failed');
    expect(error).toContain('SMTPUTF8');
    expect((await desk.outgoing('delivery-failed-staff', 'sent')).text).toContain('müller@rossi.example');
  });

  test('a domain beyond ASCII goes out in its ASCII form, whatever the server has', async () => {
    const postfix = await startWith('smtputf8_enable = no');
    const desk = await startDesk({ postfix, dovecot }, { clientDomains: ['bücher.example'] });
    await desk.send({ from: 'anna@bücher.example' });
    expect((await desk.outgoing('opened-client', 'sent')).recipient).toBe('anna@xn--bcher-kva.example');
    await mailIn(dovecot, 'anna@xn--bcher-kva.example', '[#');
  });
});
