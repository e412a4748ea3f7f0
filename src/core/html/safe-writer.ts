import { Parser } from 'htmlparser2';
import { lettersOf } from '../letters/text.ts';
import type { Pictures } from '../message/rich-html.ts';
import { withoutDirections } from '../letters/clean.ts';
import { escapeHtml, skipped } from './elements.ts';
import { type Emphasis, type KeptStyle, keptStyle } from './safe-style.ts';
import type { Attributes } from './style.ts';

/** Something that the HTML shows and a text does not; its position, counted in letters. */
export type Mark =
  | { what: 'table' | 'list' | 'emphasis'; from: number; to: number }
  | { what: 'picture'; name: string; from: number };

export type WrittenHtml = {
  written: string;
  /** all letters that a reader sees, in order, as `lettersOf` has them */
  letters: string;
  marks: Mark[];
};

/** Every style there is in what is written. */
export const styles = {
  paragraph: 'margin:0 0 12px;',
  pre: 'margin:0 0 12px;white-space:pre-wrap;font-family:monospace;',
  inset: 'margin:0 0 12px;padding:0 0 0 12px;border-left:3px solid #c5ced8;',
  list: 'margin:0 0 12px;padding:0 0 0 26px;',
  table: 'border-collapse:collapse;margin:0 0 12px;',
  cell: 'padding:2px 8px 2px 0;text-align:left;vertical-align:top;',
  lined: 'padding:5px 8px;border:1px solid #c5ced8;text-align:left;vertical-align:top;',
  picture: 'max-width:100%;height:auto;border:0;',
  target: 'font-size:13px;color:#5b6673;',
} as const;

/** A picture is as wide as a mail is, at most. */
const widest = 520;
/** The content of deeper elements is shown, and they are not. */
const deepest = 60;

/** The allowed content of an open element: any flow content, or only certain parts of a table. */
type Inside = 'flow' | 'table' | 'rows' | 'row' | 'nothing';
type Open = {
  inside: Inside;
  /** its end tag; '' if nothing was written for it */
  end: string;
  pre: boolean;
  lined: boolean;
  done: () => void;
};

const nothing = (): void => undefined;
const root: Open = { inside: 'flow', end: '', pre: false, lined: false, done: nothing };

/** Elements that are left out with all they hold. */
const leftOut = new Set([...skipped, 'textarea', 'option', 'xmp', 'plaintext']);

/** How an element is written that may stand in text, by its name; others leave nothing but what they hold. */
type Written = { start: string; end: string; emphasis: readonly Emphasis[] };
const flow = new Map<string, Written>();
const writeAs = (names: string, start: string, end: string, ...emphasis: Emphasis[]): void => {
  for (const name of names.split(' ')) flow.set(name, { start, end, emphasis });
};
writeAs('div center dl dt dd', '<div>', '</div>');
writeAs('p h1 h2 h3 h4 h5 h6', block('paragraph'), '</div>');
writeAs('pre', block('pre'), '</div>');
writeAs('blockquote', block('inset'), '</div>');
for (const name of ['li', 'sub', 'sup']) writeAs(name, `<${name}>`, `</${name}>`);
writeAs('b strong', '', '', 'b');
writeAs('i em', '', '', 'i');
writeAs('u', '', '', 'u');
writeAs('s strike del', '', '', 's');
writeAs('span font code tt', '', '');
const headings = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6']);

/**
 * Rewrites HTML: only `div`, lists, tables in their proper order, a few elements within lines, pictures of the mail itself, and
 * links to the web followed by where they lead. No start tag, attribute or end tag is copied. What stands where HTML has no
 * place for it is left out.
 */
export function writeHtml(html: string, pictures: Pictures): WrittenHtml {
  return new Writer(pictures).rewrite(html);
}

class Writer {
  private readonly pictures: Pictures;
  private readonly out: string[] = [];
  private readonly stack: Open[] = [];
  private readonly marks: Mark[] = [];
  private readonly letters: string[] = [];
  private count = 0;
  private text = '';
  private inLink = false;
  private isSpaced = false;

  constructor(pictures: Pictures) {
    this.pictures = pictures;
  }

  rewrite(html: string): WrittenHtml {
    const parser = new Parser(
      {
        onopentag: (tag, attributes) => {
          this.flush();
          this.open(tag, new Map(Object.entries(attributes)));
        },
        ontext: (text) => {
          this.text += text;
        },
        onclosetag: () => {
          this.flush();
          this.close();
        },
      },
      { decodeEntities: true },
    );
    parser.end(html);
    this.flush();
    while (this.stack.length > 0) this.close();
    return { written: this.out.join(''), letters: this.letters.join(''), marks: this.marks };
  }

