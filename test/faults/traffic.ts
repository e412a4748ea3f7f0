/**
 * People who write to the desk and answer what they get, each mail once however often it reaches them: every client's
 * mail opens a ticket, is taken, noted and closed by a technician, and now and then followed up by its client.
 */
import { headerOf } from '../simulation/world.ts';

export const deskAddress = 'assistenza@desk.example';
export const technician = 'luigi@desk.example';
const authserv = 'mx.desk.example';

/** Expected outcome of a mail: this disposition and these events, each once. */
export type Expected = { id: string; disposition: string; event: RegExp };

export type Traffic = {
  /** everything that was written so far */
  expected: Expected[];
  /** A new client's mail. @param more at its end */
  open(more?: string): Promise<void>;
  /** Answers a mail for its recipient, the first time it arrives. */
  answer(to: string, mail: Buffer): Promise<void>;
  /** Number of mails received, and answered if an answer was due. */
  answered(): number;
};

const bytesOf = (headers: Record<string, string>, text: string): string => {
  const domain = headers['From']?.split('@')[1] ?? '';
  const all = {
    'Authentication-Results': `${authserv}; dmarc=pass header.from=${domain}`,
    ...headers,
    Date: 'Tue, 24 Nov 2026 10:00:00 +0100',
    'MIME-Version: 1.0\r\nContent-Type': 'text/plain; charset=utf-8',
  };
  return `${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\r\n')}\r\n\r\n${text}\r\n`;
};

/** The technician's answers to each kind of notification. */
const orders: Record<string, { text: string; disposition: string; event: RegExp }> = {
  'opened-staff': { text: 'in lavorazione', disposition: 'command', event: /^taken$/u },
  'in-progress-staff': {
    text: 'comunicazione interna: Verificare la garanzia.',
    disposition: 'internal_note',
    event: /^internal_note$/u,
  },
  'internal-note-staff': {
    text: 'chiudere: Riavviato il servizio di stampa.',
    disposition: 'command',
    event: /^closed$/u,
  },
};

/**
 * @param deliver puts a mail into the mailbox of this address
 * @param templateOf what kind of mail one is, by its Message-ID
 * @param addresses to which clients write in turn, each with a mailbox
 */
export function createTraffic(
  deliver: (bytes: string, address: string) => Promise<void>,
  templateOf: (messageId: string) => Promise<string>,
  addresses: readonly string[] = [deskAddress],
): Traffic {
  const known = new Set<string>();
  let serial = 0;
  let answered = 0;
  const write = async (
    from: string,
    to: string,
    subject: string,
    text: string,
    answers: string | null,
    becomes: Omit<Expected, 'id'>,
  ): Promise<void> => {
    serial += 1;
    const id = `<m${serial}@${from.split('@')[1]}>`;
    traffic.expected.push({ id, ...becomes });
    const thread = answers === null ? {} : { 'In-Reply-To': answers, References: answers };
    const bytes = bytesOf({ From: from, To: to, Subject: subject, 'Message-ID': id, ...thread }, text);
    // a reply address is the desk's with a token behind a plus
    await deliver(bytes, addresses.includes(to) ? to : deskAddress);
  };

  const traffic: Traffic = {
    expected: [],
    open: (more = '') =>
      write(
        `cliente${serial}@rossi.example`,
        addresses[serial % addresses.length] ?? deskAddress,
        `Guasto ${serial}`,
        `La stampante del piano terra non stampa.${more}`,
        null,
        { disposition: 'opened', event: /^opened$/u },
      ),
    async answer(to, mail) {
      const id = headerOf(mail, 'Message-ID');
      if (known.has(id)) return;
      known.add(id);
      const subject = `Re: ${headerOf(mail, 'Subject')}`;
      const template = await templateOf(id);
      const order = orders[template];
      if (to === technician && order !== undefined) {
        const { text, ...becomes } = order;
        await write(to, headerOf(mail, 'Reply-To'), subject, text, id, becomes);
      } else if (template === 'opened-client' && known.size % 3 === 0) {
        const becomes = { disposition: 'follow_up', event: /^client_replied(?:, reopened)?$/u };
        await write(to, deskAddress, subject, `Dimenticavo: il modello è il ${serial}.`, id, becomes);
      }
      answered += 1;
    },
    answered: () => answered,
  };
  return traffic;
}
