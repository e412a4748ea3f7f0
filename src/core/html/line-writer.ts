import { readField } from '../lines/header-block.ts';
import { type HtmlRole, type Line, makeLine } from '../lines/lines.ts';

/** The place of text: its quote depth, and its marks by the mail program. */
export type LinePlace = { depth: number; role: HtmlRole | null };

/** Deeper quotes are shown at this depth: each line carries its marks. */
const deepestMarks = 20;
const longestLink = 500;
/** Lines of a mail beyond this number are not read. */
export const mostLines = 50_000;
/** Pieces of hidden text to keep: enough to see whether they appear elsewhere. */
const mostLeftOut = 100;

/** Collects text into lines as a browser would lay it out: runs of white space are one, blocks begin on a line of their own. */
export class HtmlLines {
  private readonly lines: Line[] = [];
  private readonly hiddenAt: number[] = [];
  private readonly leftOut: string[] = [];
  private parts: string[] = [];
  private place: LinePlace = { depth: 0, role: null };
  /** the current line ends in white space, or is empty: more of it adds nothing */
  private spaced = true;
  private wantsBlank = false;
  private linkStart: { line: number; part: number } | null = null;
  /** something other than a bullet stands on the current line */
  private filled = false;
  private isCut = false;

  /** True if no more lines are accepted. */
  isFull(): boolean {
    return this.isCut;
  }

  count(): number {
    return this.lines.length;
  }

  /** True if the first filled line from an index on is a `Label: value` line. */
  isLabelled(from: number): boolean {
    const line = this.lines.slice(from, from + 5).find(({ blank }) => !blank);
    return line !== undefined && readField(line.bare) !== null;
  }

  /** Says of all lines from an index on that they are quoted, to the end. */
  markRest(from: number): void {
    for (let i = from; i < this.lines.length; i++) {
      const line = this.lines[i];
      if (line !== undefined && line.depth === 0) this.lines[i] = { ...line, role: 'rest' };
    }
  }

  /** Text as it stands between tags. */
  write(text: string, place: LinePlace, preformatted: boolean): void {
    if (!preformatted) return this.writeRun(text.replace(/[ \t\r\n\f\v\u0085\u2028\u2029]+/gu, ' '), place);
    const [first = '', ...more] = text.split(/\r\n|[\r\n\f\v\u0085\u2028\u2029]/u);
    this.writeRun(first, place, true);
    for (const one of more) {
      this.newLine(place);
      this.writeRun(one, place, true);
    }
  }

  private writeRun(text: string, place: LinePlace, keepSpace = false): void {
    const run = this.spaced && !keepSpace ? text.replace(/^ +/u, '') : text;
    if (run === '') return;
    if (this.parts.length === 0) this.start(place);
    // bold and plain may differ in role within a line; the first decides
    this.parts.push(run.replaceAll('\u00a0', ' '));
    this.spaced = /\s$/u.test(run);
    this.filled = true;
  }

  private start(place: LinePlace): void {
    if (this.wantsBlank && this.lines.length > 0 && this.lines.at(-1)?.blank === false) {
      this.push('', { depth: Math.min(place.depth, this.lines.at(-1)?.depth ?? 0), role: place.role });
    }
    this.wantsBlank = false;
    this.place = place;
  }

  /** White space between cells of a row. */
  space(): void {
    if (this.parts.length === 0 || this.spaced) return;
    this.parts.push(' ');
    this.spaced = true;
  }

  /** A `<br>`: ends the line, even an empty one. */
  newLine(place: LinePlace): void {
    if (this.parts.length === 0) this.start(place);
    this.flush();
  }

  /** The edge of a block: ends the line if there is one. */
  breakLine(blank: boolean): void {
    if (this.parts.length > 0 && this.filled) this.flush();
    this.wantsBlank ||= blank;
  }

  bullet(mark: string, place: LinePlace): void {
    this.wantsBlank &&= this.lines.at(-1)?.body.startsWith('- ') !== true;
    this.start(place);
    this.parts.push(mark);
    this.spaced = true;
    this.filled = false;
  }

  ruleLine(place: LinePlace): void {
    this.breakLine(false);
    this.start(place);
    this.parts.push('_'.repeat(32));
    this.flush();
  }

  /** Text that a reader does not see, or may not see; only letters and digits count. */
  doubt(text: string, isLeftOut: boolean): void {
    if (!/[\p{L}\p{N}]/u.test(text)) return;
    if (this.hiddenAt.at(-1) !== this.lines.length) this.hiddenAt.push(this.lines.length);
    if (isLeftOut && this.leftOut.length < mostLeftOut) this.leftOut.push(text);
  }

  openLink(): void {
    this.linkStart = { line: this.lines.length, part: this.parts.length };
  }

  /** Adds a web link's address where its text does not say it. Addresses of `mailto:` links stay out: ours carry tokens. */
  closeLink(href: string, place: LinePlace): void {
    const start = this.linkStart;
    this.linkStart = null;
    if (start === null || start.line !== this.lines.length || !/^https?:/iu.test(href)) return;
    const text = this.parts.slice(start.part).join('').trim();
    if (text === '' || bareLink(text) === bareLink(href)) return;
    this.writeRun(` <${href.slice(0, longestLink).replace(/[\s<>]/gu, '')}>`, place);
  }

  private flush(): void {
    this.push(this.parts.join('').trimEnd(), this.place);
    this.parts = [];
    this.spaced = true;
    this.filled = false;
  }

  private push(text: string, { depth, role }: LinePlace): void {
    this.isCut ||= this.lines.length >= mostLines;
    if (this.isCut) return;
    const marks = '>'.repeat(Math.min(depth, deepestMarks));
    const raw = marks === '' ? text : text === '' ? marks : `${marks} ${text}`;
    this.lines.push(makeLine(raw, depth, text, role));
  }

  /**
   * All lines, blank ones at both ends left out; where hidden text stood between them, and such text as is in none. `isCut`: there
   * were more.
   */
  finish(): { lines: Line[]; hiddenAt: number[]; leftOut: string[]; isCut: boolean } {
    if (this.parts.length > 0) this.flush();
    const { leftOut, isCut } = this;
    const first = this.lines.findIndex(({ blank }) => !blank);
    if (first < 0) return { lines: [], hiddenAt: this.hiddenAt.map(() => 0), leftOut, isCut };
    const last = this.lines.findLastIndex(({ blank }) => !blank);
    return {
      lines: this.lines.slice(first, last + 1),
      hiddenAt: this.hiddenAt.map((at) => Math.min(Math.max(0, at - first), last - first + 1)),
      leftOut,
      isCut,
    };
  }
}

function bareLink(link: string): string {
  return link
    .toLowerCase()
    .replace(/^(?:https?:\/\/|mailto:)(?:www\.)?/u, '')
    .replace(/(?<![/\s])[/\s]+$/u, '');
}
