/**
 * `check --send`: mails from the desk to itself, to find out whether plus-addresses arrive, which
 * server authenticates mail, and whether a forged verdict survives on the way. The mailbox is left as it was.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { emailDomain } from '../../core/address/address.ts';
import type { Message } from '../../core/message/message.ts';
import { checkDkim } from '../../mail/dkim/dkim.ts';
import { systemDns } from '../../mail/dkim/dkim-lookup.ts';
import { createSession, defaultTimeouts, filingFolder, type Session } from '../../mail/imap/session.ts';
import { toMailboxError } from '../../mail/imap/mailbox-error.ts';
import type { Tokens } from '../../mail/oauth/oauth.ts';
import { parseMessage } from '../../mail/parse/parse.ts';
import type { Finding } from './finding.ts';
import { advice, serverSettings } from './probe-advice.ts';
import { sendProbe } from './probe-mail.ts';
import type { MailboxSettings, Config } from '../../config/settings.ts';

const PATIENCE_MS = 60_000;
/** After one probe has arrived the others, sent at the same time, are near or nowhere. */
const FOR_THE_OTHER_MS = 20_000;
const BETWEEN_LOOKS_MS = 1_000;

type Probe = { to: string; messageId: string; marker: string };
type Arrival = { mailbox: string; message: Message };

/**
 * Sends one mail to the desk's address, one to its plus-address and one to each other queue, and reports their outcome.
 * @param queues addresses of the other queues
 * @returns what the settings that depend on the server should be, and are; null where no mail arrived
 */
export async function* probeDelivery(
  config: Config,
  tokens: Tokens,
  queues: readonly string[] = [],
): AsyncGenerator<Finding, ReturnType<typeof serverSettings> | null> {
  const plain = makeProbe(config, '');
  const plus = makeProbe(config, '+');
  const sessions = config.mailboxes.map((settings) => ({
    settings,
    session: createSession(settings, defaultTimeouts, tokens),
  }));
  try {
    for (const { settings, session } of sessions) {
      await session.open().catch((error: unknown) => {
        throw toMailboxError(error, settings, `open ${settings.folder}`);
      });
    }
    for (const probe of [plain, plus]) {
      const sent = await sendProbe(config, probe, tokens);
      if (!sent.ok) {
        yield { how: 'FAIL', what: 'send', words: `to ${probe.to}: ${sent.why}` };
        return null;
      }
    }
    const toQueues: Probe[] = [];
    for (const queue of queues) {
      const probe = probeTo(config, queue, randomBytes(8).toString('hex'));
      const sent = await sendProbe(config, probe, tokens);
      if (sent.ok) toQueues.push(probe);
      else yield { how: 'FAIL', what: 'queue', words: `to ${queue}: ${sent.why}` };
    }
    const arrivals = await waitFor([plain, plus, ...toQueues], sessions);
    const plusArrived = arrivals.get(plus);
    const arrival = arrivals.get(plain) ?? plusArrived;
    yield plainFinding(plain, arrivals.get(plain));
    yield plusFinding(config, plus, plusArrived);
    for (const probe of toQueues) yield queueFinding(probe, arrivals.get(probe));
    if (arrival === undefined) return null;
    const observed = {
      message: arrival.message,
      markers: [plain.marker, plus.marker],
      plusWorks: plusArrived !== undefined && namesOf(plusArrived).includes(plus.to),
    };
    yield* advice(config, observed);
    return serverSettings(config, observed);
  } finally {
    await Promise.all(sessions.map(({ session }) => session.close()));
  }
}

function makeProbe(config: Config, sign: '' | '+'): Probe {
  const marker = randomBytes(8).toString('hex');
  const { address } = config.desk;
  const at = address.lastIndexOf('@');
  const detail = sign === '' ? '' : `+check${marker}`;
  return probeTo(config, `${address.slice(0, at)}${detail}${address.slice(at)}`, marker);
}

function probeTo(config: Config, to: string, marker: string): Probe {
  return { to, messageId: `<check.${marker}@${emailDomain(config.desk.address)}>`, marker };
}

