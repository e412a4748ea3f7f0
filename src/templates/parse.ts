import Handlebars from 'handlebars';
import { TemplateError } from './error.ts';
import { messageOf } from '../log/errors.ts';

/** A template or partial as it was read and parsed. */
export type Parsed = { file: string; program: hbs.AST.Program };

/**
 * Reads one file into its syntax tree.
 * @throws TemplateError with the line, where it is no Handlebars
 */
export function parseTemplate(file: string, source: string): Parsed {
  try {
    return { file, program: Handlebars.parse(source, { srcName: file }) };
  } catch (error) {
    const said = messageOf(error);
    const open = said.includes("got 'EOF'") ? 'a block {{#…}} is not closed before the end. ' : '';
    const line = /on line (\d+)/.exec(said)?.[1] ?? / - (\d+):\d+$/.exec(said)?.[1];
    throw new TemplateError(
      file,
      line === undefined ? null : Number(line),
      `not a Handlebars template: ${open}${said.replaceAll('\n', ' ')}`,
    );
  }
}
