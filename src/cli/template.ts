import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { Argument, type Command } from 'commander';
import { type Config, loadConfig, type MailConfig, needs } from '../config.ts';
import { viewOf } from '../core/notify.ts';
import { wordsOf } from '../core/queue.ts';
import type { Mail, TemplateName, TicketView } from '../core/view.ts';
import { queueRows } from '../store/directory.ts';
import { ticketsByNumber } from '../store/tickets.ts';
import { loadTemplates, ownTemplates, type RenderedMail, TemplateError } from '../templates.ts';
import { parts, partialsOf, readSources } from '../templates/files.ts';
import { sampleFrame, sampleMails, templateNames } from '../templates/samples.ts';
import { ordinal } from './arguments.ts';
import { wrongConfiguration } from './configuration.ts';
import { withDatabase } from './database.ts';
import { examples } from './examples.ts';
import { whyNotWritten } from './files.ts';
import { type Act, done, failed, type Outcome } from './outcome.ts';
import { say, sayJson, table } from './output.ts';

/** What mails look like, from the environment. */
type Look = MailConfig & Pick<Config, 'companyName'>;

/** `template list | preview | check | eject` */
export function templateCommands(program: Command, act: Act): void {
  const template = program
    .command('template')
    .description('the mails as people see them: look at them, replace them')
    .helpCommand(false);

  template
    .command('list')
    .description('every mail, and whose template it is')
    .option('--json', 'as a JSON array')
    .addHelpText('after', examples('kticket template list'))
    .action(act(async (options: { json?: true }) => withLook((look) => list(look, options.json === true))));

  template
    .command('preview')
    .description('one mail with sample data, or with a ticket of yours; nothing is sent')
    .addArgument(new Argument('<name>', 'as `template list` names it').choices(templateNames))
    .option('--ticket <number>', 'with the data of this ticket', ordinal)
    .option('--sample <number>', 'another of its samples, from 1', ordinal)
    .option('--html', 'print the HTML part instead of subject and text')
    .option('--out <file>', 'write the HTML part to a file')
    .option('--open', 'show the HTML part in the browser')
    .addHelpText(
      'after',
      examples(
        'kticket template preview opened-staff',
        'kticket template preview closed-client --ticket 1042 --open',
        'kticket template preview held-staff --sample 2 --out held.html',
      ),
    )
    .action(
      act(async (name: TemplateName, options: PreviewOptions) =>
        withLook((look) => preview(look, name, options)),
      ),
    );

  template
    .command('check')
    .description('whether every template can be used; says file, line and what may stand there')
    .addHelpText('after', examples('kticket template check'))
    .action(act(async () => withLook((look) => Promise.resolve(check(look)))));

  template
    .command('eject')
    .description('copy templates of the package into TEMPLATES_DIR, to be changed there')
    .addArgument(
      new Argument('[name...]', 'as `template list` names them; none: all, and what they share').choices(
        templateNames,
      ),
    )
    .addHelpText(
      'after',
      examples(
        'TEMPLATES_DIR=/etc/kticket/templates kticket template eject closed-client',
        'kill -HUP PID    # the running desk reads them anew',
      ),
    )
    .action(act(async (names: TemplateName[]) => withLook((look) => eject(look, names))));
}

async function withLook(command: (look: Look) => Promise<Outcome>): Promise<Outcome> {
  const loaded = loadConfig(needs.templates);
  if (!loaded.ok) return wrongConfiguration(loaded.problems);
  try {
    return await command(loaded.config);
  } catch (error) {
    if (error instanceof TemplateError) return failed(error.message);
    throw error;
  }
}

const isOwn = (file: string): boolean => !file.startsWith(ownTemplates);
/** `partials/footer.text` */
const partialName = (file: string): string => `partials/${basename(file, '.hbs')}`;

async function list(look: Look, json: boolean): Promise<Outcome> {
  const { templates, htmlPartials, textPartials } = readSources(
    ownTemplates,
    look.templatesDirectory,
    look.locale,
  );
  const rows = templateNames.map((name) => {
    const files = templates.get(name);
    const own: string[] = parts.filter((part) => files !== undefined && isOwn(files[part].file));
    const called = parts.flatMap((part) =>
      files === undefined ? [] : [...partialsOf(files[part], part === 'html' ? htmlPartials : textPartials)],
    );
    own.push(...[...new Set(called.filter(isOwn).map(partialName))].toSorted());
    return { name, own, samples: sampleMails(name, look.locale).length };
  });
  if (json) {
    sayJson(rows);
    return done;
  }
  say(
    table(
      ['template', 'your own parts', 'samples'],
      rows.map(({ name, own, samples }) => [name, own.length === 0 ? null : own, samples]),
      '',
    ),
  );
  const used = new Set(rows.flatMap(({ own }) => own));
  const all = [...htmlPartials.values(), ...textPartials.values()].map(({ file }) => file).filter(isOwn);
  const unused = [...new Set(all)].filter((file) => !used.has(partialName(file)));
  if (unused.length > 0) say(`\nPartials of yours that no mail uses: ${unused.join(', ')}`);
  return done;
}

