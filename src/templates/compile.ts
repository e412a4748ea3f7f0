/**
 * Templates as functions. Handlebars reads their syntax and we run them: its own runtime copies the context for each partial that is
 * given values, and wraps every helper anew for every mail, which is most of what rendering costs. What `check/check.ts` lets
 * through means the same here as there.
 */
import Handlebars from 'handlebars';
import { isLiteral, isPath, isSubExpression } from './check/nodes.ts';
import type { Context } from './context.ts';
import type { Helper } from './helpers.ts';
import { Verbatim } from './verbatim.ts';

export type CompileOptions = {
  /** the syntax tree of a partial */
  partial: (name: string) => hbs.AST.Program;
  helpers: ReadonlyMap<string, Helper>;
  /** whether values are escaped */
  html: boolean;
};

type Fields = Readonly<Record<string, unknown>>;

/** Where something is written: what its paths mean there. */
type Place = {
  context: unknown;
  /** what a partial was given, before the context's own fields */
  given: Fields | null;
  /** `../` */
  outer: Place | null;
  /** `@root` */
  root: Context;
  /** `@index` and the like */
  loop: Loop | null;
  /** what blocks name `as |…|` */
  names: Fields;
  /** `{{> @partial-block}}` */
  block: Block | null;
};
type Loop = { index: number; key: number; first: boolean; last: boolean; outer: Loop | null };
type Block = { write: Write; outer: Block | null };

type Write = (at: Place) => string;
type Read = (at: Place) => unknown;

/**
 * Compiles templates that may call the same partials, each of which is compiled once, when it is first called.
 * @returns a function for one; it throws where the template has what `check/check.ts` refuses
 */
export function templateCompiler(
  options: CompileOptions,
): (template: hbs.AST.Program) => (context: Context) => string {
  const partials = new Map<string, Write>();
  const partial = (name: string): Write => {
    const write = partials.get(name) ?? new Compiler(options, partial).compiled(options.partial(name));
    partials.set(name, write);
    return write;
  };
  return (template) => {
    const write = new Compiler(options, partial).compiled(template);
    return (context) =>
      write({ context, given: null, outer: null, root: context, loop: null, names: {}, block: null });
  };
}

class Compiler extends Handlebars.Visitor {
  readonly #helpers: CompileOptions['helpers'];
  readonly #html: boolean;
  readonly #partial: (name: string) => Write;
  /** what is written so far */
  #pieces: (string | Write)[] = [];
  /** what the blocks around have named */
  #names: ReadonlySet<string> = new Set();

  constructor({ helpers, html }: CompileOptions, partial: (name: string) => Write) {
    super();
    this.#helpers = helpers;
    this.#html = html;
    this.#partial = partial;
  }

