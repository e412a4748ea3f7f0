import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { withoutMarker } from '../core/letters/marker.ts';
import { subjectLimit, subjectWithToken } from '../core/message/subject-token.ts';
import { tag } from '../core/message/thread.ts';
import type { Mail, TemplateName } from '../core/ticket/template-views.ts';
import type { Locale } from '../core/words/words.ts';
import { checkTemplate } from './check/check.ts';
import { templateCompiler } from './compile.ts';
import { type Parsed, parseTemplate } from './parse.ts';
import { contextOf } from './context.ts';
import type { Context, Frame, Limits, Surroundings } from './context.ts';
import { TemplateError } from './error.ts';
import { parts, readSources } from './files.ts';
import type { TemplatePart, TemplateSource } from './files.ts';
import { makeHelpers } from './helpers.ts';
import type { Helper } from './helpers.ts';
import { allSampleMails, sampleFrame } from './samples/samples.ts';
import { shapeOf } from './check/shape.ts';
import { templateNames } from './samples/names.ts';
import { messageOf } from '../log/errors.ts';
import { shorten } from '../core/letters/text.ts';
import { oneLine } from '../core/letters/clean.ts';

/** The package's own templates. */
export const ownTemplates = join(packageRoot, 'templates/');

export type TemplateOptions = {
  /** with every template; where none is given, the package's own `templates/`, which are checked before it is published */
  directory?: string;
  /** an admin's own directory of the same form: its files come first, one by one */
  templatesDirectory?: string | null;
  locale: Locale;
  /** IANA name of the time zone for dates */
  timeZone: string;
  companyName: string;
  /** days within which a client's answer reopens a closed ticket; 0: none */
  reopenDays?: number;
  /** `#rrggbb`, dark enough for white letters */
  companyColor?: string;
  commercialContact?: string | null;
  accessContact?: string | null;
  remoteAssistanceUrl?: string | null;
};

export type RenderedMail = {
  /** one line, at most 200 characters */
  subject: string;
  text: string;
  html: string;
};

export type Templates = {
  /**
   * Renders a mail. Data is inert: it is escaped in HTML, and its control characters are gone everywhere.
   * Long texts are cut in the HTML where it would grow beyond what Gmail shows (102 KB).
   */
  render: (mail: Mail, frame: Frame) => RenderedMail;
};

/**
 * Reads the templates of one language, and checks them where any may be another's than ours. Each is compiled, one of ours
 * parsed too, when it is first used.
 * @throws TemplateError naming file, line, what was found and what may stand there, where a template is missing, does
 * not compile, or uses a field its view does not have
 */