type PreviewOptions = { ticket?: number; sample?: number; html?: true; out?: string; open?: true };

async function preview(look: Look, name: TemplateName, options: PreviewOptions): Promise<Outcome> {
  const mails: Mail[] = sampleMails(name, look.locale);
  const number = options.sample ?? 1;
  const mail = mails[number - 1];
  if (mail === undefined) {
    return failed(`${name} has ${mails.length} samples; there is no sample ${number}.`);
  }
  const templates = loadTemplates(look);
  const { ticket } = options;
  if (ticket === undefined) return show(templates.render(mail, sampleFrame), name, options);
  return withDatabase(async (db) => {
    const [found] = await ticketsByNumber(db, [ticket]);
    if (found === undefined) {
      return failed(`There is no ticket #${ticket}. \`kticket ticket list\` shows all.`);
    }
    if (!('ticket' in mail.view)) return failed(`${name} shows no ticket: preview it without --ticket.`);
    const queueWords = new Map((await queueRows(db)).map((row) => [row.address, row]));
    const own = { ticket: viewOf(found), ...wordsOf(found.queue, { queueWords }) };
    return show(templates.render(withTicket(mail, own), sampleFrame), name, options);
  });
}

/** A sample that shows a ticket of the desk, and its queue's words, in place of the made-up ones. */
function withTicket(mail: Mail, own: { ticket: TicketView } & ReturnType<typeof wordsOf>): Mail {
  const view = { ...mail.view, ...own };
  return 'ticket' in mail.view ? Object.assign({}, mail, { view }) : mail;
}

async function show(rendered: RenderedMail, name: string, options: PreviewOptions): Promise<Outcome> {
  const { out } = options;
  if (options.html === true) say(rendered.html);
  else if (out === undefined && options.open !== true) say(`${rendered.subject}\n\n${rendered.text}`);
  if (out !== undefined) {
    try {
      await writeFile(out, rendered.html);
    } catch (error) {
      return failed(`${out} cannot be written: ${whyNotWritten(error)}.`);
    }
    say(`Written to ${out}.`);
  }
  if (options.open !== true) return done;
  const file = out ?? join(await mkdtemp(join(tmpdir(), 'kticket-preview-')), `${name}.html`);
  if (out === undefined) await writeFile(file, rendered.html);
  return (await openInBrowser(file)) ? done : failed(`No browser could be started; open ${file} in one.`);
}

/** Whether the program that opens files on this system took it. */
async function openInBrowser(file: string): Promise<boolean> {
  const [program, ...before]: [string, ...string[]] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '']
        : ['xdg-open'];
  const child = spawn(program, [...before, file], { stdio: 'ignore' });
  // rejects where there is no such program
  const [code]: unknown[] = await once(child, 'exit').catch(() => [1]);
  return code === 0;
}

function check(look: Look): Outcome {
  for (const locale of ['it', 'en'] as const) loadTemplates({ ...look, locale, directory: ownTemplates });
  const own = look.templatesDirectory === null ? 'TEMPLATES_DIR is not set' : look.templatesDirectory;
  say(`Every template can be used, in Italian and in English (${own}).`);
  return done;
}

async function eject(look: Look, names: TemplateName[]): Promise<Outcome> {
  const { templatesDirectory, locale } = look;
  if (templatesDirectory === null) {
    return failed(
      'TEMPLATES_DIR is not set: name the directory your own templates go to, such as /etc/kticket/templates.',
    );
  }
  const chosen = names.length > 0 ? names.map((name) => join(locale, name)) : [locale, 'partials'];
  for (const folder of chosen) {
    await mkdir(join(templatesDirectory, folder), { recursive: true });
    await cp(join(ownTemplates, folder), join(templatesDirectory, folder), {
      recursive: true,
      // what an admin has changed stays
      filter: (from) => {
        const to = join(templatesDirectory, relative(ownTemplates, from));
        if (!from.endsWith('.hbs')) return true;
        const there = existsSync(to);
        say(there ? `kept     ${to}` : `written  ${to}`);
        return !there;
      },
    });
  }
  say(
    `\nChange them, try them with \`kticket template check\` and \`preview\`, then send the desk a SIGHUP.`,
  );
  return done;
}
