import { avatar, fill, h, linked, region } from './dom.js';
import { byLink, keepDraft } from './drafts.js';
import { mailAddress, writeAddress } from './route.js';
import { openMail, pathOf } from './state.js';
import { dateAndTime, nameOf, size, words } from './words.js';

/**
 * Shows a mail as a mail program does.
 * @typedef {import('./state.js').OpenedMail} OpenedMail
 * @typedef {import('./state.js').Route} Route
 */

/** Current content of the pane, so that changes elsewhere on the page leave it alone. */
let shown = '';

/** Something else stands there now. */
export function leaveReader() {
  shown = '';
}

/** @param {Route} route without a mail: says what to do */
export async function showReader(route) {
  const address = route.uid === null ? 'none' : pathOf(route);
  if (address === shown) return;
  shown = address;
  if (route.uid === null) {
    fill(region('reader'), h('p', { class: 'empty' }, words.pickMail));
    return;
  }
  const mail = await openMail(route);
  // another one was opened while this one came
  if (shown !== address) return;
  if (mail === null) fill(region('reader'), h('p', { class: 'empty' }, words.pickMail));
  else showMail(mail, route, mail.html);
  region('reader').scrollTop = 0;
}

/**
 * @param {OpenedMail} mail
 * @param {Route} route
 * @param {boolean} asHtml
 */
function showMail(mail, route, asHtml) {
  /** @param {string} word @param {OpenedMail['reply']} letter @param {string} style */
  const answer = (word, letter, style) =>
    h(
      'button',
      {
        type: 'button',
        class: style,
        onclick: () => {
          keepDraft(route.name, { letter, prepared: 'reply', from: location.hash });
          location.hash = writeAddress(route.name);
        },
      },
      word,
    );
  const received = route.folder === 'INBOX';
  fill(
    region('reader'),
    h(
      'div',
      { class: 'actions' },
      h('a', { class: 'button back', href: mailAddress(route.name, route.folder) }, words.back),
      received && answer(words.reply, mail.reply, 'button first'),
      received && mail.replyAll !== null && answer(words.replyAll, mail.replyAll, 'button'),
      mail.html &&
        h(
          'button',
          {
            type: 'button',
            class: 'button quiet',
            'data-key': 'part',
            onclick: () => showMail(mail, route, !asHtml),
          },
          asHtml ? words.asText : words.asHtml,
        ),
    ),
    h('h2', {}, mail.subject === '' ? words.noSubject : mail.subject),
    h(
      'div',
      { class: 'head' },
      avatar(nameOf(mail.from), 'desk'),
      h(
        'dl',
        {},
        ...field(words.from, [mail.from]),
        ...field(words.to, mail.to),
        ...(mail.cc.length === 0 ? [] : field(words.cc, mail.cc)),
      ),
      h('time', {}, dateAndTime(mail.date)),
    ),
    mail.attachments.length > 0 &&
      h(
        'ul',
        { class: 'files', 'aria-label': words.attachments },
        mail.attachments.map(({ filename, size: bytes }, index) =>
          h(
            'li',
            {},
            h('a', { href: `${pathOf(route)}/file/${index}`, download: filename }, filename),
            ` ${size(bytes)}`,
          ),
        ),
      ),
    asHtml ? frame(mail, route) : plainText(mail, route),
  );
}

/**
 * @param {string} label
 * @param {{ name: string, email: string }[]} addresses
 */
function field(label, addresses) {
  const text = addresses.map(({ name, email }) => (name === '' ? email : `${name} <${email}>`)).join(', ');
  return [h('dt', {}, label), h('dd', {}, text)];
}

/**
 * The HTML part, in a frame where nothing runs (its sandbox) and nothing is fetched (its own policy); the page hears
 * clicks on links from outside.
 * @param {OpenedMail} mail
 * @param {Route} route
 */
function frame(mail, route) {
  const element = h('iframe', {
    src: `${pathOf(route)}/html`,
    sandbox: 'allow-same-origin',
    title: mail.subject,
    class: 'html',
  });
  element.addEventListener('load', () => {
    const inner = element.contentDocument;
    if (inner === null) return;
    followLinks(inner, route);
    const fit = () => {
      element.style.height = `${inner.documentElement.offsetHeight}px`;
    };
    new ResizeObserver(fit).observe(inner.documentElement);
    fit();
  });
  return element;
}

/**
 * @param {OpenedMail} mail
 * @param {Route} route
 */
function plainText(mail, route) {
  const element = h('pre', { class: 'text' }, linked(mail.text));
  followLinks(element, route);
  return element;
}

/**
 * Follows links as a mail program does: `mailto:` opens the prepared mail, web links open another window, everything else
 * is left alone.
 * @param {Document | HTMLElement} mail
 * @param {Route} route
 */
function followLinks(mail, route) {
  for (const link of mail.querySelectorAll('[href]')) {
    const href = link.getAttribute('href') ?? '';
    link.addEventListener('auxclick', (event) => event.preventDefault());
    link.addEventListener('click', (event) => {
      event.preventDefault();
      if (/^mailto:/i.test(href)) {
        keepDraft(route.name, { letter: byLink(href), prepared: 'button', from: location.hash });
        location.hash = writeAddress(route.name);
      } else if (/^https?:/i.test(href)) {
        window.open(href, '_blank', 'noopener,noreferrer');
      }
    });
  }
}
