import type { Command } from 'commander';
import { domain, email, name } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';
import { imapServer, readPerson, readPersonOrNone, smtpServer } from '../../setup/options.ts';

/** `setup`: asks for all that a desk needs, finds out the rest, and writes it. */
export function setupCommand(program: Command, act: Action): void {
  program
    .command('setup')
    .description(
      'set up a desk: finds and tries the mail servers, registers the first people, writes .env; run again, it changes what you answer and keeps the rest',
    )
    .option('--address <email>', 'the address of the desk', email)
    .option('--name <name>', 'its name, as clients read it', name)
    .option('--password-file <file>', 'a file with the password of the mailbox; - for standard input')
    .option('--user <user>', "the mailbox's user, where that is not the address", name)
    .option('--imap <server>', 'IMAP server, as host or host:port; default: found', imapServer)
    .option('--smtp <server>', 'SMTP server, as host or host:port; default: found', smtpServer)
    .option(
      '--tls-ca-file <file>',
      "certificate of the servers' own authority (PEM), where this machine does not know it",
    )
    .option('--smtp-user <user>', 'user for sending, where that is another', name)
    .option('--smtp-password-file <file>', 'a file with the password for sending, where that is another')
    .option('--oauth-client-id <id>', 'OAuth2 instead of a password: client id of the app', name)
    .option('--oauth-tenant <id>', 'Microsoft: directory (tenant) id', name)
    .option('--oauth-client-secret-file <file>', "a file with the app's secret")
    .option(
      '--administrator <person>',
      'the first administrator, as "Marco Neri <marco@example.it>"',
      readPerson,
    )
    .option('--technician <person>', 'the first technician, or none', readPersonOrNone)
    .option('--clerk <person>', 'the first clerk, or none', readPersonOrNone)
    .option('--company <name>', 'the first client company', name)
    .option('--domain <domain>', 'its mail domain', domain)
    .option('--contact <email>', 'the address of one of its people', email)
    .option('--no-send', 'send no mail to the desk itself; what that finds out keeps its value')
    .option('--service', 'write a systemd service, as root start it; without this option it is asked for')
    .option('--no-service', 'no service')
    .option(
      '--service-user <user>',
      'user of the service; default: kticket, which is made where missing',
      name,
    )
    .option(
      '--service-file <file>',
      'where the unit is written; default: /etc/systemd/system/kticket.service',
    )
    .option('--directory <folder>', 'folder of .env; default: this one, for a service of root /etc/kticket')
    .option('--dry-run', 'show what would be written and done, and do nothing')
    .option('--yes', 'ask nothing, as without a terminal')
    .addHelpText(
      'after',
      examples(
        'kticket setup',
        'kticket setup --address assistenza@example.it --name "Assistenza Example" --password-file password \\\n      --administrator "Marco Neri <marco@example.it>" --company "Rossi S.r.l." --domain rossi.it --yes',
      ),
    )
    .action(act(async () => (await import('../../actions/care/setup.ts')).setup));
}
