import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mailboxesOf } from '../harness/dovecot-mail-server.ts';
import { type Dovecot, startDovecot } from '../harness/dovecot.ts';
import { type Postfix, startPostfix } from '../harness/postfix.ts';
import { postfixAvailable } from '../harness/servers.ts';
import { eventually, localDomain, sendThrough, startDesk } from './desk.ts';

vi.setConfig({ testTimeout: 90_000 });

const anna = 'anna@rossi.example';

let dovecot: Dovecot;
let postfix: Postfix;

/** A program at the client's that answers each mail it gets. */
type Responder = {
  kind: string;
  /** null sender where '' */
  envelope: string;
  headers: string;
  subject: (of: string) => string;
  text: string;
  threaded: boolean;
};

const responders: (Responder & { becomes: string })[] = [
  {
    kind: 'a vacation program that marks its notices',
    envelope: '',
    headers: 'Auto-Submitted: auto-replied\r\n',
    subject: (of) => `Auto: ${of}`,
    text: 'Sono in ferie fino a lunedì.',
    threaded: true,
    becomes: 'follow_up',
  },
  {
    kind: 'a vacation program that marks nothing',
    envelope: anna,
    headers: '',
    subject: () => 'Fuori sede',
    text: 'Sono assente fino al 30 novembre. Per urgenze scrivere a info@rossi.example.',
    threaded: true,
    becomes: 'follow_up',
  },
  {
    kind: 'a program that thanks for each mail as a person would',
    envelope: anna,
    headers: '',
    subject: (of) => `Re: ${of}`,
    text: 'Abbiamo preso nota della vostra comunicazione, che sarà letta dal nostro ufficio.',
    threaded: true,
    becomes: 'follow_up',
  },
  {
    kind: 'a server that sends mail back with words of its own',
    envelope: '',
    headers: '',
    subject: () => 'Mancato recapito',
    text: 'Il messaggio non può essere consegnato.',
    threaded: false,
    becomes: 'ignored',
  },
];

describe.skipIf(!postfixAvailable())('loops end after one mail', () => {
  beforeAll(async () => {
    dovecot = await startDovecot();
    postfix = await startPostfix({
      mailboxes: { domains: [localDomain, 'rossi.example'], lmtpPort: dovecot.lmtpPort },
    });
  });
  afterAll(async () => {
    await postfix.stop();
    await dovecot.stop();
  });

  test.each(responders)('with $kind', async (responder) => {
    const desk = await startDesk({ postfix, dovecot });
    const inbox = async (): Promise<string[]> =>
      (await mailboxesOf(dovecot).folder(anna, 'INBOX'))
        .map((raw) => raw.toString('latin1'))
        .filter((raw) => raw.includes(desk.address));
    await desk.send({ from: anna });
    const confirmation = await eventually(async () => {
      const [first] = await inbox();
      if (first === undefined) throw new Error('no confirmation yet');
      return first;
    });
    const header = (name: string): string =>
      new RegExp(`^${name}: ?(.*(?:\\r?\\n[ \\t].*)*)`, 'im').exec(confirmation)?.[1]?.trim() ?? '';
    const from = responder.envelope === '' && !responder.threaded ? 'MAILER-DAEMON@rossi.example' : anna;
    const thread = responder.threaded
      ? `In-Reply-To: ${header('Message-ID')}\r\nReferences: ${header('Message-ID')}\r\n`
      : '';
    const to = header('Reply-To') || desk.address;
    await sendThrough(postfix, {
      from,
      envelope: { from: responder.envelope, to: to.replace(/^.*<|>.*$/g, '') },
      raw:
        `From: ${from}\r\nTo: ${to}\r\nSubject: ${responder.subject('[#1001] La stampante')}\r\n` +
        `Message-ID: <${Date.now()}.auto@rossi.example>\r\n${thread}${responder.headers}\r\n${responder.text}\r\n`,
    });
    const decided = await desk.decided(2);
    expect(decided.map(({ disposition }) => disposition)).toEqual(['opened', responder.becomes]);
    // decided, so that whatever it was answered with is in the outbox
    expect((await desk.outbox()).filter(({ recipient }) => !recipient.endsWith(localDomain))).toHaveLength(1);
    expect(await inbox()).toHaveLength(1);
  });

  test('of two desks that are clients of each other', async () => {
    const [one, other] = await Promise.all([
      startDesk({ postfix, dovecot }, { clientDomains: [localDomain] }),
      startDesk({ postfix, dovecot }, { clientDomains: [localDomain] }),
    ]);
    await one.send({ from: other.address });
    // the confirmation of the first reaches the second, which says nothing to it
    const decided = await other.decided(1);
    expect(decided).toMatchObject([{ disposition: expect.stringMatching(/ignored|opened|follow_up/) }]);
    expect((await other.outbox()).filter(({ recipient }) => recipient === one.address)).toEqual([]);
    expect((await one.outbox()).filter(({ recipient }) => recipient === other.address)).toHaveLength(1);
    expect(await one.decided(1)).toHaveLength(1);
  });
});
