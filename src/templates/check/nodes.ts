/** Accessors for the nodes of a template's syntax tree. */
import type { Kind } from './shape.ts';

/** The kind of a literal, by the type of its node. */
export const literalKinds: Record<string, Kind> = {
  StringLiteral: 'text',
  NumberLiteral: 'number',
  BooleanLiteral: 'flag',
  NullLiteral: 'nothing',
  UndefinedLiteral: 'nothing',
};

/** Its spelling in a template. */
export function nodeName(node: hbs.AST.Node): string {
  if (isPath(node)) return node.original;
  return isSubExpression(node) ? `(${nodeName(node.path)} …)` : 'the value';
}

export function isPath(node: hbs.AST.Node): node is hbs.AST.PathExpression {
  return node.type === 'PathExpression';
}

export function isSubExpression(node: hbs.AST.Node): node is hbs.AST.SubExpression {
  return node.type === 'SubExpression';
}

/** A literal with a value of its own: none of `null` and `undefined`. */
export function isLiteral(
  node: hbs.AST.Node,
): node is hbs.AST.StringLiteral | hbs.AST.NumberLiteral | hbs.AST.BooleanLiteral {
  return node.type === 'StringLiteral' || node.type === 'NumberLiteral' || node.type === 'BooleanLiteral';
}

export function isEmptyHash(hash: hbs.AST.Hash | undefined): boolean {
  return hash === undefined || hash.pairs.length === 0;
}

/** Line on which a piece of text begins, not counting what Handlebars drops around a block on a line of its own. */
export function firstLineOf(content: hbs.AST.ContentStatement): number {
  const original: unknown = content.original;
  const leftOut = typeof original === 'string' ? original.slice(0, original.indexOf(content.value)) : '';
  return content.loc.start.line + leftOut.split('\n').length - 1;
}
