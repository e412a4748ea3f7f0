/** Everybody's mailbox, kept open over IMAP as a mail program does: it idles, and hears of new mail at once. */
import type { ImapFlow } from 'imapflow';
import { isMarkerLine } from '../../core/letters/marker.ts';
import type { Attachment } from '../../core/message/message.ts';
import type { DemoMailServer } from '../desk-server.ts';
import {
  type Draft,
  imapLogin,
  type ShownMail,
  openMail,
  type Quoting,
  replyTo,
  replyToAll,
  sendMail,
} from '../mail-program.ts';
import { company, type Name, names, people } from '../people.ts';
import {
  type Folder,
  type Letter,
  type MailboxView,
  type MailHead,
  type OpenedMail,
  shownFolders,
} from './state.ts';

export type Mailboxes = {
  /** Content of everybody's folders, as last reported. */
  list(): MailboxView[];
  /** Reads one mail and marks it as seen; null if there is no such mail. */
  open(name: Name, folder: Folder, uid: number): Promise<OpenedMail | null>;
  /** Its HTML part, '' for none; null if there is no such mail. */
  html(name: Name, folder: Folder, uid: number): Promise<string | null>;
  /** One of the mail's files, counted from 0; null if there is no such mail or file. */
  file(name: Name, folder: Folder, uid: number, index: number): Promise<Attachment | null>;
  /** Sends as the person and files a copy. @returns its Message-ID @throws what the SMTP server refuses with */
  send(name: Name, draft: Draft): Promise<string>;
  /** Logs everybody out. */
  close(): Promise<void>;
};

/**
 * Logs everybody in and reads their mailboxes.
 * @param changed called after each change of what `list` returns
 * @param lost called when a connection ends unexpectedly; the list is stale from then on
 */
export async function openMailboxes(
  server: DemoMailServer,
  quoting: Quoting,
  changed: () => void,
  lost: (error: Error) => void,
): Promise<Mailboxes> {
  const opened: Mailbox[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((mailbox) => mailbox.close()));
  };
  try {
    for (const name of names) opened.push(await Mailbox.open(server, name, changed, lost));
  } catch (error) {
    await close();
    throw error;
  }
  const of = (name: Name): Mailbox => {
    const found = opened.find((mailbox) => mailbox.name === name);
    if (found === undefined) throw new Error(`${name} has no mailbox`);
    return found;
  };
  return {
    list: () => opened.map((mailbox) => mailbox.view()),
    async open(name, folder, uid) {
      const found = await of(name).read(folder, uid);
      if (found === null) return null;
      await of(name).markSeen(folder, uid);
      const { head, mail } = found;
      return openedMail({ ...head, seen: true }, mail, people[name].email, quoting);
    },
    async html(name, folder, uid) {
      return (await of(name).read(folder, uid))?.mail.html ?? null;
    },
    async file(name, folder, uid, index) {
      return (await of(name).read(folder, uid))?.mail.attachments[index] ?? null;
    },
    async send(name, draft) {
      const { messageId, raw } = await sendMail(server, people[name], draft);
      await of(name).fileSent(raw);
      return messageId;
    },
    close,
  };
}

class Mailbox {
  readonly name: Name;
  readonly #client: ImapFlow;
  readonly #changed: () => void;
  readonly #heads: MailHead[] = [];
  #closing = false;

  private constructor(name: Name, client: ImapFlow, changed: () => void) {
    this.name = name;
    this.#client = client;
    this.#changed = changed;
  }

