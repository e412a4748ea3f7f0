/**
 * Drafts of people's next mails, one each, kept while the page is open.
 * @typedef {import('./state.js').Letter} Letter
 * @typedef {import('./state.js').Name} Name
 *
 * @typedef {object} Draft
 * @property {Letter} letter
 * @property {'new' | 'reply' | 'button'} prepared by what
 * @property {string} from the address to go back to
 */

/** @type {Map<Name, Draft>} */
const drafts = new Map();

/**
 * @param {Name} name
 * @param {Draft} draft
 */
export function keepDraft(name, draft) {
  drafts.set(name, draft);
}

/** @param {Name} name */
export const draftOf = (name) => drafts.get(name) ?? null;

/** @param {Name} name */
export function dropDraft(name) {
  drafts.delete(name);
}

/**
 * A mail that answers nothing.
 * @param {string} to
 * @param {string} [subject]
 * @param {string} [text]
 * @returns {Letter}
 */
export function newLetter(to, subject = '', text = '') {
  return { to, cc: '', subject, text, inReplyTo: null, references: [], files: [] };
}

/**
 * The mail that a `mailto:` link prepares (RFC 6068): a new one, with no reference to the mail it stands in.
 * @param {string} href
 * @returns {Letter}
 */
export function byLink(href) {
  const [address = '', query = ''] = href.slice('mailto:'.length).split('?');
  const fields = new Map(
    query.split('&').map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return [name.toLowerCase(), decodeURIComponent(value)];
    }),
  );
  const body = (fields.get('body') ?? '').replaceAll('\r\n', '\n');
  return {
    ...newLetter(decodeURIComponent(address), fields.get('subject') ?? '', body),
    cc: fields.get('cc') ?? '',
  };
}
