import type { Command } from 'commander';
import { type Disposition, dispositions } from '../core/decision.ts';
import { acceptHeld, rejectHeld } from '../store/held.ts';
import { listMessages, type MessageHistory, rawMessage, showMessage } from '../store/reports.ts';
import { retryMessage } from '../store/retry.ts';
import { oneOf, ordinal } from './arguments.ts';
import { withDatabase, withDesk, writing } from './database.ts';
import { examples } from './examples.ts';
import { type Act, done, failed, type Outcome } from './outcome.ts';
import { fields, indented, person, say, sayBytes, sayJson, sayTable, table } from './output.ts';

const unknown = (id: number): Outcome =>
  failed(`There is no message ${id}. \`kticket message list\` shows all.`);

/** `message list | show | raw | retry | accept | reject` */
export function messageCommands(program: Command, act: Act): void {
  const message = program
    .command('message')
    .description('incoming mail and what became of it')
    .helpCommand(false);

  message
    .command('list')
    .description('incoming messages, oldest first')
    .option(
      '--disposition <disposition>',
      `only those that are ${dispositions.join(', ')}`,
      oneOf(dispositions),
    )
    .option('--json', 'as a JSON array')
    .addHelpText(
      'after',
      examples(
        'kticket message list --disposition held',
        'kticket message list --disposition quarantined --json',
      ),
    )
    .action(
      act(async (options: { disposition?: Disposition; json?: true }) =>
        withDesk(options.json === true, async (db) => {
          const messages = await listMessages(db, { disposition: options.disposition ?? null, id: null });
          if (options.json === true) sayJson(messages);
          else {
            const rows = messages.map((one) => [
              one.id,
              one.receivedAt,
              one.from === null ? null : one.from.email,
              one.subject,
              one.disposition,
              one.ticket === null ? null : `#${one.ticket}`,
              one.reason,
            ]);
            const columns = ['id', 'received', 'from', 'subject', 'disposition', 'ticket', 'reason'];
            sayTable(columns, rows, 'No message.');
          }
          return done;
        }),
      ),
    );

  message
    .command('show')
    .description('one message and all that came of it')
    .argument('<id>', 'as `message list` shows it', ordinal)
    .option('--json', 'as a JSON object')
    .addHelpText('after', examples('kticket message show 17'))
    .action(
      act(async (id: number, options: { json?: true }) =>
        withDatabase(async (db) => {
          const found = await showMessage(db, id);
          if (found === null) return unknown(id);
          if (options.json === true) sayJson(found);
          else say(inWords(found));
          return done;
        }),
      ),
    );

  message
    .command('raw')
    .description('the bytes of a message as they arrived, on standard output')
    .argument('<id>', 'as `message list` shows it', ordinal)
    .addHelpText('after', examples('kticket message raw 17 > 17.eml'))
    .action(
      act(async (id: number) =>
        withDatabase(async (db) => {
          const found = await rawMessage(db, id);
          if (found === null) return unknown(id);
          await sayBytes(found.raw);
          return done;
        }),
      ),
    );

  message
    .command('retry')
    .description('try a quarantined message again')
    .argument('<id>', 'as `message list` shows it', ordinal)
    .addHelpText('after', examples('kticket message retry 17'))
    .action(
      act(async (id: number) =>
        writing(async (db) => {
          const retried = await retryMessage(db, id);
          if (!retried.ok) return failed(retried.why);
          say(`message ${id}: pending, the worker takes it next`);
          return done;
        }),
      ),
    );

  message
    .command('accept')
    .description("enrol a held message's sender as a contact and take in all their held mail")
    .argument('<id>', 'as `message list --disposition held` shows it', ordinal)
    .requiredOption('--company <name>', 'a registered company')
    .addHelpText('after', examples('kticket message accept 17 --company "Rossi S.r.l."'))
    .action(
      act(async (id: number, options: { company: string }) =>
        writing(async (db) => {
          const accepted = await acceptHeld(db, id, options.company);
          if (!accepted.ok) return failed(accepted.why);
          const { from, released } = accepted;
          say(
            `${from}: enrolled at ${options.company}; ${released} held ${released === 1 ? 'message' : 'messages'} released`,
          );
          return done;
        }),
      ),
    );

  message
    .command('reject')
    .description('end a held message: nobody is told')
    .argument('<id>', 'as `message list --disposition held` shows it', ordinal)
    .addHelpText('after', examples('kticket message reject 17'))
    .action(
      act(async (id: number) =>
        writing(async (db) => {
          const rejected = await rejectHeld(db, id);
          if (!rejected.ok) return failed(rejected.why);
          say(`message ${id}: rejected`);
          return done;
        }),
      ),
    );
}

function inWords(message: MessageHistory): string {
  const { from, ticket, events, outgoing, text, ...rest } = message;
  const parts = [
    fields({
      ...rest,
      from: from === null ? null : person(from),
      ticket: ticket === null ? null : `#${ticket}`,
    }),
  ];
  if (text !== null && text !== '') parts.push(`text:\n${indented(text)}`);
  if (events.length > 0) {
    const rows = events.map((event) => [event.at, event.type, `#${event.ticket}`]);
    parts.push(table(['at', 'event', 'ticket'], rows, ''));
  }
  if (outgoing.length > 0) {
    const rows = outgoing.map((mail) => [mail.id, mail.template, mail.to, mail.state]);
    parts.push(table(['outbox', 'template', 'to', 'state'], rows, ''));
  }
  return parts.join('\n\n');
}
