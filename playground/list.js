import { avatar, h, refresh, region } from './dom.js';
import { mailAddress, writeAddress } from './route.js';
import { clock, nameOf, words } from './words.js';

/**
 * The people, and the mails of the one whose mailbox is open.
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').MailboxView} MailboxView
 * @typedef {import('./state.js').MailHead} MailHead
 * @typedef {import('./route.js').Route} Route
 */

/**
 * @param {State} state
 * @param {Route} route
 */
export function showList(state, route) {
  const open = state.mailboxes.find(({ name }) => name === route.name);
  if (open === undefined) return;
  const mails = open.mails.filter(({ folder }) => folder === route.folder).toReversed();
  refresh(
    region('list'),
    h(
      'nav',
      { class: 'people', 'aria-label': words.people },
      state.mailboxes.map((mailbox) => person(mailbox, route)),
    ),
    h(
      'div',
      { class: 'bar' },
      h('h2', {}, words.mailsOf(open.person.name)),
      h('a', { class: 'button first', href: writeAddress(open.name), 'data-key': 'write' }, words.write),
    ),
    h(
      'nav',
      { class: 'folders', 'aria-label': words.mail },
      /** @type {const} */ (['INBOX', 'Sent']).map((folder) =>
        h(
          'a',
          {
            href: mailAddress(open.name, folder),
            'data-key': folder,
            'aria-current': folder === route.folder ? 'page' : null,
          },
          folder === 'INBOX' ? words.inbox : words.sent,
        ),
      ),
    ),
    mails.length === 0
      ? h('p', { class: 'empty' }, words.noMail)
      : h(
          'ul',
          { class: 'mails' },
          mails.map((mail) => row(open, mail, route)),
        ),
  );
}

/**
 * @param {MailboxView} mailbox
 * @param {Route} route
 */
function person(mailbox, route) {
  const unread = mailbox.mails.filter(({ seen }) => !seen).length;
  return h(
    'a',
    {
      href: mailAddress(mailbox.name),
      'data-key': mailbox.name,
      'data-person': mailbox.name,
      'aria-current': mailbox.name === route.name ? 'true' : null,
    },
    avatar(mailbox.person.name, mailbox.part),
    h(
      'span',
      { class: 'who' },
      h('strong', {}, mailbox.person.name),
      h('small', {}, words.parts[mailbox.part]),
    ),
    unread > 0 && h('span', { class: 'badge', title: words.unread(unread) }, unread),
  );
}

/**
 * @param {MailboxView} mailbox
 * @param {MailHead} mail
 * @param {Route} route
 */
function row(mailbox, mail, route) {
  const other = mail.folder === 'Sent' ? mail.to.map(nameOf).join(', ') : nameOf(mail.from);
  return h(
    'li',
    {},
    h(
      'a',
      {
        class: mail.seen ? 'mail' : 'mail unread',
        href: mailAddress(mailbox.name, mail.folder, mail.uid),
        'data-key': `${mail.folder}/${mail.uid}`,
        'aria-current': mail.uid === route.uid && mail.folder === route.folder ? 'true' : null,
      },
      h('span', { class: 'line' }, h('span', { class: 'name' }, other), h('time', {}, clock(mail.date))),
      h('span', { class: 'subject' }, mail.subject === '' ? words.noSubject : mail.subject),
      h('span', { class: 'preview' }, mail.preview),
      mail.files > 0 && h('span', { class: 'preview' }, words.files(mail.files)),
    ),
  );
}