  private top(): Open {
    return this.stack.at(-1) ?? root;
  }

  private open(tag: string, attributes: Attributes): void {
    const { inside } = this.top();
    const style = leftOut.has(tag) ? 'hidden' : keptStyle(tag, attributes);
    if (style === 'hidden') return this.push({ inside: 'nothing' }, '', '');
    if (this.stack.length >= deepest) return this.push({ inside }, '', '');
    switch (tag) {
      case 'table':
        if (inside === 'flow') return this.openTable(style.lined);
        break;
      case 'thead':
      case 'tbody':
      case 'tfoot':
        if (inside === 'table') return this.push({ inside: 'rows' }, '<tbody>', '</tbody>');
        break;
      case 'tr':
        if (inside === 'table' || inside === 'rows') return this.push({ inside: 'row' }, '<tr>', '</tr>');
        break;
      case 'td':
      case 'th':
        if (inside === 'row') return this.openCell(tag, attributes, style);
        break;
      case 'br':
      case 'hr':
        if (inside === 'flow') return this.push({ inside: 'nothing' }, `<${tag}>`, '');
        break;
      case 'img':
        if (inside === 'flow') return this.openPicture(attributes);
        break;
      case 'a':
        if (inside === 'flow') return this.openLink(attributes.get('href') ?? '', style);
        break;
      case 'ul':
      case 'ol':
        if (inside === 'flow') return this.openList(tag, attributes.get('start'));
        break;
      default: {
        const written = flow.get(tag);
        if (written === undefined) return this.push({ inside }, '', '');
        if (inside === 'flow') return this.openFlow(tag, written, style);
      }
    }
    // out of place: a part of a table outside of one is read as text, and nothing else stands between its parts
    this.push({ inside: inside === 'flow' ? 'flow' : 'nothing' }, '', '');
  }

  private openFlow(tag: string, { start, end, emphasis }: Written, style: KeptStyle): void {
    if (headings.has(tag)) return this.openStyled(['b'], start, end);
    const isPre = tag === 'pre' || this.top().pre;
    this.openStyled([...emphasis, ...style.emphasis], style.tight ? '<div>' : start, end, isPre);
  }

  /** An element and, within it, those that its style is written as. */
  private openStyled(emphasis: readonly Emphasis[], start: string, end: string, pre = this.top().pre): void {
    const from = this.count;
    const [opening, closing] = tagsOf(emphasis);
    const done = opening === '' ? nothing : () => this.mark('emphasis', from);
    this.push({ inside: 'flow', pre }, start + opening, closing + end, done);
  }

  private openList(tag: 'ul' | 'ol', start: string | undefined): void {
    const from = this.count;
    const first = tag === 'ol' && /^\d{1,4}$/u.test(start ?? '') ? ` start="${start}"` : '';
    this.push({ inside: 'flow' }, `<${tag}${first} style="${styles.list}">`, `</${tag}>`, () =>
      this.mark('list', from),
    );
  }

  private openTable(lined: boolean): void {
    const from = this.count;
    const at = this.out.length;
    this.push({ inside: 'table', lined }, `<table style="${styles.table}">`, '</table>', () => {
      const inner = this.out.slice(at + 1);
      const rows = inner.filter((piece) => piece === '<tr>').length;
      const cells = inner.filter((piece) => piece.startsWith('<td') || piece.startsWith('<th')).length;
      // fewer only lay out what stands in them
      if (rows >= 2 && cells >= 2 * rows) this.mark('table', from);
    });
  }

  private openCell(tag: 'td' | 'th', attributes: Attributes, style: KeptStyle): void {
    const spans = ['colspan', 'rowspan'].map((name) => {
      const span = attributes.get(name) ?? '';
      return /^[1-9]\d?$/u.test(span) ? ` ${name}="${span}"` : '';
    });
    const lined = this.top().lined || style.lined;
    const look = lined ? `class="rule" style="${styles.lined}"` : `style="${styles.cell}"`;
    this.openStyled(style.emphasis, `<${tag}${spans.join('')} ${look}>`, `</${tag}>`, false);
  }

  private openPicture(attributes: Attributes): void {
    const alt = attributes.get('alt') ?? '';
    const width = attributes.get('width') ?? '';
    const picture = this.pictures.get(contentIdOf(attributes.get('src') ?? ''));
    if (picture === undefined || picture.cid === null) {
      const name = clean(picture?.name ?? (/\p{L}/u.test(alt) ? alt : ''));
      // emoji that programs send as pictures
      const shown = name !== '' ? `[${name}]` : alt.length <= 16 ? clean(alt) : '';
      return this.push({ inside: 'nothing' }, escapeHtml(shown.slice(0, 100)), '');
    }
    // Outlook knows no greatest width
    const wide = /^\d{1,5}$/u.test(width) ? ` width="${Math.min(Number(width), widest)}"` : '';
    this.marks.push({ what: 'picture', name: picture.name, from: this.count });
    this.push(
      { inside: 'nothing' },
      `<img src="cid:${picture.cid}" alt="${escapeHtml(clean(picture.name))}"${wide} style="${styles.picture}">`,
      '',
    );
  }

