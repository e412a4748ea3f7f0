/**
 * Checks templates without rendering them. Written by hand on Handlebars' Visitor: rendering every sample in strict mode takes 352
 * of the 390 sides of blocks in our own templates, fewer in an administrator's, and names no line of a value in the wrong place.
 */
import Handlebars from 'handlebars';
import { TemplateError } from '../error.ts';
import type { HelperForms } from '../helpers.ts';
import { faultOf, type HtmlPlace, isLike, pageStart, readOn, refusedHere, wrote } from './html-place.ts';
import { firstLineOf, isEmptyHash, isPath, isSubExpression, literalKinds, nodeName } from './nodes.ts';
import type { Parsed } from '../parse.ts';
import { kindsInWords, plain, withFields } from './shape.ts';
import type { Kind, Shape } from './shape.ts';

/** What the templates of one format may call. `html`: it is read as a page, and unescaped output is refused. */
export type Format = { partials: ReadonlyMap<string, Parsed>; helpers: HelperForms; html: boolean };

/**
 * Follows every path of a template, through blocks and partials, and finds those its view does not have. Handlebars
 * itself would print nothing there, or silently take the other branch of `{{#if missing}}`. In HTML it also finds tags and
 * quotes that do not end.
 * @param shape what the template is given
 * @returns one error for each place, in the order they stand; none: the template is sound
 */
export function checkTemplate(template: Parsed, format: Format, shape: Shape): TemplateError[] {
  const checker = new Checker(template, format, shape);
  checker.accept(template.program);
  checker.end();
  return checker.errors;
}

/** The scope for resolving a path. */
type Scope = { shape: Shape; names: ReadonlyMap<string, Shape> };

/** The kinds of value that `{{{…}}}` may print. */
const verbatim: ReadonlySet<Kind> = new Set<Kind>(['html', 'nothing']);
const own = new Set(['if', 'unless', 'each', 'with']);
const loopData = new Set(['index', 'first', 'last', 'key']);
/** Places in a page where it must not end. */
const beginnings: ReadonlySet<HtmlPlace['at']> = new Set<HtmlPlace['at']>(['open', 'value', 'raw']);

class Checker extends Handlebars.Visitor {
  readonly errors: TemplateError[] = [];
  readonly #partials: ReadonlyMap<string, Parsed>;
  readonly #helpers: HelperForms;
  readonly #root: Shape;
  readonly #html: boolean;
  #scopes: Scope[];
  /** the files being read, the innermost last */
  #files: string[];
  /** the contents of `{{> @partial-block}}`, innermost last; null where nothing was passed */
  #blocks: (hbs.AST.Program | null)[] = [];
  #loops = 0;
  /** place in the page of the template's next piece */
  #place: HtmlPlace = pageStart;
  /** files and line where the tag, value or the like around that place began */
  #begun: { files: string[]; line: number };

  constructor(template: Parsed, { partials, helpers, html }: Format, shape: Shape) {
    super();
    this.#partials = partials;
    this.#helpers = helpers;
    this.#root = shape;
    this.#html = html;
    this.#scopes = [{ shape, names: new Map() }];
    this.#files = [template.file];
    this.#begun = { files: this.#files, line: 1 };
  }

  /** Nothing follows. */
  end(): void {
    const fault = this.#html ? faultOf(this.#place, null) : null;
    if (fault !== null) this.#refuseAt(this.#begun, fault);
  }

