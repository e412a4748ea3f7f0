import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../src/templates/render.ts';
import { sampleFrame, sampleMails } from '../../../src/templates/samples/samples.ts';
import { TemplateError } from '../../../src/templates/error.ts';

const own = fileURLToPath(new URL('../../../templates/', import.meta.url));
const made: string[] = [];

afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A directory of overriding templates with these files. */
function overriding(files: Record<string, string | Buffer>): string {
  const directory = mkdtempSync(join(tmpdir(), 'kticket-templates-'));
  made.push(directory);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return directory;
}

const load = (templatesDirectory: string) =>
  loadTemplates({ templatesDirectory, locale: 'it', timeZone: 'Europe/Rome', companyName: 'KYBERNES' });

/** The error these overriding files are refused with. */
function refusal(files: Record<string, string | Buffer>): TemplateError {
  try {
    load(overriding(files));
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
/** The error this text of a `opened-staff` mail is refused with. */
const refusedText = (text: string): string => refusal({ 'it/opened-staff/text.hbs': text }).message;

describe('a template that uses an unknown field is refused at load', () => {
  it('naming file, line, the field and those that may stand there', () => {
    const error = refusal({ 'it/opened-staff/text.hbs': 'uno\ndue {{ticket.numbre}}\n' });
    expect(error.line).toBe(2);
    expect(error.file).toMatch(/it\/opened-staff\/text\.hbs$/);
    expect(error.message).toMatch(
      /text\.hbs:2: unknown field "ticket\.numbre": expected one of .*ticket\.number,/,
    );
  });

  it('where Handlebars would silently take the other branch', () => {
    expect(refusedText('{{#if missing}}a{{else}}b{{/if}}')).toContain('unknown field "missing"');
    expect(refusedText('{{#unless ticket.missing}}a{{/unless}}')).toContain('unknown field "ticket.missing"');
    expect(refusedText('{{#if note}}a{{else if missing}}b{{/if}}')).toContain('unknown field "missing"');
  });

  it('inside loops and blocks, where the fields are those of the entry', () => {
    expect(refusedText('{{#each attachments}}{{name}}{{/each}}')).toMatch(
      /unknown field "name": expected one of filename, passedOn, size/,
    );
    expect(refusedText('{{#with ticket}}{{#with requester}}{{phone}}{{/with}}{{/with}}')).toContain(
      '"phone"',
    );
    expect(refusedText('{{#each also}}{{linkedTo}}{{/each}}')).toContain(
      'write @root.linkedTo or ../linkedTo',
    );
    expect(refusedText('{{#each also as |line|}}{{line.numbre}}{{/each}}')).toContain('"line.numbre"');
  });

  it('as the value of a helper or a partial', () => {
    expect(refusedText('{{date ticket.closedAt}}')).toContain('"ticket.closedAt"');
    expect(refusedText('{{#if (is rolle "clerk")}}a{{/if}}')).toContain('"rolle"');
    expect(refusedText('{{> said text=missing}}')).toContain('"missing"');
  });

  it('in a partial, naming the partial, its line and who used it', () => {
    const error = refusal({ 'it/partials/about.text.hbs': '\n\n{{ticket.phone}}\n' });
    expect(error.message).toMatch(
      /partials\/about\.text\.hbs:3: unknown field "ticket\.phone".*\(used by .*text\.hbs\)/,
    );
    expect(error.message.match(/ticket\.phone/g)).toHaveLength(1);
  });

  it('in the block a partial is called around', () => {
    expect(
      refusal({ 'it/opened-staff/html.hbs': '{{#> layout number=""}}\n{{missing}}\n{{/layout}}' }).message,
    ).toMatch(/html\.hbs:2: unknown field "missing"/);
  });
});

describe('a template is refused at load', () => {
  it.each([
    ['{{#if a}}', /text\.hbs:1: not a Handlebars template/],
    ['a\n{{#if note}}b{{/each}}', /text\.hbs:2: not a Handlebars template/],
    ['{{> nowhere}}', /unknown partial "nowhere": expected one of about, /],
    ['{{shout note}}', /unknown helper "shout": expected one of commandChoice, /],
    ['{{date}}', /helper "date" takes 1 value\(s\), found 0/],
    ['{{date ticket.subject}}', /helper "date" expects a date; ticket\.subject is a text/],
    [
      '{{ticket}}',
      /ticket is a group of fields and cannot be printed: print one of its fields: ticket\.assignee/,
    ],
    ['{{ticket.openedAt}}', /cannot be printed: write \{\{date ticket\.openedAt\}\}/],
    ['{{unproven}}', /cannot be printed: ask it with \{\{#if unproven\}\}/],
    ['{{attachments}}', /cannot be printed: go through it with \{\{#each attachments\}\}/],
    ['{{#each ticket}}{{/each}}', /\{\{#each ticket\}\} expects a list; ticket is a group of fields/],
    ['{{#ticket}}{{number}}{{/ticket}}', /unknown block \{\{#ticket\}\}/],
    ['{{lookup ticket "number"}}', /unknown helper "lookup"/],
    ['{{../note}}', /leaves the file/],
    ['{{@index}}', /unknown name @index/],
    ['{{constructor}}', /unknown field "constructor"/],
    ['{{#if note role}}a{{/if}}', /takes exactly one value/],
    ['{{> (is role "clerk")}}', /a partial is named directly/],
    ['{{#*inline "x"}}a{{/inline}}', /inline partials are not supported/],
    ['{{> @partial-block}}', /stands for what a partial is called around/],
  ])('for %s', (text, said) => {
    expect(refusedText(text)).toMatch(said);
  });

  it('where HTML would be written unescaped', () => {
    const html = { 'it/opened-staff/html.hbs': '<p>{{{note}}}</p>' };
    expect(refusal(html).message).toContain('unescaped output');
  });

  it('where a partial calls itself', () => {
    expect(refusal({ 'it/partials/more.text.hbs': '{{> more}}' }).message).toContain('calls itself');
  });

  it('with the mistakes of its other parts, where one cannot be read at all', () => {
    const { message } = refusal({
      'it/closed-client/text.hbs': '{{#if solution}}',
      'it/closed-client/html.hbs': '{{ticket.subjet}}',
    });
    expect(message).toMatch(
      /text\.hbs:1: not a Handlebars template: a block \{\{#…\}\} is not closed before the end/,
    );
    expect(message).toContain('html.hbs:1: unknown field "ticket.subjet"');
  });

  it('with all its mistakes at once', () => {
    expect(refusedText('{{a}}\n{{b}}\n').split('\n')).toHaveLength(2);
  });
});

describe('a template from which a broken mail would be made is refused', () => {
  it.each(['it/opened-staff/text.hbs', 'it/partials/footer.text.hbs'])(
    'where it is no UTF-8, with the line: %s',
    (path) => {
      const { message } = refusal({ [path]: Buffer.from('prima\nperché\n', 'latin1') });
      expect(message).toContain(`${path}:2: not UTF-8: `);
      expect(message).toContain('save the file as UTF-8');
    },
  );

  describe.each(['text', 'html'])('where the %s of a closing', (part) => {
    it.each([
      '<p>Chiusa.</p>',
      '<p>{{#if phones}}{{> said text=solution}}{{/if}}Chiusa.</p>',
      '<p>{{line solution}}</p>',
    ])('lacks the solution, or some of it: %s', (wrong) => {
      const { message } = refusal({ [`it/closed-client/${part}.hbs`]: wrong });
      expect(message).toContain(`closed-client/${part}.hbs:1: the client would not read the whole solution `);
      expect(message).toContain('{{> said text=solution}}');
    });

    it('but not where a partial or a block carries it', () => {
      const files = {
        'it/partials/carrier.hbs': '{{#with carried}}{{this}}{{/with}}',
        [`it/closed-client/${part}.hbs`]: '<p>{{> carrier carried=solution}}Chiusa.</p>',
      };
      expect(() => load(overriding(files))).not.toThrow();
    });
  });

  it('where the subject of a ticket’s mail lacks its number, or loses it behind a long subject', () => {
    for (const subject of ['Chiuso: {{ticket.subject}}', '#{{ticket.number}} {{ticket.subject}}']) {
      const { message } = refusal({ 'it/closed-client/subject.hbs': subject });
      expect(message).toMatch(
        /closed-client\/subject\.hbs:1: the subject has no "\[#1042\]" .* begin it with \{\{tag ticket\.number\}\}/u,
      );
    }
    const late = { 'it/opened-client/subject.hbs': '{{ticket.subject}} {{tag ticket.number}}' };
    expect(refusal(late).message).toContain('the subject has no "[#1042]"');
    const written = { 'it/opened-client/subject.hbs': '[#{{ticket.number}}] {{ticket.subject}}' };
    expect(() => load(overriding(written))).not.toThrow();
  });
});

describe('the directories', () => {
  it('are replaced file by file, partials included', () => {
    const templates = load(
      overriding({
        'it/closed-client/subject.hbs': '{{tag ticket.number}} Chiuso: {{ticket.subject}}\n',
        'it/partials/footer.text.hbs': 'Tel. 06 000000\n',
        'it/partials/phone.hbs': 'interno 12',
        'it/closed-staff/text.hbs': '{{#each buttons}}{{@index}}:{{label}} {{/each}}{{> phone}}',
      }),
    );
    const [toClient] = sampleMails('closed-client', 'it');
    const [toStaff] = sampleMails('closed-staff', 'it');
    if (toClient === undefined || toStaff === undefined) throw new Error('samples are missing');
    const rendered = templates.render(toClient, sampleFrame);
    expect(rendered.subject).toBe('[#1042] Chiuso: La stampante non stampa');
    expect(rendered.text).toMatch(/Tel\. 06 000000\n$/);
    expect(rendered.html).toContain('Richiesta chiusa');
    expect(templates.render(toStaff, sampleFrame).text).toBe(
      '0:Annulla ultimo 1:Riaprire 2:Comunicazione interna interno 12\n',
    );
  });

  it('may not hold a file under a name that nothing reads', () => {
    expect(refusal({ 'it/opend-client/text.hbs': '' }).message).toMatch(
      /no template of this name: .*opened-client/,
    );
    expect(refusal({ 'it/opened-client/txt.hbs': '' }).message).toMatch(
      /expected subject\.hbs, text\.hbs, html\.hbs/,
    );
    expect(() => load('/nowhere/at/all')).toThrow(/does not exist/);
  });

  it('must hold every template', () => {
    const directory = overriding({});
    cpSync(own, directory, { recursive: true });
    rmSync(join(directory, 'en', 'help-staff', 'html.hbs'));
    const options = { directory, timeZone: 'Europe/Rome', companyName: 'KYBERNES' } as const;
    expect(() => loadTemplates({ ...options, locale: 'it' })).not.toThrow();
    expect(() => loadTemplates({ ...options, locale: 'en' })).toThrow(
      /en\/help-staff\/html\.hbs: this template is missing/,
    );
  });
});
