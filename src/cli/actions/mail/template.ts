import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { needs } from '../../../config/config.ts';
import { viewOf } from '../../../core/notices/notify.ts';
import { clientWordsOf } from '../../../core/case/queue.ts';
import { counted } from '../../../core/letters/text.ts';
import type { Mail, TemplateName, TicketView } from '../../../core/ticket/template-views.ts';
import { ticketsByNumber } from '../../../store/snapshot/tickets.ts';
import { loadTemplates, ownTemplates, type RenderedMail } from '../../../templates/render.ts';
import { partialsOf, parts, readSources } from '../../../templates/files.ts';
import { sampleFrame, sampleMails } from '../../../templates/samples/samples.ts';
import { wrongConfiguration } from '../../terminal/with-configuration.ts';
import { withDatabase } from '../../terminal/with-database.ts';
import { whyNotWritten } from '../../terminal/files.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { table } from '../../terminal/output.ts';
import { printText, sayJson } from '../../terminal/print.ts';
import type { Config, MailConfig } from '../../../config/settings.ts';
import { loadConfig } from '../../../config/load.ts';
import { TemplateError } from '../../../templates/error.ts';
import { templateNames } from '../../../templates/samples/names.ts';
import { queueRows } from '../../../store/directory/queues.ts';

/** The appearance of mails, from the environment. */
type Look = MailConfig & Pick<Config, 'companyName'>;

/** A command that needs to know what mails look like; where a template cannot be used its words say so. */
function withLook<A extends unknown[]>(
  command: (look: Look, ...given: A) => Promise<Outcome>,
): (...given: A) => Promise<Outcome> {
  return async (...given) => {
    const loaded = loadConfig(needs.templates);
    if (!loaded.ok) return wrongConfiguration(loaded.problems);
    try {
      return await command(loaded.config, ...given);
    } catch (error) {
      if (error instanceof TemplateError) return failed(error.message);
      throw error;
    }
  };
}

const isOwn = (file: string): boolean => !file.startsWith(ownTemplates);
/** `partials/footer.text` */
const partialName = (file: string): string => `partials/${basename(file, '.hbs')}`;

/** `template list` */
export const list = withLook(async (look, options: { json?: true }) => {
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
  if (options.json === true) {
    sayJson(rows);
    return succeeded;
  }
  printText(
    table(
      ['template', 'your own parts', 'samples'],
      rows.map(({ name, own, samples }) => [name, own.length === 0 ? null : own, samples]),
      '',
    ),
  );
  const used = new Set(rows.flatMap(({ own }) => own));
  const all = [...htmlPartials.values(), ...textPartials.values()].map(({ file }) => file).filter(isOwn);
  const unused = [...new Set(all)].filter((file) => !used.has(partialName(file)));
  if (unused.length > 0) printText(`\nPartials of yours that no mail uses: ${unused.join(', ')}`);
  return succeeded;
});

type PreviewOptions = { ticket?: number; sample?: number; html?: true; out?: string; open?: true };

/** `template preview` */
export const preview = withLook(async (look, name: TemplateName, options: PreviewOptions) => {
  const mails: Mail[] = sampleMails(name, look.locale);
  const number = options.sample ?? 1;
  const mail = mails[number - 1];
  if (mail === undefined) {
    return failed(`${name} has ${counted(mails.length, 'sample')}; there is no sample ${number}.`);
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
    const own = { ticket: viewOf(found), ...clientWordsOf(found.queue, { queueWords }) };
    return show(templates.render(withTicket(mail, own), sampleFrame), name, options);
  });
});

/** A sample that shows a ticket of the desk, and its queue's words, in place of the made-up ones. */
function withTicket(mail: Mail, own: { ticket: TicketView } & ReturnType<typeof clientWordsOf>): Mail {
  const view = { ...mail.view, ...own };
  return 'ticket' in mail.view ? Object.assign({}, mail, { view }) : mail;
}

async function show(rendered: RenderedMail, name: string, options: PreviewOptions): Promise<Outcome> {
  const { out } = options;
  if (options.html === true) printText(rendered.html);
  else if (out === undefined && options.open !== true) printText(`${rendered.subject}\n\n${rendered.text}`);
  if (out !== undefined) {
    try {
      await writeFile(out, rendered.html);
    } catch (error) {
      return failed(`${out} cannot be written: ${whyNotWritten(error)}.`);
    }
    printText(`Written to ${out}.`);
  }
  if (options.open !== true) return succeeded;
  const file = out ?? join(await mkdtemp(join(tmpdir(), 'kticket-preview-')), `${name}.html`);
  if (out === undefined) await writeFile(file, rendered.html);
  return (await openInBrowser(file))
    ? succeeded
    : failed(`No browser could be started; open ${file} in one.`);
}

/** Opens a file with the system's default program. Resolves to false if there is none or it fails. */
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

/** `template check` */
export const check = withLook(async (look) => {
  for (const locale of ['it', 'en'] as const) loadTemplates({ ...look, locale, directory: ownTemplates });
  const own = look.templatesDirectory === null ? 'TEMPLATES_DIR is not set' : look.templatesDirectory;
  printText(`Every template can be used, in Italian and in English (${own}).`);
  return succeeded;
});

/** `template eject` */
export const eject = withLook(async (look, names: TemplateName[]) => {
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
        printText(there ? `kept     ${to}` : `written  ${to}`);
        return !there;
      },
    });
  }
  printText(
    `\nChange them, try them with \`kticket template check\` and \`preview\`, then send the desk a SIGHUP.`,
  );
  return succeeded;
});
