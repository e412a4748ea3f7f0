import type { Command } from 'commander';
import { normaliseEmail } from '../../../core/address/address.ts';
import { asOneLine } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `receive FILE.eml… | -`: the way in for a mail server's pipe. */
export function receiveCommand(program: Command, act: Action): void {
  program
    .command('receive')
    .description(
      "take messages in without IMAP, from files or a mail server's pipe; the worker does the rest",
    )
    .argument('<file.eml...>', 'messages as files, - for standard input')
    .option(
      '--recipient <address>',
      'the envelope recipient, where the mail server knows it',
      envelopeAddress,
    )
    .option('--sender <address>', "the envelope sender; '' for the null sender", envelopeSender)
    .addHelpText(
      'after',
      `
Exits 0 once every message is committed, 75 where that should be tried again.
${examples(
  'kticket receive --recipient assistenza@example.it message.eml',
  'kticket receive --sender "$SENDER" --recipient "$RECIPIENT" -    # in a Postfix or Exim pipe',
)}`,
    )
    .action(act(async () => (await import('../../actions/desk/receive.ts')).receive));
}

/** What a mail server hands over is taken as it is: an odd address is no reason to lose a mail. */
function envelopeAddress(text: string): string {
  const bare = asOneLine(text).replace(/^<(.*)>$/, '$1');
  return normaliseEmail(bare) ?? bare;
}

/** The same of a sender: pipe(8) of Postfix writes MAILER-DAEMON for the null sender unless it is told otherwise. */
function envelopeSender(text: string): string {
  const address = envelopeAddress(text);
  return /^mailer-daemon$/i.test(address) ? '' : address;
}
