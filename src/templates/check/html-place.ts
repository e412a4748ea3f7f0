/**
 * Places in an HTML page where a template writes a value. Escaping suffices in text and in quoted attributes, except
 * addresses, styles and scripts. Written by hand: both sides of a block go on from one place, which no tokenizer of a library
 * can; and pages rendered from the samples, parsed afterwards, show neither every side nor the file and line.
 */
import { isOnly, type Shape } from './shape.ts';

export type HtmlPlace = {
  at: 'text' | 'open' | 'tag' | 'attribute' | 'equals' | 'value' | 'raw' | 'comment';
  /** lower-case; of a closing tag with its slash */
  element: string;
  attribute: string;
  /** of a value; '' if none */
  quote: string;
  /** the beginning of a value; right behind a quoted one, the name of its attribute; else the last letters read */
  word: string;
};

export const pageStart: HtmlPlace = { at: 'text', element: '', attribute: '', quote: '', word: '' };

/** Elements whose content is not HTML. Of these only titles and text areas show it. */
const rawElements = new Set(
  'iframe noembed noframes noscript plaintext script style textarea title xmp'.split(' '),
);
const shownElements = new Set(['textarea', 'title']);
/** Attributes that a mail program follows or opens. */
const addresses = new Set(
  'action background cite content data formaction href longdesc ping poster src srcdoc srcset xlink:href'.split(
    ' ',
  ),
);
/** As much of what was read as must be known. */
const wordLength = 20;

/** The place after one more letter of a page. */
export function readOn(place: HtmlPlace, letter: string): HtmlPlace {
  // where a tag does not end the next one begins all the same, so that one slip is reported once
  if (letter === '<' && faultOf(place, letter) !== null) return { ...pageStart, at: 'open' };
  return step(place, letter.toLowerCase());
}

/** The problem of a page that continues with this letter, or ends here (null), in English; returns null if there is none. */
export function faultOf(place: HtmlPlace, letter: string | null): string | null {
  const { at, element, attribute, quote, word } = place;
  switch (at) {
    case 'text':
      return null;
    case 'open':
      return letter === null && element !== '' ? unended(element) : null;
    case 'tag':
    case 'attribute':
      if (letter === null || letter === '<') return unended(element);
      if (at === 'tag' && word !== '' && !/[\s/>]/u.test(letter))
        return `"${letter}" stands right behind the quotes of ${word}=: is a quote before it not closed? Else write a space`;
      return letter === '"' || letter === "'"
        ? `no attribute is named ${attribute}${letter}: is a quote before it not closed?`
        : null;
    case 'equals':
      return letter === null ? unended(element) : null;
    case 'value':
      if (quote === '') return letter === null ? unended(element) : null;
      return letter === null || letter === '<'
        ? `the value of ${attribute}= has no end: write its closing ${quote} (a < that belongs to it is written &lt;)`
        : null;
    case 'raw':
      return letter === null ? `<${element}> has no end: write </${element}>` : null;
    case 'comment':
      return letter === null ? 'a comment has no end: write -->' : null;
    default:
      throw at satisfies never;
  }
}

function unended(element: string): string {
  return `the tag <${element} has no end: write its >`;
}

/** The place after a value. */
export function wrote(place: HtmlPlace, shape: Shape): HtmlPlace {
  if (place.at === 'equals') return { ...place, at: 'value', quote: '', word: '?' };
  if (place.at !== 'value' || place.word !== '') return place;
  return { ...place, word: isOnly(shape, 'link') ? 'link:' : '?' };
}

/** True if the text that follows is parsed the same in both places. */
export function isLike(one: HtmlPlace, other: HtmlPlace): boolean {
  return kindOf(one) === kindOf(other);
}

function kindOf({ at, element, attribute, quote, word }: HtmlPlace): string {
  if (at === 'text' || at === 'comment') return at;
  const within = `${at} ${rawElements.has(element) ? element : ''}`;
  if (at === 'raw' || at === 'open' || at === 'tag') return within;
  const leads = addresses.has(attribute) ? leadsTo(word) : '';
  return `${within} ${attribute} ${quote} ${leads}`;
}