  compiled(program: hbs.AST.Program | undefined, names: ReadonlySet<string> = new Set()): Write {
    if (program === undefined) return () => '';
    const [pieces, before] = [this.#pieces, this.#names];
    this.#pieces = [];
    this.#names = names;
    this.accept(program);
    const write = inTurn(this.#pieces);
    this.#pieces = pieces;
    this.#names = before;
    return write;
  }

  override ContentStatement({ value }: hbs.AST.ContentStatement): void {
    this.#pieces.push(value);
  }

  override MustacheStatement({ path, params, hash, escaped }: hbs.AST.MustacheStatement): void {
    const read = this.#value(path, params, hash);
    this.#pieces.push(
      this.#html && escaped ? (at) => escapeHtml(written(read(at))) : (at) => written(read(at)),
    );
  }

  override BlockStatement(block: hbs.AST.BlockStatement): void {
    const [subject] = block.params;
    if (subject === undefined) throw new Error(`a block without a value: {{#${block.path.original}}}`);
    const read = this.#expression(subject);
    const otherwise = this.compiled(block.inverse, this.#names);
    const named: readonly string[] = block.program?.blockParams ?? [];
    const inside = this.compiled(block.program, new Set([...this.#names, ...named]));
    this.#pieces.push(this.#block(block.path.original, { read, inside, otherwise, named }));
  }

  #block(name: string, { read, inside, otherwise, named }: BlockParts): Write {
    switch (name) {
      case 'if':
        return (at) => (isSomething(read(at)) ? inside(at) : otherwise(at));
      case 'unless':
        return (at) => (isSomething(read(at)) ? otherwise(at) : inside(at));
      case 'with':
        return (at) => {
          const value = read(at);
          if (value !== 0 && !isSomething(value)) return otherwise(at);
          return inside(within(at, value, { names: namesOf(named, [value]), loop: at.loop }));
        };
      case 'each':
        return (at) => {
          const list = read(at);
          if (!Array.isArray(list) || list.length === 0) return otherwise(at);
          let all = '';
          for (let index = 0; index < list.length; index += 1) {
            const item: unknown = list[index];
            const [first, last] = [index === 0, index === list.length - 1];
            const loop = { index, key: index, first, last, outer: at.loop };
            all += inside(within(at, item, { names: namesOf(named, [item, index]), loop }));
          }
          return all;
        };
      default:
        throw new Error(`unknown block {{#${name}}}`);
    }
  }

  override PartialStatement(partial: hbs.AST.PartialStatement): void {
    // before the partial as it stands, not before each of its lines
    this.#pieces.push(partial.indent);
    this.#call(partial, null);
  }

  override PartialBlockStatement(partial: hbs.AST.PartialBlockStatement): void {
    this.#call(partial, this.compiled(partial.program));
  }

  override Decorator(): void {
    throw new Error('a decorator');
  }

  override DecoratorBlock(): void {
    throw new Error('an inline partial');
  }

  #call(partial: hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement, block: Write | null): void {
    const name = isPath(partial.name) ? partial.name.original : '';
    const [context] = partial.params;
    const read = context === undefined ? null : this.#expression(context);
    // Handlebars leaves the hash out where there is none
    const hash: hbs.AST.Hash | undefined = partial.hash;
    const values = (hash?.pairs ?? []).map(({ key, value }) => ({ key, read: this.#expression(value) }));
    const inside = (at: Place): Pick<Place, 'context' | 'given'> => {
      const from = read === null ? at : { context: read(at), given: null };
      if (values.length === 0) return from;
      const given: Record<string, unknown> = { ...from.given };
      for (const value of values) given[value.key] = value.read(at);
      return { context: from.context, given };
    };
    const partialAt = (at: Place, passed: Block | null): Place => ({
      ...inside(at),
      outer: null,
      root: at.root,
      loop: at.loop,
      names: {},
      block: passed,
    });
    if (name === '@partial-block') {
      this.#pieces.push((at) => {
        if (at.block === null) throw new Error('{{> @partial-block}} stands for nothing here');
        const { write, outer } = at.block;
        return write(partialAt(at, outer));
      });
      return;
    }
    let called: Write | null = null;
    this.#pieces.push((at) => {
      called ??= this.#partial(name);
      return called(partialAt(at, block === null ? null : { write: block, outer: at.block }));
    });
  }

  /** What `{{path params}}` yields: a helper's result, or a field. */
  #value(path: hbs.AST.Expression, params: hbs.AST.Expression[], hash: hbs.AST.Hash | undefined): Read {
    const name = isPath(path) ? path.original : '';
    const helper = this.#helpers.get(name);
    if (helper === undefined) {
      if (params.length > 0 || (hash?.pairs ?? []).length > 0) throw new Error(`unknown helper "${name}"`);
      // a literal by itself names a field
      return isLiteral(path) ? fieldOf(String(path.value)) : this.#expression(path);
    }
    const { run } = helper;
    const [first, second, ...others] = params.map((param) => this.#expression(param));
    if (first === undefined) return () => run();
    if (second === undefined) return (at) => run(first(at));
    if (others.length === 0) return (at) => run(first(at), second(at));
    return (at) => run(first(at), second(at), ...others.map((read) => read(at)));
  }

  #expression(node: hbs.AST.Expression): Read {
    if (isPath(node)) return this.#path(node);
    if (isSubExpression(node)) return this.#value(node.path, node.params, node.hash);
    const value = isLiteral(node) ? node.value : node.type === 'NullLiteral' ? null : undefined;
    return () => value;
  }

  #path({ data, depth, parts, original }: hbs.AST.PathExpression): Read {
    const [head, ...rest] = parts;
    if (data) {
      return (at) => follow(head === 'root' ? at.root : own(loopAt(at.loop, depth), head ?? ''), rest);
    }
    if (head === undefined) return (at) => wholeContext(outwards(at, depth));
    if (depth === 0) {
      const isScoped = /^\.|^this\b/u.test(original);
      if (!isScoped && this.#names.has(head)) return (at) => follow(at.names[head], rest);
      const read = fieldOf(head);
      return rest.length === 0 ? read : (at) => follow(read(at), rest);
    }
    return (at) => {
      const place = outwards(at, depth);
      return place === null ? undefined : follow(fieldAt(place, head), rest);
    };
  }
}

type BlockParts = { read: Read; inside: Write; otherwise: Write; named: readonly string[] };

/** Pieces one after the other, constant ones joined. */
function inTurn(all: readonly (string | Write)[]): Write {
  const pieces: (string | Write)[] = [];
  for (const piece of all) {
    const last = pieces.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') pieces[pieces.length - 1] = last + piece;
    else if (piece !== '') pieces.push(piece);
  }
  const [first = ''] = pieces;
  if (pieces.length <= 1) return typeof first === 'string' ? () => first : first;
  return (at) => {
    let text = '';
    for (const piece of pieces) text += typeof piece === 'string' ? piece : piece(at);
    return text;
  };
}

/** A place in a value. */
function within(at: Place, context: unknown, { names, loop }: Pick<Place, 'names' | 'loop'>): Place {
  const all = names === noNames ? at.names : { ...at.names, ...names };
  return { context, given: null, outer: at, root: at.root, loop, names: all, block: at.block };
}

const noNames: Fields = {};

function namesOf(names: readonly string[], values: readonly unknown[]): Fields {
  return names.length === 0 ? noNames : Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

function outwards(at: Place, depth: number): Place | null {
  let place: Place | null = at;
  for (let left = depth; left > 0 && place !== null; left -= 1) place = place.outer;
  return place;
}

function loopAt(innermost: Loop | null, depth: number): Loop | null {
  let loop = innermost;
  for (let left = depth; left > 0 && loop !== null; left -= 1) loop = loop.outer;
  return loop;
}

/** `this`: the context with what a partial was given. */
function wholeContext(at: Place | null): unknown {
  if (at === null || at.given === null) return at?.context;
  return { ...(isObject(at.context) ? at.context : {}), ...at.given };
}

const fieldOf =
  (name: string): Read =>
  (at) =>
    fieldAt(at, name);

function fieldAt({ context, given }: Place, name: string): unknown {
  return given !== null && Object.hasOwn(given, name) ? given[name] : own(context, name);
}

function follow(from: unknown, parts: readonly string[]): unknown {
  let value = from;
  for (const part of parts) value = own(value, part);
  return value;
}

/** A field of a value's own, never an inherited one; what is nothing stays what it is. */
function own(value: unknown, name: string): unknown {
  if (value === null || value === undefined) return value;
  if (isObject(value)) return Object.hasOwn(value, name) ? value[name] : undefined;
  return typeof value === 'string' && name === 'length' ? value.length : undefined;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

/** What `{{#if}}` takes for true: neither nothing nor an empty list. */
function isSomething(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** What can be printed, as it is printed: nothing of a list or another object. */
function written(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value instanceof Verbatim ? value.toString() : '';
}

const special = /[&<>"'`]/;
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
  '`': '&#x60;',
};

function escapeHtml(text: string): string {
  return special.test(text) ? text.replace(/[&<>"'`]/g, (sign) => entities[sign] ?? sign) : text;
}
