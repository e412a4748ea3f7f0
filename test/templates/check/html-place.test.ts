import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../src/templates/render.ts';
import { TemplateError } from '../../../src/templates/error.ts';

const made: string[] = [];
afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** Why a desk whose notification of a new ticket has this HTML does not start; null: it starts. */
function refusal(html: string, file = 'it/opened-staff/html.hbs'): string | null {
  const templatesDirectory = mkdtempSync(join(tmpdir(), 'kticket-templates-'));
  made.push(templatesDirectory);
  mkdirSync(dirname(join(templatesDirectory, file)), { recursive: true });
  writeFileSync(join(templatesDirectory, file), html);
  try {
    loadTemplates({ templatesDirectory, locale: 'it', timeZone: 'Europe/Rome', companyName: 'KYBERNES' });
    return null;
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
}

const subject = '{{ticket.subject}}';

describe('what a client wrote is refused where escaping it is not enough', () => {
  it.each([
    ['an attribute without quotes', `<p title=${subject}>`, 'title="{{…}}"'],
    ['the rest of one', `<p title=a${subject}>`, 'title="{{…}}"'],
    ['a script', `<script>var a = "${subject}";</script>`, 'inside <script>'],
    ['a script with an attribute', `<SCRIPT type="x">${subject}</SCRIPT>`, 'inside <script>'],
    ['a script that holds its end as a word', `<script>"</scripts>" ${subject}</script>`, 'inside <script>'],
    ['a style sheet', `<style>p { color: ${subject} }</style>`, 'inside <style>'],
    ['a style', `<p style="color:${subject}">`, 'brand.color'],
    ['an event', `<p onclick="a('${subject}')">`, 'run as a script'],
    ['an event in other letters', `<p OnClick = 'a("${subject}")'>`, 'run as a script'],
    ['an address', `<a href="${subject}">`, 'an address'],
    ['an address behind its beginning', `<a href="https://a.example/?q=${subject}">`, 'an address'],
    ['an address before its end', `<a href="${subject}{{phone.dial}}">`, 'an address'],
    ['a picture', `<img alt="a" src='${subject}'>`, 'an address'],
    ['a telephone that is none', `<a href="tel:{{ticket.requester.name}}">`, 'an address'],
    ['a number that is all of an address', '<a href="{{phone.dial}}">', 'an address'],
    ['a tag', `<p ${subject}>`, 'inside a tag'],
    ['the name of a tag', `<p><${subject}>`, 'inside a tag'],
    ['the name of an attribute', `<p data-${subject}="a">`, 'inside a tag'],
    ['a comment', `<!-- ${subject} -->`, 'inside a comment'],
    ['a comment for Outlook', `<!--[if mso]><td>${subject}</td><![endif]-->`, 'inside a comment'],
    ['a frame', `<iframe srcdoc="${subject}"></iframe>`, 'an address'],
    ['the end of a tag', `<p></p ${subject}>`, 'inside a tag'],
  ])('%s', (_, html, said) => {
    const message = refusal(`<p>\n${html}`);
    expect(message).toMatch(/it\/opened-staff\/html\.hbs:2: /u);
    expect(message).toContain(said);
  });

  it('within blocks and loops', () => {
    expect(refusal('{{#each attachments}}<p title={{filename}}></p>{{/each}}')).toContain('without quotes');
    expect(refusal('{{#if note}}<p style="{{/if}}{{note}}')).toContain('{{#if}} begins or ends a tag');
    expect(refusal('{{#each also}}<p title="{{/each}}')).toContain('{{#each}} begins or ends a tag');
  });

  it('by a partial that is called there, naming both files', () => {
    const message = refusal('<a href="{{> progress}}">');
    expect(message).toMatch(/partials\/progress\.hbs:1: .*\(used by .*opened-staff\/html\.hbs\)/u);
  });

  it('HTML that was made safe, anywhere but in the text', () => {
    expect(refusal('<p title="{{{clientHtml}}}">')).toContain('clientHtml');
  });
});

describe('where escaping is enough nothing is refused', () => {
  it.each([
    ['text', `<p>${subject} < ${subject}</p>`],
    ['a quoted attribute', `<p title="a ${subject}" class='${subject}'>${subject}</p>`],
    ['the title', `<title>${subject}</title>`],
    ['below a script', `<script>if (a < b) "<p title=";</script><p>${subject}</p>`],
    ['below a comment', `<!DOCTYPE html PUBLIC "-//W3C//DTD"><!-- <p title= --><p>${subject}</p>`],
    ['below a short comment', `<!--><p>${subject}</p><!-- a -- > b --><p>${subject}</p>`],
    ['a colour', '<p style="color:{{brand.color}}">a</p><style>p { color: {{brand.color}} }</style>'],
    ['an address that is one', '{{#each buttons}}<a href="{{href}}">{{label}}</a>{{/each}}'],
    ['a telephone', '<p>a</p>{{#if phone}}<a href="tel:{{phone.dial}}">{{phone.written}}</a>{{/if}}'],
    ['a ticket’s number in an address', '<a href="https://a.example/{{ticket.number}}">a</a>'],
    ['a choice of attributes', `<p {{#if note}}class="a"{{else}}class="b"{{/if}} title="${subject}">a</p>`],
    ['an open quote in text, scripts and comments', '<p>"a\'</p><script>"</script><!-- <p title="a> -->'],
    ['a > and quotes of the other sort in a value', `<p title="a > 'b'" class=c data-d = 'e"f'/>`],
    ['attributes of no value', '<td nowrap\nvalign="top" nowrap><br/><img alt="" /></td>'],
    ['a choice of tags', `<{{#if note}}th{{else}}td{{/if}} title="${subject}">a`],
  ])('%s', (_, html) => {
    expect(refusal(html)).toBeNull();
  });
});

describe('an attribute whose quote does not close is refused, with its line', () => {
  it.each([
    ['before the next tag', '<p title="a>b</p>\n<p class="c">d</p>', 'the value of title='],
    ['before the next tag, in single quotes', "<p title='a>b</p>\n<p>d</p>", 'the value of title='],
    ['before a value', '<p title="a>{{ticket.subject}}</p>\n<p>d</p>', 'the value of title='],
    ['before the next attribute', '<p title="a class="c">d</p>', 'behind the quotes of title='],
    ['before the next attribute, which has a space', '<p title="a class=" c">d</p>', 'no attribute is'],
    ['before the end', '<p title="a', 'the value of title='],
    ['in a tag that does not end', '<p title="a" <b>d</b>', 'the tag <p'],
    ['in a tag without end', '<p title="a"', 'the tag <p'],
  ])('%s', (_, html, said) => {
    const message = refusal(`<p>a</p>\n{{#if note}}\n<p>b</p>\n{{/if}}\n${html}`);
    expect(message).toMatch(/it\/opened-staff\/html\.hbs:5: /u);
    expect(message).toContain(said);
  });

  it('in a partial, naming both files', () => {
    expect(refusal('\n<p class="a>b</p>\n', 'it/partials/footer.html.hbs')).toMatch(
      /partials\/footer\.html\.hbs:2: the value of class= .*\(used by .*html\.hbs\)/u,
    );
  });
});

describe('an address or a number that a client gave becomes a link', () => {
  it('by the helper that writes it, which the refusal of what is written by hand names', () => {
    const byHand = refusal('<a href="mailto:{{ticket.requester.email}}">');
    expect(byHand).toContain('href="{{mailto ticket.requester.email}}"');
    expect(refusal('<a href="{{mailto ticket.requester.email}}">{{ticket.subject}}</a>')).toBeNull();
    expect(refusal('<a href="{{mailto ticket.requester}}">{{ticket.subject}}</a>')).not.toBeNull();
    expect(refusal('<a href="tel:{{ticket.company}}">')).toContain('tel:{{phone.dial}}');
  });
});

describe('a mail is refused that with some data', () => {
  it('has no subject, naming file and sample', () => {
    expect(refusal('{{note}}\n', 'it/opened-staff/subject.hbs')).toMatch(
      /it\/opened-staff\/subject\.hbs:1: the subject is empty with sample 1 of opened-staff/u,
    );
  });

  it('has no text', () => {
    expect(refusal('{{#if linkedTo}}a{{/if}}', 'it/opened-staff/text.hbs')).toContain('the text is empty');
  });
});