/** Why a value of this form must not be written here, and what to do, in English; null if it may. */
export function refusedHere(place: HtmlPlace, shape: Shape): string | null {
  const { at, element, attribute, quote } = place;
  if (at !== 'text' && shape.kinds.has('html')) return 'is HTML: write it into the text of the mail';
  switch (at) {
    case 'text':
      return null;
    case 'raw':
      if (shownElements.has(element) || (element === 'style' && isOnly(shape, 'colour'))) return null;
      return `stands inside <${element}>, where it is not read as text: write it into the text of the mail`;
    case 'comment':
      return 'stands inside a comment: write it into the text of the mail';
    case 'open':
    case 'tag':
    case 'attribute':
      return 'stands inside a tag: write it into the text of the mail, or as the value of an attribute, name="{{…}}"';
    case 'equals':
      return `stands in ${attribute}= without quotes: write ${attribute}="{{…}}"`;
    case 'value':
      break;
    default:
      throw at satisfies never;
  }
  if (quote === '') return `stands in ${attribute}= without quotes: write ${attribute}="{{…}}"`;
  if (attribute.startsWith('on'))
    return `stands in ${attribute}=, which is run as a script: write it into the text of the mail`;
  if (attribute === 'style')
    return isOnly(shape, 'colour')
      ? null
      : 'stands in style=, where only a colour or a number may, such as brand.color: write it into the text of the mail';
  if (!addresses.has(attribute)) return null;
  const leads = leadsTo(place.word);
  if (leads === null ? isOnly(shape, 'link') : leads === 'known' && isOnly(shape, 'digits')) return null;
  return (
    `stands in ${attribute}=, an address: there only a field that is one may, by itself (a button's href, ` +
    `remoteAssistance), or a number behind a beginning of yours (tel:{{phone.dial}}); who is to be written to, as ${attribute}="{{mailto ticket.requester.email}}"`
  );
}

/** The kind of address that this text begins, as named by the template, or null if nothing is written yet. */
function leadsTo(word: string): 'known' | 'anywhere' | null {
  if (word === '') return null;
  return /^(?:https?|link|mailto|tel):/u.test(word) ? 'known' : 'anywhere';
}

function step(place: HtmlPlace, letter: string): HtmlPlace {
  const { at, element, attribute, quote, word } = place;
  const isSpace = /\s/u.test(letter);
  switch (at) {
    case 'text':
      return letter === '<' ? { ...pageStart, at: 'open' } : place;
    case 'open':
      return opened(place, letter);
    case 'tag':
      if (letter === '>') return closed(element);
      if (letter === '=' && attribute !== '') return { ...place, at: 'equals' };
      if (isSpace || letter === '/') return { ...place, word: '' };
      return { ...place, at: 'attribute', attribute: letter, word: '' };
    case 'attribute':
      if (letter === '>') return closed(element);
      if (letter === '=') return { ...place, at: 'equals' };
      return isSpace || letter === '/'
        ? { ...place, at: 'tag' }
        : { ...place, attribute: attribute + letter };
    case 'equals':
      if (letter === '>') return closed(element);
      if (letter === '"' || letter === "'") return { ...place, at: 'value', quote: letter, word: '' };
      return isSpace ? place : { ...place, at: 'value', quote: '', word: letter };
    case 'value':
      if (quote === '' && letter === '>') return closed(element);
      if (quote !== '' && letter === quote) return { ...pageStart, at: 'tag', element, word: attribute };
      if (quote === '' && isSpace) return { ...pageStart, at: 'tag', element };
      return isSpace || word.length >= wordLength ? place : { ...place, word: word + letter };
    case 'raw': {
      const last = (word + letter).slice(-wordLength);
      const ends = /[\s/>]$/u.test(last) && last.slice(0, -1).endsWith(`</${element}`);
      if (!ends) return { ...place, word: last };
      return letter === '>' ? pageStart : { ...pageStart, at: 'tag', element: `/${element}` };
    }
    case 'comment': {
      const last = word + letter;
      // <!doctype …> ends at the first >, <!-- … --> at its own end
      const isDeclaration = !'--'.startsWith(last.slice(0, 2));
      if (isDeclaration ? letter === '>' : /^--(?:-?>|.*--!?>)$/su.test(last)) return pageStart;
      if (isDeclaration) return { ...place, word: '!' };
      return { ...place, word: last.length < wordLength ? last : `--${last.slice(-3)}` };
    }
    default:
      throw at satisfies never;
  }
}

/** Behind `<`: the name of an element, or a comment. */
function opened(place: HtmlPlace, letter: string): HtmlPlace {
  const { element } = place;
  if (element === '') {
    if (letter === '!' || letter === '?') return { ...place, at: 'comment' };
    if (/[a-z/]/u.test(letter)) return { ...place, element: letter };
    return letter === '<' ? place : pageStart;
  }
  if (letter === '>') return closed(element);
  return /[\s/]/u.test(letter) ? { ...place, at: 'tag' } : { ...place, element: element + letter };
}

function closed(element: string): HtmlPlace {
  return rawElements.has(element) ? { ...pageStart, at: 'raw', element } : pageStart;
}
