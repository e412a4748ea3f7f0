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
      "take in messages without IMAP, from files or a mail server's pipe; the worker processes them",
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
Exits 0 once every message is committed, 75 if the caller should try again.
${examples(
  'kticket receive --recipient assistenza@example.it message.eml',
  'kticket receive --sender "$SENDER" --recipient "$RECIPIENT" -    # in a Postfix or Exim pipe',
)}`,
    )
    .action(act(async () => (await import('../../actions/desk/receive.ts')).receive));
}

/** Takes the address as the mail server gives it: a malformed one is no reason to lose a mail. */
function envelopeAddress(text: string): string {
  const bare = asOneLine(text).replace(/^<(.*)>$/, '$1');
  return normaliseEmail(bare) ?? bare;
}

/** The envelope sender: by default Postfix's pipe(8) writes MAILER-DAEMON for the null sender. */
function envelopeSender(text: string): string {
  const address = envelopeAddress(text);
  return /^mailer-daemon$/i.test(address) ? '' : address;
}
