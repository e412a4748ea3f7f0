import type { SafeHtml } from '../core/message/rich-html.ts';

/** HTML that goes into a mail unescaped, in the one place where a template may write `{{{…}}}`. */
export class Verbatim {
  readonly #html: SafeHtml;

  constructor(html: SafeHtml) {
    this.#html = html;
  }

  /** Handlebars' output */
  toString(): string {
    return this.#html;
  }
}
