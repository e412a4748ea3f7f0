/**
 * Written by hand on htmlparser2's tokens: html-to-text gives text, and here each line needs its quote depth, what its mail
 * program says of it and whether it is seen, in linear time whatever the HTML.
 */
import { Tokenizer } from 'htmlparser2';
import {
  addOption,
  chosenOf,
  drawnText,
  type OpenElement,
  openChoice,
  root,
  writeOption,
} from './open-element.ts';
import { type Look, lookOf } from './look.ts';
import { costsTooMuch, noSheet, readSheets, type Sheet } from './sheet.ts';
import { type Attributes, isUnreadable, isVivid } from './style.ts';
import { type ElementPart, partOf } from './quotes.ts';
import { blocks, impliedEnds, isTight, skipped, spaced, startOf, voids } from './elements.ts';
import { HtmlLines } from './line-writer.ts';
import { endsPreview, previewOpens } from '../letters/marker.ts';
import type { Line } from '../lines/lines.ts';

/** HTML as lines, and what it hides. */
export type RenderedHtml = {
  lines: Line[];
  /** the index of every line at which text stands that a reader of the HTML does not see, or may not see */
  hiddenAt: number[];
  /** such text as is in no line, piece by piece, bounded */
  leftOut: string[];
  /** a mail program's own marks of a quote or a signature were found */
  structured: boolean;
  /** words of another colour stand in what it quotes: answers, perhaps */
  colored: boolean;
  /** its style sheets would cost too much and were not asked: all of its text may be hidden by them */
  unstyled: boolean;
  /** it has more lines than are read */
  isCut: boolean;
};

/** Stands around what is struck through, which its writer takes back. */
const struckMark = '~~';

/** Deeper elements are read as if they stood at this depth. */
const deepest = 50_000;

/**
 * Turns HTML into lines, with what mail programs say in its structure: quotes as depth, attributions, signatures. Hidden
 * text becomes no line. Linear in the size of the HTML: a tokenizer, a stack, no tree. Style sheets that cost more than any
 * that was written for people are dropped, and all text is doubted then.
 * @param keepHidden hidden text becomes lines as any other
 */
export function renderHtml(html: string, keepHidden = false): RenderedHtml {
  const clean = html.replaceAll('\0', '').toWellFormed();
  const sheet = readSheets(clean);
  const rendered = new Renderer(sheet, keepHidden, false).render(clean);
  return costsTooMuch(sheet) ? new Renderer(noSheet(), keepHidden, true).render(clean) : rendered;
}

class Renderer {
  private readonly out = new HtmlLines();
  // a copy: the body's colours are written into it
  private readonly stack: OpenElement[] = [{ ...root }];
  /** open elements by name, to recognise an end tag that closes nothing */
  private readonly open = new Map<string, number>();
  private readonly sheet: Sheet;
  private readonly keepHidden: boolean;
  /** open elements by class or id */
  private readonly openNames = new Map<string, number>();
  private skipping: string | null = null;
  private skipDepth = 0;
  private rest = false;
  private structured = false;
  private colored = false;
  private inPreview = false;
  /** the first line below a separator that is not yet known to stand above a quoted header */
  private separatorAt = 0;

  private readonly unstyled: boolean;

  constructor(sheet: Sheet, keepHidden: boolean, unstyled: boolean) {
    this.sheet = sheet;
    this.keepHidden = keepHidden;
    this.unstyled = unstyled;
    // what is said of the body holds where no tag of it stands, too
    for (const tag of ['html', 'body']) this.openBody(tag, new Map());
  }

  render(html: string): RenderedHtml {
    let name = '';
    let attributes = new Map<string, string>();
    let attribute = '';
    let value = '';
    const tokenizer = new Tokenizer(
      { decodeEntities: true },
      {
        onopentagname: (start, end) => {
          name = html.slice(start, end).toLowerCase();
          attributes = new Map();
        },
        onattribname: (start, end) => {
          attribute = html.slice(start, Math.min(end, start + 100)).toLowerCase();
          value = '';
        },
        onattribdata: (start, end) => {
          if (value.length < 8_000) value += html.slice(start, Math.min(end, start + 8_000));
        },
        onattribentity: (code) => {
          if (value.length < 8_000) value += String.fromCodePoint(code);
        },
        onattribend: () => {
          if (attributes.size < 100 && !attributes.has(attribute)) attributes.set(attribute, value);
        },
        onopentagend: () => this.openTag(name, attributes),
        onselfclosingtag: () => {
          this.openTag(name, attributes);
          // only void elements close themselves in HTML; Outlook's o:p and those of drawings do too
          if (name.includes(':') || this.isDrawing()) this.closeTag(name);
        },
        onclosetag: (start, end) => this.closeTag(html.slice(start, end).toLowerCase().trim()),
        ontext: (start, end) => this.text(html.slice(start, end)),
        ontextentity: (code) => this.text(String.fromCodePoint(code)),
        oncdata: () => undefined,
        oncomment: () => undefined,
        ondeclaration: () => undefined,
        onprocessinginstruction: () => undefined,
        onend: () => this.closeTag('select'),
      },
    );
    tokenizer.write(html);
    tokenizer.end();
    return {
      ...this.out.finish(),
      structured: this.structured,
      colored: this.colored,
      unstyled: this.unstyled,
    };
  }