  /** A link to the web lives, and says where it leads; one that writes a mail is text: it might write to the desk. */
  private openLink(href: string, { emphasis }: KeptStyle): void {
    if (this.inLink) return this.openStyled(emphasis, '', '');
    const from = this.out.length;
    const target = readTarget(href);
    this.inLink = true;
    const [opening, closing] = tagsOf(emphasis);
    this.push({ inside: 'flow' }, opening, closing, () => {
      this.inLink = false;
      const shown = this.out
        .slice(from)
        .join('')
        .replace(/<[^>]*>/gu, '');
      if (target === null || shown.trim() === '') return;
      if (target.live) {
        this.out[from] = `<a href="${escapeHtml(target.href)}">${this.out[from] ?? ''}`;
        this.out.push('</a>');
      }
      if (bare(shown) !== bare(escapeHtml(target.href)) && bare(shown) !== bare(escapeHtml(target.said)))
        this.out.push(
          ` <span class="dim" style="${styles.target}">&lt;${escapeHtml(target.said)}&gt;</span>`,
        );
    });
  }

  private push(
    open: { inside: Inside; pre?: boolean; lined?: boolean },
    start: string,
    end: string,
    done: () => void = nothing,
  ): void {
    const { pre, lined } = this.top();
    this.write(start);
    this.stack.push({ pre, lined, ...open, end, done });
  }

  private close(): void {
    const open = this.stack.pop();
    if (open === undefined) return;
    this.write(open.end);
    open.done();
  }

  private flush(): void {
    const text = clean(this.text);
    this.text = '';
    const { inside, pre } = this.top();
    if (text === '' || inside !== 'flow') return;
    if (pre) this.write(escapeHtml(text).replace(/\r\n?|\n/gu, '<br>'));
    else this.writeRun(text.replace(/[ \t\r\n\f]+/gu, ' '));
    const letters = lettersOf(text);
    this.letters.push(letters);
    this.count += letters.length;
  }

  private write(html: string): void {
    this.out.push(html);
    if (html !== '') this.isSpaced = false;
  }

  /** Text with single spaces, one of which may stand before an element that left nothing. */
  private writeRun(text: string): void {
    this.write(escapeHtml(this.isSpaced && text.startsWith(' ') ? text.slice(1) : text));
    this.isSpaced = text.endsWith(' ');
  }

  private mark(what: 'table' | 'list' | 'emphasis', from: number): void {
    this.marks.push({ what, from, to: this.count });
  }
}

/** The start and the end tags of each emphasis, once. */
function tagsOf(emphasis: readonly Emphasis[]): [string, string] {
  const names = [...new Set(emphasis)];
  const ends = names.toReversed().map((name) => `</${name}>`);
  return [names.map((name) => `<${name}>`).join(''), ends.join('')];
}

function block(style: keyof typeof styles): string {
  return `<div style="${styles[style]}">`;
}

function contentIdOf(src: string): string {
  if (!/^cid:/iu.test(src)) return '';
  const id = src.slice('cid:'.length);
  try {
    return decodeURIComponent(id);
  } catch (error) {
    // a stray percent sign is part of the id
    if (error instanceof URIError) return id;
    throw error;
  }
}

/** The target of a link, as a browser understands it, or null if it may not be shown. */
function readTarget(href: string): { href: string; said: string; live: boolean } | null {
  const url = URL.parse(href);
  if (url === null || href.length > 1500) return null;
  if (url.protocol === 'mailto:') {
    // an address with a detail may be a reply address of ours
    const isPlain = url.pathname.length <= 100 && !/[+%]/u.test(url.pathname);
    return isPlain ? { href: url.pathname, said: url.pathname, live: false } : null;
  }
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '')
    return null;
  const whole = url.href;
  return { href: whole, said: whole.length <= 70 ? whole : `${whole.slice(0, 69)}…`, live: true };
}

function bare(link: string): string {
  return link
    .trim()
    .toLowerCase()
    .replace(/^(?:https?:\/\/|mailto:)(?:www\.)?/u, '')
    .replace(/\/+$/u, '');
}

/** Controls, and what turns the direction of writing (BAD-MAIL 72), have no place in our mails. */
function clean(text: string): string {
  return withoutDirections(text.toWellFormed().replace(/[^\P{Cc}\n\r\t\f]/gu, ''));
}