  override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
    const printed = this.#value(mustache.path, mustache.params, mustache.hash);
    if (printed === null) return;
    const name = nodeName(mustache.path);
    if (this.#html) this.#writeHere(mustache, name, printed);
    if (this.#html && !mustache.escaped) {
      const isMadeSafe = printed.kinds.has('html') && [...printed.kinds].every((kind) => verbatim.has(kind));
      if (!isMadeSafe)
        this.#refuse(
          mustache,
          'unescaped output ({{{…}}} or {{&…}}): write {{…}}, mails hold text of strangers',
        );
      return;
    }
    this.#refuseUnprintable(mustache, name, printed);
  }

  override ContentStatement(content: hbs.AST.ContentStatement): void {
    if (!this.#html) return;
    const files = [...this.#files];
    let line = firstLineOf(content);
    for (const letter of content.value) {
      const fault = faultOf(this.#place, letter);
      if (fault !== null) this.#refuseAt(letter === '<' ? this.#begun : { files, line }, fault);
      const { at } = this.#place;
      this.#place = readOn(this.#place, letter);
      if (at !== this.#place.at && beginnings.has(this.#place.at)) this.#begun = { files, line };
      if (letter === '\n') line += 1;
    }
  }

  #writeHere(node: hbs.AST.Node, name: string, printed: Shape): void {
    const why = refusedHere(this.#place, printed);
    if (why !== null) this.#refuse(node, `${name} ${why}`);
    this.#place = wrote(this.#place, printed);
  }

  override BlockStatement(block: hbs.AST.BlockStatement): void {
    const name = block.path.original;
    const subject = block.params[0];
    if (!own.has(name)) {
      this.#refuse(
        block,
        `unknown block {{#${name}}}: expected one of {{#if}}, {{#unless}}, {{#each}}, {{#with}}`,
      );
      return;
    }
    if (subject === undefined || block.params.length > 1 || !isEmptyHash(block.hash)) {
      this.#refuse(block, `{{#${name}}} takes exactly one value`);
      return;
    }
    const shape = this.#expression(subject);
    const before = this.#place;
    if (name === 'each') this.#each(block, nodeName(subject), shape);
    else if (name === 'with') this.#within(shape, block.program, shape);
    else this.acceptKey(block, 'program');
    const after = this.#place;
    this.#place = before;
    this.acceptKey(block, 'inverse');
    if (isLike(after, this.#place) && (name !== 'each' || isLike(after, before))) return;
    this.#refuse(
      block,
      `{{#${name}}} begins or ends a tag, its quotes or a script that it does not end or begin: put the whole of it on one side`,
    );
  }

  override PartialStatement(partial: hbs.AST.PartialStatement): void {
    this.#partial(partial, null);
  }

  override PartialBlockStatement(partial: hbs.AST.PartialBlockStatement): void {
    this.#partial(partial, partial.program);
  }

  override Decorator(decorator: hbs.AST.Decorator): void {
    this.#refuse(decorator, 'decorators are not supported: put the piece into a file under partials/');
  }

  override DecoratorBlock(decorator: hbs.AST.DecoratorBlock): void {
    this.#refuse(decorator, 'inline partials are not supported: put the piece into a file under partials/');
  }

  #each(block: hbs.AST.BlockStatement, name: string, shape: Shape | null): void {
    if (shape !== null && !shape.kinds.has('list')) {
      this.#refuse(block, `{{#each ${name}}} expects a list; ${name} is ${kindsInWords(shape.kinds)}`);
      return;
    }
    // A list that is empty in every sample is a gap of the samples; what is inside cannot be judged then.
    if (shape !== null && shape.items === null) {
      this.#refuse(block, `{{#each ${name}}}: no sample has an entry of ${name}`);
      return;
    }
    this.#loops += 1;
    this.#within(shape?.items ?? null, block.program, shape?.items ?? null);
    this.#loops -= 1;
  }

  /** Reads a block inside a value, which its first block parameter also names. */
  #within(shape: Shape | null, program: hbs.AST.Program, named: Shape | null): void {
    // An error was reported for the value itself: what stands inside would only repeat it.
    if (shape === null) return;
    const [first, second] = program.blockParams ?? [];
    const names = new Map(this.#scope().names);
    if (first !== undefined && named !== null) names.set(first, named);
    if (second !== undefined) names.set(second, plain('number'));
    this.#scopes.push({ shape, names });
    this.accept(program);
    this.#scopes.pop();
  }

  #partial(
    partial: hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement,
    block: hbs.AST.Program | null,
  ): void {
    const name = isPath(partial.name) ? partial.name.original : null;
    if (name === null) {
      this.#refuse(partial, 'a partial is named directly: {{> name}}');
      return;
    }
    const given = partial.params[0];
    const context = given === undefined ? this.#scope().shape : this.#expression(given);
    const fields = this.#hash(partial.hash);
    if (context === null) return;
    const shape = fields.size === 0 ? context : withFields(context, fields);
    if (name === '@partial-block') {
      this.#passedBlock(partial, shape);
      return;
    }
    const called = this.#partials.get(name);
    if (called === undefined) {
      const known = [...this.#partials.keys()].toSorted().join(', ');
      this.#refuse(partial, `unknown partial "${name}": expected one of ${known}`);
      return;
    }
    if (this.#files.includes(called.file)) {
      this.#refuse(partial, `partial "${name}" calls itself`);
      return;
    }
    this.#blocks.push(block);
    this.#enter(called.file, shape, called.program);
    this.#blocks.pop();
  }

  /** The block a partial was called with, read where the partial places it: its fields are the partial's too. */
  #passedBlock(node: hbs.AST.Node, shape: Shape): void {
    const passed = this.#blocks.at(-1);
    if (passed === undefined || passed === null) {
      this.#refuse(
        node,
        '{{> @partial-block}} stands for what a partial is called around: {{#> name}}…{{/name}}',
      );
      return;
    }
    const partial = this.#files.pop();
    this.#blocks.pop();
    this.#enter(this.#file(), shape, passed);
    this.#blocks.push(passed);
    if (partial !== undefined) this.#files.push(partial);
  }

  /** Reads another file's program, which sees nothing but its own values. */
  #enter(file: string, shape: Shape, program: hbs.AST.Program): void {
    const outer = this.#scopes;
    this.#scopes = [{ shape, names: new Map() }];
    this.#files.push(file);
    this.accept(program);
    this.#files.pop();
    this.#scopes = outer;
  }

  /** @returns what `{{path params}}` yields; null where an error was reported */
  #value(path: hbs.AST.Expression, params: hbs.AST.Expression[], hash: hbs.AST.Hash): Shape | null {
    const name = nodeName(path);
    const helper = this.#helpers.get(name);
    if (helper === undefined) {
      if (params.length === 0 && isEmptyHash(hash)) return this.#expression(path);
      const known = [...this.#helpers.keys()].toSorted().join(', ');
      this.#refuse(path, `unknown helper "${name}": expected one of ${known}`);
      return null;
    }
    if (params.length < helper.least || params.length > helper.most || !isEmptyHash(hash)) {
      const wanted = helper.least === helper.most ? String(helper.least) : `${helper.least} or more`;
      this.#refuse(path, `helper "${name}" takes ${wanted} value(s), found ${params.length}`);
      return null;
    }
    const shapes = params.map((param) => this.#expression(param));
    for (const [i, shape] of shapes.entries()) {
      const param = params[i];
      const wrong = [...(shape?.kinds ?? [])].filter(
        (kind) => kind !== 'nothing' && !helper.accepts.has(kind),
      );
      if (param !== undefined && shape !== null && wrong.length > 0) {
        const wanted = kindsInWords(helper.accepts);
        this.#refuse(
          param,
          `helper "${name}" expects ${wanted}; ${nodeName(param)} is ${kindsInWords(shape.kinds)}`,
        );
        return null;
      }
    }
    return helper.gives === 'same' ? (shapes[0] ?? null) : helper.gives;
  }

  #expression(node: hbs.AST.Expression): Shape | null {
    if (isPath(node)) return this.#path(node);
    if (isSubExpression(node)) return this.#value(node.path, node.params, node.hash);
    return plain(literalKinds[node.type] ?? 'text');
  }

  #path(path: hbs.AST.PathExpression): Shape | null {
    const [head, ...rest] = path.parts;
    if (path.data) {
      if (head === 'root') return this.#follow(path, this.#root, rest);
      if (head !== undefined && rest.length === 0 && loopData.has(head) && this.#loops > 0)
        return plain('number');
      this.#refuse(
        path,
        `unknown name ${path.original}: expected @root, or @index, @first, @last inside {{#each}}`,
      );
      return null;
    }
    const scope = this.#scopes.at(-1 - path.depth);
    if (scope === undefined) {
      this.#refuse(
        path,
        `${path.original} leaves the file: a partial or the outermost level has nothing around it`,
      );
      return null;
    }
    const named = head === undefined || path.depth > 0 ? undefined : scope.names.get(head);
    return named === undefined
      ? this.#follow(path, scope.shape, path.parts)
      : this.#follow(path, named, rest);
  }

  #follow(path: hbs.AST.PathExpression, from: Shape, parts: string[]): Shape | null {
    let shape = from;
    for (const [i, part] of parts.entries()) {
      const next = shape.fields.get(part);
      if (next !== undefined) shape = next;
      else if (part === 'length' && shape.kinds.has('list')) shape = plain('number');
      else {
        this.#refuseUnknown(path, part, parts.slice(0, i), shape);
        return null;
      }
    }
    return shape;
  }

  #hash(hash: hbs.AST.Hash | undefined): Map<string, Shape> {
    const fields = new Map<string, Shape>();
    for (const pair of hash?.pairs ?? []) fields.set(pair.key, this.#expression(pair.value) ?? plain('text'));
    return fields;
  }

  #refuseUnknown(path: hbs.AST.PathExpression, part: string, before: string[], shape: Shape): void {
    const prefix = before.map((name) => `${name}.`).join('');
    const allowed = [...shape.fields.keys()].toSorted().map((name) => prefix + name);
    const around = this.#scopes.length > 1 && this.#scopes.at(0)?.shape.fields.has(part) === true;
    const hint =
      around && before.length === 0 ? ` ("${part}" stands outside: write @root.${part} or ../${part})` : '';
    this.#refuse(
      path,
      `unknown field "${path.original}"${hint}: expected ${
        allowed.length === 0
          ? `no field here, this is ${kindsInWords(shape.kinds)}`
          : `one of ${allowed.join(', ')}`
      }`,
    );
  }

  #refuseUnprintable(node: hbs.AST.Node, name: string, shape: Shape): void {
    const fields = [...shape.fields.keys()].toSorted().map((field) => `${name}.${field}`);
    const advice: Record<Kind, string | null> = {
      text: null,
      number: null,
      nothing: null,
      flag: `ask it with {{#if ${name}}}`,
      moment: `write {{date ${name}}}`,
      object: `print one of its fields: ${fields.join(', ')}`,
      html: this.#html ? `write {{{${name}}}}` : 'it belongs into html.hbs',
      list: `go through it with {{#each ${name}}}`,
    };
    const wrong = [...shape.kinds].map((kind) => advice[kind]).find((said) => said !== null);
    if (wrong === undefined) return;
    this.#refuse(node, `${name} is ${kindsInWords(shape.kinds)} and cannot be printed: ${wrong}`);
  }

  #refuse(node: hbs.AST.Node, what: string): void {
    this.#refuseAt({ files: this.#files, line: node.loc.start.line }, what);
  }

  #refuseAt({ files, line }: { files: readonly string[]; line: number }, what: string): void {
    const [template] = files;
    const file = files.at(-1) ?? '';
    const used = template === file ? '' : ` (used by ${template})`;
    this.errors.push(new TemplateError(file, line, `${what}${used}`));
  }

  #scope(): Scope {
    return this.#scopes.at(-1) ?? { shape: this.#root, names: new Map() };
  }

  #file(): string {
    return this.#files.at(-1) ?? '';
  }
}
