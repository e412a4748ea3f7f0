import type { Address } from './address.ts';
import type { Command, Reading } from './commands.ts';
import type { Attachment, Message, MessageKind } from './message.ts';
import type { Cut } from './reply.ts';
import { quarantineReason } from './quarantine-words.ts';
import { warningInWords } from './warning-words.ts';

/** What `kticket explain` says of one message: a fixed form that scripts read. */
export type Explained = {
  file: string;
  kind: MessageKind;
  from: Address | null;
  subject: string;
  replyText: string;
  commands: Command[];
  attachments: Pick<Attachment, 'filename' | 'contentType' | 'size'>[];
  warnings: string[];
  /** what was cut from the text, and why; lines count from 1 in the whole text */
  cuts: Cut[];
};

/** The commands a reading is certain of: only those would act. */
function certainCommands(reading: Reading): Command[] {
  switch (reading.kind) {
    case 'commands':
    case 'contradiction':
      return reading.commands;
    case 'text':
    case 'unsure':
      return [];
    default:
      return reading satisfies never;
  }
}

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
    commands: certainCommands(message.reading),
    attachments: message.attachments.map(({ filename, contentType, size }) => ({
      filename,
      contentType,
      size,
    })),
    warnings: explainedWarnings(message),
    cuts: message.reply.cuts,
  };
}

function explainedWarnings({ warnings, from, defect, noCommand, kindReason, reading }: Message): string[] {
  const unsure =
    reading.kind === 'unsure' ? `"${reading.found}" is nearly a command: its writer would be asked` : null;
  return [
    defect === null ? null : quarantineReason(defect, 'en'),
    from.ok ? null : quarantineReason(from.why, 'en'),
    noCommand === null ? null : `no word of it commands: ${noCommand}`,
    unsure,
    kindReason === null ? null : `kind: ${kindReason}`,
    ...warnings.map((warning) => warningInWords(warning, 'en')),
  ].filter((warning) => warning !== null);
}