  /** True if the current content is skipped. */
  private isOver(): boolean {
    return this.out.isFull() || costsTooMuch(this.sheet);
  }

  private isDrawing(): boolean {
    return (this.open.get('svg') ?? 0) > 0;
  }

  private top(): OpenElement {
    return this.stack.at(-1) ?? root;
  }

  private openTag(tag: string, attributes: Attributes): void {
    if (this.isOver()) return;
    if (this.skipping !== null) {
      if (tag === this.skipping) this.skipDepth++;
      return;
    }
    if (tag === 'body' || tag === 'html') return this.openBody(tag, attributes);
    if (skipped.has(tag) && !(tag === 'head' && this.stack.length > 20)) {
      this.skipping = tag;
      this.skipDepth = 1;
      return;
    }
    // a paragraph ends a drawing that nobody closed
    if (this.top().muted && blocks.has(tag)) this.closeTag('svg');
    if (voids.has(tag)) return this.openVoid(tag, attributes);
    for (const ended of impliedEnds[tag] ?? []) if (this.top().tag === ended) this.closeTag(ended);
    if (this.stack.length >= deepest) return;
    const frame = this.enter(tag, attributes);
    if (blocks.has(tag) || frame.part !== null) {
      this.out.breakLine(isSpaced(tag, this.top()) && !isTight(tag, attributes));
    }
    if (tag === 'td' || tag === 'th') this.out.space();
    const begins = frame.struck && !this.top().struck;
    this.stack.push(frame);
    this.count(frame.names, 1);
    if (begins && !frame.hidden) this.out.write(struckMark, this.place(), false);
    this.open.set(tag, (this.open.get(tag) ?? 0) + 1);
    if (tag === 'li') this.openItem();
  }

  /** Its colours hold for all that follows; it is never closed. */
  private openBody(tag: string, attributes: Attributes): void {
    this.skipping = null;
    const top = this.top();
    const look = this.look(tag, attributes, top);
    this.count(look.names, 1);
    Object.assign(top, look);
  }

  private openVoid(tag: string, attributes: Attributes): void {
    const top = this.top();
    if (partOf(tag, attributes) === 'rest') this.startRest();
    if (top.hidden) return;
    if (tag === 'br') this.out.newLine(this.place());
    if (tag === 'hr') this.out.ruleLine(this.place());
    // emoji that programs send as pictures
    const alt = attributes.get('alt') ?? '';
    if (tag === 'img' && alt !== '' && alt.length <= 16 && !/[\p{L}\p{N}]/u.test(alt))
      this.out.write(alt, this.place(), false);
  }

  private openItem(): void {
    const { hidden, list } = this.top();
    if (hidden) return;
    if (list === null || list.next === null) this.out.bullet('- ', this.place());
    else this.out.bullet(`${list.next++}. `, this.place());
  }

  private count(names: string[], by: 1 | -1): void {
    for (const name of names) this.openNames.set(name, (this.openNames.get(name) ?? 0) + by);
  }

  /** The frame of an element: its parent's state and what it changes. */
  private enter(tag: string, attributes: Attributes): OpenElement {
    const parent = this.top();
    const part = partOf(tag, attributes);
    const frame: OpenElement = {
      ...parent,
      ...this.look(tag, attributes, parent),
      tag,
      part,
      quoteDone: false,
      link: tag === 'a' ? (attributes.get('href') ?? null) : parent.link,
      muted: tag === 'svg' || (parent.muted && !drawnText.has(tag)),
      choice: tag === 'select' ? openChoice(attributes) : parent.choice,
      list: tag === 'ol' ? { next: startOf(attributes) } : tag === 'ul' ? { next: null } : parent.list,
    };
    if (tag === 'option' && frame.choice !== null) addOption(frame.choice, attributes);
    if (tag === 'a' && frame.link !== null && !frame.hidden) this.out.openLink();
    this.take(frame, part);
    return frame;
  }

