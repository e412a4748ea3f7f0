/** An invalid template. The message names file and line, the problem and what is allowed there. */
export class TemplateError extends Error {
  override name = 'TemplateError';
  /** path as it was read */
  readonly file: string;
  /** counted from 1; null where the whole file is meant */
  readonly line: number | null;

  constructor(file: string, line: number | null, what: string) {
    super(`${file}${line === null ? '' : `:${line}`}: ${what}`);
    this.file = file;
    this.line = line;
  }
}
