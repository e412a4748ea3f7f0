import type { Address } from '../address/address.ts';
import { foresee } from './foreseen.ts';
import type { Attachment, Message, MessageKind } from '../message/message.ts';
import { quarantineReason } from '../words/quarantine.ts';
import { warningInWords } from '../words/warnings.ts';
import type { Command } from '../message/orders.ts';
import type { Cut } from '../message/reply.ts';

/** The output of `kticket explain` for one message: a stable format for scripts. */
export type Explained = {
  file: string;
  kind: MessageKind;
  from: Address | null;
  subject: string;
  replyText: string;
  commands: Command[];
  attachments: Pick<Attachment, 'filename' | 'contentType' | 'size'>[];
  warnings: string[];
  /** text that was cut, with the reason; lines count from 1 in the whole text */
  cuts: Cut[];
};

/**
 * A message as the explain contract shows it.
 * @param file its name, as the user gave it
 */
export function explainMessage(message: Message, file: string): Explained {
  return {
    file,
    kind: message.kind,
    from: message.from.ok ? { name: message.from.address.name, email: message.from.address.email } : null,
    subject: message.subject,
    replyText: message.reply.text,
    commands: foresee(message).commands,
    attachments: message.attachments.map(({ filename, contentType, size }) => ({
      filename,
      contentType,
      size,
    })),
    warnings: explainedWarnings(message),
    cuts: message.reply.cuts,
  };
}

function explainedWarnings(message: Message): string[] {
  const { warnings, from, defect, noCommand, kindReason } = message;
  return [
    defect === null ? null : quarantineReason(defect, 'en'),
    from.ok ? null : quarantineReason(from.why, 'en'),
    noCommand === null ? null : `no word of it commands: ${noCommand}`,
    foresee(message).asked,
    kindReason === null ? null : `kind: ${kindReason}`,
    ...warnings.map((warning) => warningInWords(warning, 'en')),
  ].filter((warning) => warning !== null);
}