  private look(tag: string, attributes: Attributes, parent: Look): Look {
    const isWithin = (name: string): boolean =>
      ((/^[.#]/u.test(name) ? this.openNames : this.open).get(name) ?? 0) > 0 ||
      name === 'body' ||
      name === 'html';
    const look = lookOf({ tag, attributes, parent }, this.sheet, isWithin);
    return this.keepHidden ? { ...look, hidden: false } : look;
  }

  private take(frame: OpenElement, part: ElementPart | null): void {
    switch (part) {
      case 'blockquote':
        frame.depth++;
        frame.indent = false;
        this.structured = true;
        break;
      case 'indent':
        frame.indent = frame.container === -1 && (frame.depth === 0 || frame.indent);
        frame.depth++;
        this.structured = true;
        break;
      case 'container':
        frame.container = this.stack.length;
        this.structured = true;
        break;
      case 'quoted':
        frame.quoted = true;
        this.structured = true;
        break;
      case 'attribution':
        frame.attribution = true;
        break;
      case 'rest':
        this.startRest();
        break;
      case 'separator':
        this.out.breakLine(false);
        this.separatorAt = this.out.count();
        break;
      case 'signature':
        frame.signature = true;
        this.structured = true;
        break;
      case null:
        break;
      default:
        part satisfies never;
    }
  }

  private startRest(): void {
    if (this.top().depth > 0) return;
    this.out.breakLine(false);
    this.rest = true;
    this.structured = true;
  }

  private closeTag(tag: string): void {
    if (this.skipping !== null) {
      if (tag !== this.skipping || --this.skipDepth > 0) return;
      this.skipping = null;
      return;
    }
    if (tag === 'br') return this.out.newLine(this.place());
    if ((this.open.get(tag) ?? 0) === 0) return;
    for (let frame = this.stack.pop(); frame !== undefined; frame = this.stack.pop()) {
      this.open.set(frame.tag, (this.open.get(frame.tag) ?? 1) - 1);
      this.count(frame.names, -1);
      this.leave(frame);
      if (frame.tag === tag || this.stack.length === 1) break;
    }
  }

  private leave(frame: OpenElement): void {
    if (frame.tag === 'select' && frame.choice !== null)
      this.out.write(chosenOf(frame.choice), this.place(), false);
    if (frame.struck && !this.top().struck && !frame.hidden) this.out.write(struckMark, this.place(), false);
    if (frame.tag === 'a' && frame.link !== null && !frame.hidden)
      this.out.closeLink(frame.link, this.place());
    if (blocks.has(frame.tag) || frame.part !== null) {
      this.out.breakLine(isSpaced(frame.tag, this.top()) && frame.tag !== 'p');
    }
    if (frame.part === 'separator' && !this.rest && this.out.isLabelled(this.separatorAt)) {
      this.out.markRest(this.separatorAt);
      this.rest = true;
      this.structured = true;
    }
    if (frame.part !== 'blockquote' && frame.part !== 'indent') return;
    const container = this.stack[frame.container];
    if (container !== undefined && frame.depth === container.depth + 1) container.quoteDone = true;
  }

  private text(text: string): void {
    if (this.skipping !== null || this.isOver()) return;
    const top = this.top();
    if (top.muted) return;
    const unreadable = this.unreadable(top);
    const isHidden = top.hidden || (unreadable === 'yes' && !this.keepHidden);
    if (top.gone || top.tiny || top.invisible || top.unsure || this.unstyled || unreadable !== 'no') {
      // our own mails hide their preview text, and bring it back in a quote
      this.inPreview ||= text.includes(previewOpens);
      const ours = this.inPreview;
      this.inPreview &&= !endsPreview(text);
      if (ours) return;
      if (top.depth === 0 && !this.rest && !top.quoted) this.out.doubt(text, isHidden);
    }
    this.colored ||= !isHidden && this.isAnswer(top) && /[\p{L}\p{N}]/u.test(text);
    if (isHidden) return;
    if (top.choice === null) this.out.write(text, this.place(), top.preformatted);
    else writeOption(top.choice, text);
  }

  /** Whether text of these colours can be told from what may be behind it. */
  private unreadable({ colors, backgrounds }: Look): 'yes' | 'perhaps' | 'no' {
    const all = colors.flatMap((color) => backgrounds.map((background) => isUnreadable(color, background)));
    return all.every(Boolean) ? 'yes' : all.some(Boolean) ? 'perhaps' : 'no';
  }

  private isAnswer({ depth, quoted, container, link, colors }: OpenElement): boolean {
    return link === null && (depth > 0 || this.rest || quoted || container >= 0) && colors.every(isVivid);
  }

  /** Destination of text at the top of the stack. */
  private place() {
    const top = this.top();
    const container = this.stack[top.container];
    // within a mail program's container all is quoted until its blockquote ends; its header of a forward is read as text
    const contained =
      container !== undefined &&
      container.part === 'container' &&
      !container.quoteDone &&
      top.depth === container.depth;
    return {
      depth: top.depth,
      role: this.rest
        ? ('rest' as const)
        : top.signature
          ? ('signature' as const)
          : top.attribution
            ? ('attribution' as const)
            : top.quoted
              ? ('quote' as const)
              : contained
                ? ('container' as const)
                : top.indent
                  ? ('indent' as const)
                  : null,
    };
  }
}

/** A blank line stands around it; not around a list within another. */
function isSpaced(tag: string, parent: OpenElement): boolean {
  return spaced.has(tag) && !((tag === 'ul' || tag === 'ol') && parent.list !== null);
}