export function loadTemplates(options: TemplateOptions): Templates {
  const { directory = ownTemplates, templatesDirectory = null } = options;
  const checks = options.directory !== undefined || templatesDirectory !== null;
  const sources = readSources(directory, templatesDirectory, options.locale);
  const helpers = makeHelpers(options.locale, options.timeZone);
  const around: Surroundings = {
    locale: options.locale,
    brand: { name: options.companyName, color: options.companyColor ?? '#1f4e79' },
    settings: {
      reopenDays: options.reopenDays ?? 7,
      commercialContact: options.commercialContact ?? null,
      accessContact: options.accessContact ?? null,
      remoteAssistanceUrl: options.remoteAssistanceUrl ?? null,
    },
  };
  const html = compileTemplates(sources.htmlPartials, helpers, { html: true, checks });
  const text = compileTemplates(sources.textPartials, helpers, { html: false, checks });

  const errors: TemplateError[] = [];
  const compiled = new Map<TemplateName, Record<TemplatePart, Compiled>>();
  const samples = checks ? allSampleMails(options.locale) : [];
  for (const name of templateNames) {
    const files = sources.templates.get(name);
    if (files === undefined) throw new Error(`template ${name} was not read`);
    const mails = samples.filter((mail) => mail.template === name);
    const shape = checks ? shapeOf(mails.flatMap((mail) => sampleContexts(mail, around))) : null;
    const compile = (part: TemplatePart): Compiled => {
      try {
        const { errors: found, run } = (part === 'html' ? html : text)(files[part], shape);
        errors.push(...found);
        return run;
      } catch (error) {
        // told with the mistakes of the other files
        if (!(error instanceof TemplateError)) throw error;
        errors.push(error);
        return () => '';
      }
    };
    compiled.set(name, { subject: compile('subject'), text: compile('text'), html: compile('html') });
  }
  refuse(errors);

  const render = (mail: Mail, frame: Frame): RenderedMail => {
    const template = compiled.get(mail.template);
    if (template === undefined) throw new Error(`template ${mail.template} was not read`);
    const outside = outsideOf(mail, frame);
    const contextWithin = (limits: Limits): Context => {
      const all = contextOf(mail, frame, around, limits);
      return outside === null ? all : { ...all, outside };
    };
    const context = contextWithin(textLimits);
    const line = shorten(oneLine(template.subject({ ...context, title: '' })), subjectLimit);
    const page = (limits: Limits): string => template.html({ ...contextWithin(limits), title: line });
    return {
      subject: frame.token === null ? line : subjectWithToken(line, frame.token),
      text: tidy(template.text({ ...context, title: line })),
      html: smallEnough(page),
    };
  };
  /** The mails to people outside that a question shows: each complete, as its reader would see it. */
  const outsideOf = (mail: Mail, frame: Frame): Context[] | null => {
    if (mail.template !== 'confirm-staff') return null;
    return mail.view.outside.map((one) => {
      const shown =
        'mail' in one
          ? render(one.mail, { replyTo: one.queue, token: null, deskAddress: frame.deskAddress })
          : one;
      const to = { name: oneLine(one.to.name), email: oneLine(one.to.email) };
      return { to, subject: oneLine(shown.subject), text: withoutMarker(shown.text) };
    });
  };
  refuse(tryOut(samples, render, sources.templates));
  return { render };
}

type Compiled = (context: Context) => string;
type Shape = ReturnType<typeof shapeOf>;

/** The text part shows nearly everything. */
const textLimits: Limits = { text: 100_000, rows: 1000, html: false };
/** The HTML part shows less and less until it is small enough. */
const htmlLimits: Limits[] = [
  { text: 20_000, rows: 150, html: true },
  { text: 20_000, rows: 150, html: false },
  { text: 8000, rows: 60, html: false },
  { text: 3000, rows: 30, html: false },
  { text: 1000, rows: 10, html: false },
];
/** Gmail clips beyond 102 KB (as sent). */
const htmlBytes = 95_000;

function smallEnough(page: (limits: Limits) => string): string {
  let html = '';
  for (const limits of htmlLimits) {
    html = page(limits);
    if (Buffer.byteLength(html) <= htmlBytes) break;
  }
  return html;
}

/** Prepares the templates of one format; HTML escapes, text does not. */
function compileTemplates(
  partials: ReadonlyMap<string, TemplateSource>,
  helpers: ReadonlyMap<string, Helper>,
  { html, checks }: { html: boolean; checks: boolean },
): (source: TemplateSource, shape: Shape | null) => { errors: TemplateError[]; run: Compiled } {
  const parsed = new Map<string, Parsed>();
  if (checks) for (const [name, { file, source }] of partials) parsed.set(name, parseTemplate(file, source));
  const partial = (name: string): hbs.AST.Program => {
    const source = partials.get(name);
    if (source === undefined) throw new Error(`partial ${name} was not read`);
    return (parsed.get(name) ?? parseTemplate(source.file, source.source)).program;
  };
  const compile = templateCompiler({ partial, helpers, html });
  const lazily = (template: () => Parsed): Compiled => {
    let run: Compiled | null = null;
    return (context) => {
      run ??= compile(template().program);
      return run(context);
    };
  };
  return ({ file, source }, shape) => {
    if (shape === null) return { errors: [], run: lazily(() => parseTemplate(file, source)) };
    const template = parseTemplate(file, source);
    const errors = checkTemplate(template, { partials: parsed, helpers, html }, shape);
    return { errors, run: lazily(() => template) };
  };
}

