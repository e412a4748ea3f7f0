import type { Address } from '../../src/core/address/address.ts';
import { mailBytes } from '../../src/mail/body/mail-body.ts';
import { compose, type MailToCompose, withoutFiles } from '../../src/mail/smtp/compose.ts';
import type { FileToSend } from '../../src/mail/smtp/file-part.ts';
import { toHeader } from '../../src/mail/smtp/header-words.ts';

/** A mail with what is its reader's alone. */
export type AddressedMail = Omit<MailToCompose, 'fromName'> & {
  from: Address;
  to: Address;
  messageId: string;
};

/** Its bytes, as they go out. @param postscript its files are left out, and this says so */
export function composed(mail: AddressedMail, files: readonly FileToSend[], postscript?: string): Buffer {
  const whole = compose({ ...mail, fromName: mail.from.name }, files);
  const { from, to, messageId, tokens } = mail;
  return mailBytes(
    postscript === undefined ? whole : withoutFiles(whole, postscript),
    { sentAs: from.email, to: toHeader(to), messageId, tokens },
    files.map(({ content }) => content),
  );
}
