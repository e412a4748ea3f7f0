import Handlebars from 'handlebars';
import { constantFrom, oneof, property, assert, tuple, array, type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { templateCompiler } from '../../src/templates/compile.ts';
import type { Context } from '../../src/templates/context.ts';
import { makeHelpers } from '../../src/templates/helpers.ts';

const helpers = makeHelpers('it', 'Europe/Rome');
const partials: Record<string, string> = {
  framed: '[{{title}}|{{> @partial-block}}|{{name}}]',
  named: '({{name}}{{#if last}} {{last}}{{/if}}{{#if @first}}!{{/if}})',
  twice: '{{#> framed title="in"}}{{> @partial-block name="new"}}{{/framed}}',
};
const context: Context = {
  name: `Anna <b>"&'\`=`,
  last: 'Rossi',
  title: null,
  count: 3,
  none: 0,
  list: ['a', 'b <'],
  empty: [],
  people: [{ name: 'Bruno', list: ['x'] }, { name: '' }],
  inner: { name: 'Carla', people: [{ name: 'Dina' }] },
  brand: { color: '#fff' },
};

/** What Handlebars itself makes of a template. */
function oracle(template: string, html: boolean): string {
  const handlebars = Handlebars.create();
  const knownHelpers = Object.fromEntries(Array.from(helpers.keys(), (name) => [name, true]));
  const settings = { noEscape: !html, preventIndent: true, knownHelpers, knownHelpersOnly: true };
  for (const [name, helper] of helpers)
    handlebars.registerHelper(name, (...values: unknown[]) => helper.run(...values.slice(0, -1)));
  for (const [name, source] of Object.entries(partials))
    handlebars.registerPartial(name, handlebars.compile(source, settings));
  // it escapes `=` as well, which only values without quotes need
  return handlebars.compile<Context>(template, settings)(context).replaceAll('&#x3D;', '=');
}

const partial = (name: string): hbs.AST.Program => Handlebars.parse(partials[name] ?? '');

function run(template: string, html: boolean): string {
  return templateCompiler({ partial, helpers, html })(Handlebars.parse(template))(context);
}

describe('a template says what Handlebars makes of it:', () => {
  test.each([
    'plain',
    '{{name}} {{{name}}} {{title}} {{count}} {{none}} {{missing}} {{missing.field}}',
    '{{#if list}}yes{{else}}no{{/if}}{{#if empty}}yes{{else}}no{{/if}}{{#if none}}yes{{else}}no{{/if}}',
    '{{#if title}}1{{else if count}}2{{else}}3{{/if}}{{#unless title}}none{{/unless}}{{^if title}}none{{/if}}',
    '{{#each list}}{{@index}} {{@key}}{{#if @first}}f{{/if}}{{#if @last}}l{{/if}} {{this}}, {{@root.count}} {{../count}}{{/each}}',
    '{{#each empty}}x{{else}}nothing {{name}}{{/each}}{{#each title}}x{{else}}nothing{{/each}}',
    '{{#each people}}{{name}}{{#each list}}{{this}}{{../name}}{{../../name}}{{@../index}}{{/each}};{{/each}}',
    '{{#each people as |one i|}}{{i}}{{one.name}}{{#each list as |it|}}{{it}}{{one.name}}{{./name}}{{/each}}{{/each}}',
    '{{#with inner}}{{name}} {{../name}} {{#each people}}{{name}}{{../name}}{{../../name}}{{/each}}{{/with}}',
    '{{#with inner as |one|}}{{one.name}}{{name}}{{/with}}{{#with title}}x{{else}}none{{/with}}{{#with none}}0{{this}}{{/with}}',
    '{{> named}}{{> named inner}}{{> named name="x"}}{{> named inner last=name}}{{> named last=(count list)}}',
    '{{#> framed}}{{name}}{{/framed}}{{#> framed title=name}}{{title}} {{last}}{{/framed}}{{#> framed inner}}{{name}}{{/framed}}',
    '{{#> twice}}{{name}} {{title}}{{/twice}}{{#> twice name="b"}}{{name}}{{/twice}}',
    '{{#each people}}{{> named}}{{#> framed title="t"}}{{name}}{{@index}}{{/framed}}{{/each}}',
    '{{line name " – " last}} {{count list}} {{#if (is count 3 4)}}is{{/if}} {{either list}} {{is name "x"}} {{minutes 90}}',
    '{{list.length}} {{people.[0].name}} {{inner.people.length}} {{last.length}} {{constructor}} {{list.constructor}}',
    '  {{#if count}}  \n  line\n  {{/if}}\n{{!-- a comment --}}\n {{> named}}\n{{~name~}}  x',
    '{{is count true}} {{is title null}} {{is missing undefined}} {{"name"}}',
  ])('%s', (template) => {
    expect(run(template, true)).toBe(oracle(template, true));
    expect(run(template, false)).toBe(oracle(template, false));
  });

  test('whatever blocks, partials and values it is made of', () => {
    const value = constantFrom('name', 'last', 'title', 'count', 'this.name', '@root.brand.color', '@index');
    const list = constantFrom('list', 'people', 'empty', 'inner.people', 'title', '@root.people');
    const leaf = oneof(
      value.map((name) => `{{${name}}}`),
      constantFrom(
        'text',
        ' <p a="b">\n',
        '{{line name last}}',
        '{{> named}}',
        '{{> named last=title}}',
        '{{> named name=count}}',
      ),
    );
    const around = (inner: Arbitrary<string>): Arbitrary<string> =>
      oneof(
        tuple(oneof(value, list), inner, inner).map(
          ([name, a, b]) => `{{#if ${name}}}${a}{{else}}${b}{{/if}}`,
        ),
        tuple(list, inner, inner).map(([name, a, b]) => `{{#each ${name}}}${a}{{else}}${b}{{/each}}`),
        tuple(constantFrom('inner', 'title', 'people.[0]'), inner).map(
          ([name, a]) => `{{#with ${name}}}${a}{{/with}}`,
        ),
        tuple(value, inner).map(([name, a]) => `{{#> framed title=${name}}}${a}{{/framed}}`),
        tuple(constantFrom('twice', 'framed'), inner).map(([name, a]) => `{{#> ${name}}}${a}{{/${name}}}`),
        array(inner, { maxLength: 3 }).map((all) => all.join('')),
      );
    const template = around(oneof(leaf, around(oneof(leaf, around(leaf)))));
    assert(
      property(template, (source) => {
        expect(run(source, true)).toBe(oracle(source, true));
      }),
      { numRuns: 300 },
    );
  });
});