/** All sample data for a template of this mail, with and without a reply address. */
function sampleContexts(mail: Mail, around: Surroundings): Context[] {
  const frames: Frame[] = [sampleFrame, { ...sampleFrame, replyTo: null }];
  return frames.flatMap((frame) =>
    [textLimits, { text: 100, rows: 1, html: true }].map((limits) => ({
      ...contextOf(mail, frame, around, limits),
      title: '',
    })),
  );
}

/**
 * Renders every sample once, so that what only fails while rendering is refused at start as well, and mails that would not
 * say what they are for.
 */
function tryOut(
  samples: readonly Mail[],
  render: Templates['render'],
  files: ReadonlyMap<TemplateName, Record<TemplatePart, TemplateSource>>,
): TemplateError[] {
  const errors: TemplateError[] = [];
  for (const [i, sample] of samples.entries()) {
    const mail = withLongValues(sample);
    let rendered: RenderedMail;
    try {
      rendered = render(mail, sampleFrame);
    } catch (error) {
      const tried = parts.map((part) => files.get(mail.template)?.[part].file ?? part).join(', ');
      throw new TemplateError(tried, null, `cannot be rendered with sample data: ${messageOf(error)}`);
    }
    const number = samples.slice(0, i + 1).filter(({ template }) => template === mail.template).length;
    const when = `with sample ${number} of ${mail.template} (template preview --sample ${number})`;
    for (const part of parts) {
      const lack = missingText(mail, rendered, part, when);
      if (lack === null) continue;
      errors.push(new TemplateError(files.get(mail.template)?.[part].file ?? part, 1, lack));
    }
  }
  return errors;
}

const solutionEnds = ['inizio-della-soluzione', 'fine-della-soluzione'] as const;

/** A sample whose subject, and in a closing the solution, is so long that what is cut off shows. */
function withLongValues(mail: Mail): Mail {
  const { view } = mail;
  if (!('ticket' in view) || view.ticket === null) return mail;
  const ticket = { ...view.ticket, subject: 'La stampante non stampa. '.repeat(10).trim() };
  const solution = solutionEnds.join(`\n\n${'poi un altro passo\n'.repeat(30)}`);
  const toClient = mail.template === 'closed-client' && mail.view.solution !== null;
  return Object.assign({}, mail, { view: { ...view, ticket, ...(toClient ? { solution } : {}) } });
}

/** The required content that a part of a mail lacks, and what to do, in English; null if it lacks none. */
function missingText(mail: Mail, rendered: RenderedMail, part: TemplatePart, when: string): string | null {
  const said = rendered[part];
  if (said.trim() === '')
    return `the ${part} is empty ${when}: write words that stand there whatever is missing`;
  if (part === 'subject') {
    const number = 'ticket' in mail.view && mail.view.ticket !== null ? tag(mail.view.ticket.number) : '';
    if (said.includes(number)) return null;
    return `the subject has no "${number}" ${when}, by which answers find their ticket: begin it with {{tag ticket.number}}`;
  }
  if (mail.template !== 'closed-client' || mail.view.solution === null) return null;
  if (solutionEnds.every((end) => said.includes(end))) return null;
  return `the client would not read the whole solution ${when}: write {{> said text=solution}}, inside nothing but {{#if solution}}`;
}

/** @throws TemplateError with every error, one a line; a mistake in a partial is reported once */
function refuse(errors: readonly TemplateError[]): void {
  const first = errors[0];
  if (first === undefined) return;
  const places = new Map(errors.toReversed().map((error) => [`${error.file}:${error.line}`, error]));
  const told = [...places.values()].toReversed().map((error) => error.message);
  const [head = '', ...others] = told;
  const place = `${first.file}${first.line === null ? '' : `:${first.line}`}: `;
  const message = [head.startsWith(place) ? head.slice(place.length) : head, ...others].join('\n');
  throw new TemplateError(first.file, first.line, message);
}

/** No white space at line ends (but for the signature's `-- `), no more than one empty line, one line end at the end. */
function tidy(text: string): string {
  const lines = text.split('\n').map((line) => (line === '-- ' ? line : line.trimEnd()));
  return `${lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}
