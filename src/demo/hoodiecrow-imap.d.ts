/** The part of hoodiecrow-imap 2.1 that the demo uses; the package brings no types of its own. */
declare module 'hoodiecrow-imap' {
  import type { Server } from 'node:net';

  namespace hoodiecrow {
    type Message = {
      uid: number;
      flags: string[];
      /** bytes as a latin1 string */
      raw: string;
      internaldate: string;
    };

    type Folder = {
      messages: Message[];
      uidnext: number;
      uidvalidity: number;
    };

    type FolderOptions = {
      uidvalidity?: number;
      'special-use'?: string;
      folders?: Record<string, FolderOptions>;
      separator?: string;
      type?: 'personal';
    };

    type Options = {
      plugins?: string[];
      users?: Record<string, { password: string }>;
      /** keys: `INBOX`, and namespace prefixes ending in the separator ('' for the root) */
      storage?: Record<string, FolderOptions>;
      id?: Record<string, string>;
    };

    type ImapServer = {
      /** the listening socket */
      server: Server;
      listen(port: number, host: string, ready: () => void): void;
      close(closed: () => void): void;
      getMailbox(path: string): Folder | undefined;
      /** notifies idling connections at once; `internaldate` null means now */
      appendMessage(
        folder: string,
        flags: string[],
        internaldate: string | Date | null,
        latin1: string,
      ): { mailbox: Folder; message: Message };
    };
  }

  function hoodiecrow(options: hoodiecrow.Options): hoodiecrow.ImapServer;
  export = hoodiecrow;
}