  static async open(
    server: DemoMailServer,
    name: Name,
    changed: () => void,
    lost: (error: Error) => void,
  ): Promise<Mailbox> {
    const client = imapLogin(server, people[name]);
    const mailbox = new Mailbox(name, client, changed);
    let why = new Error(`${people[name].name}'s mailbox: the connection was lost`);
    client.on('error', (error: Error) => {
      why = error;
    });
    client.on('close', () => {
      if (!mailbox.#closing) lost(why);
    });
    await client.connect();
    for (const folder of shownFolders.toReversed()) await mailbox.#take(folder);
    client.on('exists', () => {
      mailbox.#take('INBOX').catch(lost);
    });
    return mailbox;
  }

  view(): MailboxView {
    const { name, email, role } = people[this.name];
    const part = role ?? (email.endsWith(`@${company.domain}`) ? 'client' : 'stranger');
    return { name: this.name, person: { name, email }, part, mails: [...this.#heads] };
  }

  async read(folder: Folder, uid: number): Promise<{ head: MailHead; mail: ShownMail } | null> {
    const head = this.#heads.find((one) => one.folder === folder && one.uid === uid);
    if (head === undefined) return null;
    const fetched = await this.#in(folder, () =>
      this.#client.fetchOne(String(uid), { source: true }, { uid: true }),
    );
    if (folder !== 'INBOX') await this.#take('INBOX');
    if (fetched === false || fetched.source === undefined) return null;
    return { head, mail: await openMail(fetched.source) };
  }

  async markSeen(folder: Folder, uid: number): Promise<void> {
    const head = this.#heads.find((one) => one.folder === folder && one.uid === uid);
    if (head === undefined || head.seen) return;
    await this.#in(folder, () =>
      this.#client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true, silent: true }),
    );
    head.seen = true;
    this.#changed();
  }

  async fileSent(raw: Buffer): Promise<void> {
    await this.#client.append('Sent', raw, ['\\Seen']);
    await this.#take('Sent');
    // the one it idles in, and what came meanwhile
    await this.#take('INBOX');
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#client.logout();
  }

  /** Takes up the folder's mails that are not known yet. */
  async #take(folder: Folder): Promise<void> {
    const known = (uid: number): boolean =>
      this.#heads.some((one) => one.folder === folder && one.uid === uid);
    const next = 1 + Math.max(0, ...this.#heads.filter((one) => one.folder === folder).map(({ uid }) => uid));
    const wanted = { uid: true, flags: true, source: true };
    const fresh = await this.#in(folder, async (exists) => {
      const found: MailHead[] = [];
      if (exists === 0) return found;
      for await (const { uid, flags, source } of this.#client.fetch(`${next}:*`, wanted, { uid: true })) {
        // `n:*` names the last mail even where its UID is below n (RFC 9051 §9, seq-range)
        if (source === undefined || known(uid)) continue;
        found.push(headOf(folder, uid, flags?.has('\\Seen') === true, await openMail(source)));
      }
      return found;
    });
    // what another call took up in the meantime is known by now
    const added = fresh.filter(({ uid }) => !known(uid));
    if (added.length === 0) return;
    this.#heads.push(...added);
    this.#changed();
  }

  /** Works in a folder. A connection has one folder open at a time, so each call waits for the one before. */
  async #in<T>(folder: Folder, act: (exists: number) => Promise<T>): Promise<T> {
    const lock = await this.#client.getMailboxLock(folder);
    try {
      const { mailbox } = this.#client;
      return await act(mailbox === false ? 0 : mailbox.exists);
    } finally {
      lock.release();
    }
  }
}

function headOf(folder: Folder, uid: number, seen: boolean, mail: ShownMail): MailHead {
  const { from, to, subject, date, text, attachments } = mail;
  // mail programs show what stands in the hidden preview; ours begin with the line above which answers go
  const lines = text.split('\n').filter((line) => !isMarkerLine(line));
  const preview = lines.join(' ').replaceAll(/\s+/gu, ' ').trim().slice(0, 140);
  return { folder, uid, from, to, subject, date, seen, preview, files: attachments.length };
}

function openedMail(head: MailHead, mail: ShownMail, self: string, quoting: Quoting): OpenedMail {
  const everybody = replyToAll(mail, self, '', quoting);
  return {
    ...head,
    cc: mail.cc,
    text: mail.text,
    html: mail.html !== '',
    attachments: mail.attachments.map(({ filename, size }) => ({ filename, size })),
    reply: letterOf(replyTo(mail, '', quoting)),
    replyAll: everybody === null ? null : letterOf(everybody),
  };
}

function letterOf({ files: _none, ...draft }: Draft): Letter {
  return { ...draft, files: [] };
}
