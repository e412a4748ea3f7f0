import { Parser } from 'htmlparser2';
import { lettersOf } from '../letters/text.ts';
import type { Pictures } from '../message/rich-html.ts';
import { withoutDirections } from '../letters/clean.ts';
import { escapeHtml } from './elements.ts';

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

const inline: Record<string, string> = {
  b: 'b',
  strong: 'b',
  i: 'i',
  em: 'i',
  u: 'u',
  s: 's',
  strike: 's',
  del: 's',
};
const plainInline: Record<string, string> = { sub: 'sub', sup: 'sup' };
const headings = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
/** Words of `keptStyle` that are written as an element. */
const worded: Record<string, string> = { bold: 'b', italic: 'i', underline: 'u', struck: 's' };

/**
 * Rewrites sanitised HTML: only `div`, lists, tables in their proper order, a few elements within lines, pictures of the
 * mail itself, and links to the web followed by where they lead. What stands where HTML has no place for it is left out.
 * @param html as `sanitize-html` leaves it: nothing but allowed elements, each one's style in words in its `title`
 */
export function writeHtml(html: string, pictures: Pictures): WrittenHtml {
  return new Writer(pictures).write(html);
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

  constructor(pictures: Pictures) {
    this.pictures = pictures;
  }

  write(html: string): WrittenHtml {
    const parser = new Parser(
      {
        onopentag: (tag, attributes) => {
          this.flush();
          this.open(tag, attributes);
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

  private open(tag: string, attributes: Record<string, string>): void {
    const words = (attributes['title'] ?? '').split(' ');
    const { inside } = this.top();
    switch (tag) {
      case 'table':
        if (inside === 'flow') return this.openTable(words.includes('lined'));
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
        if (inside === 'row') return this.openCell(tag, attributes, words);
        break;
      default:
        if (inside === 'flow') return this.openFlow(tag, attributes, words);
    }
    // out of place: a part of a table outside of one is read as text, and nothing else stands between its parts
    this.push({ inside: inside === 'flow' ? 'flow' : 'nothing' }, '', '');
  }

  private openFlow(tag: string, attributes: Record<string, string>, words: string[]): void {
    switch (tag) {
      case 'br':
      case 'hr':
        return this.push({ inside: 'nothing' }, `<${tag}>`, '');
      case 'img':
        return this.openPicture(attributes);
      case 'a':
        return this.openLink(attributes['href'] ?? '', words);
      case 'ul':
      case 'ol':
        return this.openList(tag, attributes['start']);
      case 'li':
        return this.openWorded(words, '<li>', '</li>');
      case 'p':
        return this.openWorded(words, words.includes('tight') ? '<div>' : block('paragraph'), '</div>');
      case 'pre':
        return this.openWorded(words, block('pre'), '</div>', true);
      case 'blockquote':
        return this.openWorded(words, block('inset'), '</div>');
      case 'div':
      case 'center':
      case 'dl':
      case 'dt':
      case 'dd':
        return this.openWorded(words, '<div>', '</div>');
      default: {
        if (headings.has(tag)) return this.openWorded(['bold'], block('paragraph'), '</div>');
        const same = plainInline[tag];
        if (same !== undefined) return this.openWorded(words, `<${same}>`, `</${same}>`);
        const element = inline[tag];
        const kept = Object.entries(worded).find(([, name]) => name === element)?.[0];
        return this.openWorded(kept === undefined ? words : [kept, ...words], '', '');
      }
    }
  }

  /** An element and, within it, those that its style is written as. */
  private openWorded(words: string[], start: string, end: string, pre = this.top().pre): void {
    const names = [...new Set(words.flatMap((word) => worded[word] ?? []))];
    const from = this.count;
    this.push(
      { inside: 'flow', pre },
      start + names.map((name) => `<${name}>`).join(''),
      names
        .toReversed()
        .map((name) => `</${name}>`)
        .join('') + end,
      names.length === 0 ? nothing : () => this.mark('emphasis', from),
    );
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

  private openCell(tag: 'td' | 'th', attributes: Record<string, string>, words: string[]): void {
    const spans = ['colspan', 'rowspan']
      .flatMap((name) =>
        /^[1-9]\d?$/u.test(attributes[name] ?? '') ? [` ${name}="${attributes[name]}"`] : [],
      )
      .join('');
    const lined = this.top().lined || words.includes('lined');
    const look = lined ? `class="rule" style="${styles.lined}"` : `style="${styles.cell}"`;
    this.openWorded(words, `<${tag}${spans} ${look}>`, `</${tag}>`, false);
  }

  private openPicture({ src = '', alt = '', width = '' }: Record<string, string>): void {
    const picture = this.pictures.get(contentIdOf(src));
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
  private openLink(href: string, words: string[]): void {
    if (this.inLink) return this.openWorded(words, '', '');
    const from = this.out.length;
    const target = readTarget(href);
    this.inLink = true;
    const names = words.flatMap((word) => worded[word] ?? []);
    this.push(
      { inside: 'flow' },
      names.map((name) => `<${name}>`).join(''),
      names
        .toReversed()
        .map((name) => `</${name}>`)
        .join(''),
      () => {
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
      },
    );
  }

  private push(
    open: { inside: Inside; pre?: boolean; lined?: boolean },
    start: string,
    end: string,
    done: () => void = nothing,
  ): void {
    const { pre, lined } = this.top();
    this.out.push(start);
    this.stack.push({ pre, lined, ...open, end, done });
  }

  private close(): void {
    const open = this.stack.pop();
    if (open === undefined) return;
    this.out.push(open.end);
    open.done();
  }

  private flush(): void {
    const text = clean(this.text);
    this.text = '';
    const { inside, pre } = this.top();
    if (text === '' || inside !== 'flow') return;
    this.out.push(
      pre ? escapeHtml(text).replace(/\r\n?|\n/gu, '<br>') : escapeHtml(text.replace(/[ \t\r\n\f]+/gu, ' ')),
    );
    const letters = lettersOf(text);
    this.letters.push(letters);
    this.count += letters.length;
  }

  private mark(what: 'table' | 'list' | 'emphasis', from: number): void {
    this.marks.push({ what, from, to: this.count });
  }
}

function block(style: keyof typeof styles): string {
  return `<div style="${styles[style]}">`;
}

function contentIdOf(src: string): string {
  const id = src.replace(/^cid:/iu, '');
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
