import { isTight } from './elements.ts';
import { type Attributes, declarations, readStyle } from './style.ts';

/** The elements that bold, italic, underlined and struck text are written as. */
export type Emphasis = 'b' | 'i' | 'u' | 's';

/** All that is kept of an element's style. `tight`: a paragraph that is a line; `lined`: a table or cell with borders. */
export type KeptStyle = { emphasis: readonly Emphasis[]; tight: boolean; lined: boolean };

const plain: KeptStyle = { emphasis: [], tight: false, lined: false };

/** What is kept of an element's style, or `hidden` if it is not shown: what has no size here has it further in. */
export function keptStyle(tag: string, attributes: Attributes): KeptStyle | 'hidden' {
  const said = attributes.get('style');
  if (attributes.has('hidden')) return 'hidden';
  if (said === undefined && !attributes.has('class') && !attributes.has('border')) return plain;
  const style = declarations(said ?? '');
  const shown = readStyle(style, true);
  if (shown.hidden === 'yes' || shown.visible === false) return 'hidden';
  const valueOf = (property: string): string => style.get(property)?.value ?? '';
  const decoration = `${valueOf('text-decoration')} ${valueOf('text-decoration-line')}`;
  const borders = [...style].flatMap(([name, { value }]) => (name.startsWith('border') ? [value] : []));
  const found: Record<Emphasis, boolean> = {
    b: /^(?:bold|bolder|[6-9]00)$/u.test(valueOf('font-weight')),
    i: /^(?:italic|oblique)$/u.test(valueOf('font-style')),
    u: tag !== 'a' && decoration.includes('underline'),
    s: shown.struck,
  };
  return {
    emphasis: (['b', 'i', 'u', 's'] as const).filter((one) => found[one]),
    tight: isTight(tag, attributes),
    lined:
      /\b(?:solid|double|inset|outset|ridge)\b/u.test(borders.join(' ')) ||
      (tag === 'table' && /^[1-9]/u.test(attributes.get('border') ?? '')),
  };
}