/** Looks into every mailbox until all probes have arrived or patience ends; what was found is deleted there. */
async function waitFor(
  probes: Probe[],
  sessions: { settings: MailboxSettings; session: Session }[],
): Promise<Map<Probe, Arrival>> {
  const arrivals = new Map<Probe, Arrival>();
  let deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    for (const { settings, session } of sessions) {
      for (const probe of probes.filter((one) => !arrivals.has(one))) {
        const source = await collect(session, settings, probe.messageId);
        if (source === null) continue;
        deadline = Math.min(deadline, performance.now() + FOR_THE_OTHER_MS);
        const message = await parseMessage(source);
        arrivals.set(probe, {
          mailbox: settings.name,
          message: { ...message, ownDkim: await checkDkim(source, systemDns()) },
        });
      }
    }
    if (arrivals.size === probes.length || performance.now() > deadline) return arrivals;
    await pause(BETWEEN_LOOKS_MS);
  }
}

/** Takes a probe out of a mailbox, or of the folder into which a worker that runs meanwhile has put it. */
async function collect(
  session: Session,
  settings: MailboxSettings,
  messageId: string,
): Promise<Buffer | null> {
  const { client } = session;
  const folders = await client.list();
  const filed = folders.find((folder) => folder.name === filingFolder);
  for (const path of [settings.folder, ...(filed === undefined ? [] : [filed.path])]) {
    const lock = await client.getMailboxLock(path.split('/'));
    try {
      await client.noop();
      const found = await client.search({ header: { 'message-id': messageId } }, { uid: true });
      const uid = Array.isArray(found) ? found[0] : undefined;
      if (uid === undefined) continue;
      const fetched = await client.fetchOne(uid, { source: true }, { uid: true });
      if (fetched === false || fetched.source === undefined) continue;
      await client.messageFlagsAdd([uid], ['\\Deleted'], { uid: true });
      // without UIDPLUS an EXPUNGE would take along what others have marked
      if (client.capabilities.has('UIDPLUS')) await client.messageDelete([uid], { uid: true });
      return fetched.source;
    } finally {
      lock.release();
    }
  }
  return null;
}

function plainFinding(probe: Probe, arrival: Arrival | undefined): Finding {
  return arrival === undefined
    ? {
        how: 'FAIL',
        what: 'send',
        words: `a mail to ${probe.to} did not arrive within ${PATIENCE_MS / 1000} s; is it delivered to one of the mailboxes, or to a spam folder?`,
      }
    : { how: 'ok', what: 'send', words: `a mail to ${probe.to} arrives in ${arrival.mailbox}` };
}

function queueFinding({ to }: Probe, arrival: Arrival | undefined): Finding {
  return arrival === undefined
    ? {
        how: 'FAIL',
        what: 'queue',
        words: `a mail to the queue ${to} arrived in none of the mailboxes in time: add its mailbox to MAILBOX_URL, or have ${to} delivered to one of them`,
      }
    : { how: 'ok', what: 'queue', words: `a mail to ${to} arrives in ${arrival.mailbox}` };
}

/** The addresses under which a mail arrived, where tokens are read. */
function namesOf({ message }: Arrival): string[] {
  return [...message.to, ...message.cc].map(({ email }) => email).concat(message.deliveredTo);
}

function plusFinding(config: Config, probe: Probe, arrival: Arrival | undefined): Finding {
  const what = 'plus-address';
  if (arrival !== undefined) {
    if (namesOf(arrival).includes(probe.to)) {
      return { how: 'ok', what, words: `${probe.to} arrives in ${arrival.mailbox}, under this very address` };
    }
    return {
      how: config.replyAddressing === 'plus' ? 'FAIL' : 'warn',
      what,
      words: `${probe.to} arrives, but only as ${namesOf(arrival).join(', ') || 'nobody'}: set REPLY_ADDRESSING=subject`,
    };
  }
  return config.replyAddressing === 'subject'
    ? { how: 'ok', what, words: `${probe.to} does not arrive; REPLY_ADDRESSING=subject does without` }
    : { how: 'FAIL', what, words: `${probe.to} does not arrive: set REPLY_ADDRESSING=subject` };
}
