import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Dovecot, startDovecot } from '../harness/dovecot.ts';
import { type Postfix, startPostfix } from '../harness/postfix.ts';
import { postfixAvailable } from '../harness/servers.ts';
import { startSmtpServer, type TestSmtpServer } from '../harness/smtp-server.ts';
import { localDomain, mailIn, startDesk } from './desk.ts';

vi.setConfig({ testTimeout: 60_000 });

let next: TestSmtpServer;
let dovecot: Dovecot;
let postfix: Postfix;

/** Transports by domain: a server that rejects the user nessuno, no server, an address where nothing listens. */
const transports = (): Record<string, string> => ({
  'rossi.example': `smtp:[127.0.0.1]:${next.settings.port}`,
  'chiuso.example': 'error:5.1.2 this domain has closed',
  'spento.example': 'smtp:[127.0.0.1]:1',
});
const startWith = (main: string): Promise<Postfix> =>
  startPostfix({
    mailboxes: { domains: [localDomain], lmtpPort: dovecot.lmtpPort },
    transports: transports(),
    main,
  });

describe.skipIf(!postfixAvailable())('delivery failures that Postfix reports', () => {
  beforeAll(async () => {
    [next, dovecot] = await Promise.all([startSmtpServer(), startDovecot()]);
    next.replies.rcptTo = (address) =>
      address.startsWith('nessuno') ? { code: 550, text: `5.1.1 <${address}>: no such user here` } : null;
    // what cannot be delivered at once has expired
    postfix = await startWith('maximal_queue_lifetime = 0\nbounce_queue_lifetime = 0');
  });
  afterAll(async () => {
    await postfix.stop();
    await Promise.all([dovecot.stop(), next.close()]);
  });

  test('unknown at the next server: the mail to the client has failed, its ticket and its technicians hear of it', async () => {
    const desk = await startDesk({ postfix, dovecot });
    await desk.send({ from: 'nessuno@rossi.example' });
    expect(await desk.outgoing('opened-client', 'failed')).toMatchObject({
      error: expect.stringContaining('5.1.1 <nessuno@rossi.example>: no such user here'),
    });
    const told = await desk.outgoing('delivery-failed-staff', 'sent');
    expect(told.recipient).toBe(`luigi@${localDomain}`);
    expect(told.text).toContain('nessuno@rossi.example');
    expect(await desk.decided(2)).toMatchObject([{ disposition: 'opened' }, { disposition: 'bounce' }]);
    expect((await desk.events()).map(({ type }) => type)).toEqual(['opened', 'delivery_failed']);
  });

  test('expired in the queue: the same, though its status says that it was temporary', async () => {
    const desk = await startDesk({ postfix, dovecot }, { clientDomains: ['spento.example'] });
    await desk.send({ from: 'anna@spento.example' });
    const { error } = await desk.outgoing('opened-client', 'failed');
    expect(error).toMatch(/4\.4\.1 .*Connection refused/);
    await desk.outgoing('delivery-failed-staff', 'sent');
    expect((await desk.decided(2))[1]).toMatchObject({ disposition: 'bounce' });
  });

  test('refused while it is handed over: no report comes, and the same is told', async () => {
    const desk = await startDesk({ postfix, dovecot }, { clientDomains: ['chiuso.example'] });
    await desk.send({ from: 'anna@chiuso.example' });
    const { error } = await desk.outgoing('opened-client', 'failed');
    expect(error).toContain('this domain has closed');
    await desk.outgoing('delivery-failed-staff', 'sent');
    expect(await desk.decided(1)).toMatchObject([{ disposition: 'opened' }]);
  });

  test('a mail to staff that comes back is recorded, and nobody is told', async () => {
    const desk = await startDesk({ postfix, dovecot }, { staff: 'nessuno.tecnico@rossi.example' });
    await desk.send({ from: 'anna@rossi.example' });
    await desk.outgoing('opened-staff', 'failed');
    expect((await desk.decided(2))[1]).toMatchObject({ disposition: 'bounce' });
    expect((await desk.outbox()).map(({ template }) => template).toSorted()).toEqual([
      'opened-client',
      'opened-staff',
    ]);
    expect((await desk.events()).map(({ type }) => type)).toEqual(['opened']);
  });

  test('the desk is the envelope sender of all its mail, or no report would come back to it', async () => {
    const desk = await startDesk({ postfix, dovecot });
    await desk.send({ from: 'anna@rossi.example' });
    await desk.outgoing('opened-client', 'sent');
    await vi.waitFor(() =>
      expect(next.received.filter(({ from }) => from === desk.address)).toMatchObject([
        { to: ['anna@rossi.example'] },
      ]),
    );
    const staffMail = await mailIn(dovecot, `luigi@${localDomain}`, desk.address);
    expect(staffMail).toMatch(new RegExp(`^Return-Path: <${desk.address}>`, 'm'));
  });

  test('a forged report fails no mail but to its own recipient, and invents none', async () => {
    const desk = await startDesk({ postfix, dovecot });
    await desk.send({ from: 'anna@rossi.example' });
    await desk.outgoing('opened-client', 'sent');
    const { message_id: known } = await desk.db
      .selectFrom('outbox')
      .select('message_id')
      .where('template', '=', 'opened-client')
      .executeTakeFirstOrThrow();
    const forgeries = [
      report({ about: known, recipient: 'altri@bianchi.example' }),
      report({ about: `<invented@${localDomain}>`, recipient: 'anna@rossi.example' }),
    ];
    for (const raw of forgeries) {
      await desk.send({ from: '', raw });
    }
    const [, ...reports] = await desk.decided(3);
    expect(reports.map(({ disposition }) => disposition)).toEqual(['ignored', 'ignored']);
    expect((await desk.events()).map(({ type }) => type)).toEqual(['opened']);
    expect((await desk.outbox()).map(({ template, state }) => `${template} ${state}`).toSorted()).toEqual([
      'opened-client sent',
      'opened-staff sent',
    ]);
  });

  test('a warning that it is late is recorded, and is no failure', async () => {
    const patient = await startWith('delay_warning_time = 1s');
    onTestFinished(() => patient.stop());
    const desk = await startDesk({ postfix: patient, dovecot }, { clientDomains: ['spento.example'] });
    await desk.send({ from: 'anna@spento.example' });
    await patient.logged(/to=<anna@spento\.example>.*status=deferred/);
    // Postfix warns when it tries again after that time
    await vi.waitFor(
      async () => {
        await patient.flush();
        expect(patient.log().join('\n')).toContain('sender delay notification');
      },
      { timeout: 25_000, interval: 500 },
    );
    const [, warning] = await desk.decided(2);
    expect(warning).toMatchObject({
      disposition: 'bounce',
      reason: expect.stringContaining('says nothing final'),
    });
    expect((await desk.outbox()).map(({ template, state }) => `${template} ${state}`).toSorted()).toEqual([
      'opened-client sent',
      'opened-staff sent',
    ]);
  });
});

/** A delivery status report as anybody can write it. */
function report({ about, recipient }: { about: string; recipient: string }): string {
  return [
    'From: Mail Delivery System <MAILER-DAEMON@rossi.example>',
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; rossi.example',
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    'Action: failed',
    'Status: 5.1.1',
    '',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${about}`,
    '',
    '--b--',
    '',
  ].join('\r\n');
}
