import { h, region } from './dom.js';
import { words } from './words.js';

/**
 * The line on top that says what came of what was sent.
 * @typedef {import('./state.js').State} State
 */

/** @type {string | null} Message-ID of the mail whose fate is awaited */
let awaited = null;
/** What was just said is read after the page has gone on to the list. */
let isFresh = false;

/**
 * @param {string} messageId of a mail that was just sent
 * @param {boolean} isForDesk the desk is among its recipients
 */
export function watchFor(messageId, isForDesk) {
  awaited = isForDesk ? messageId : null;
  isFresh = true;
  notify(isForDesk ? words.sentNotice : words.sentElsewhere);
}

/**
 * Says what the desk made of the mail, once it has.
 * @param {State} state
 */
export function showFate(state) {
  const message = state.desk.messages.find(({ messageId }) => messageId === awaited);
  if (awaited === null || message === undefined || message.disposition === 'pending') return;
  awaited = null;
  notify(words.becameNotice(words.dispositions[message.disposition]));
}

/** Clears messages, which people have read once they go on; an awaited result stays. */
export function dismiss() {
  if (awaited === null && !isFresh) notify(null);
  isFresh = false;
}

/** @param {string | null} text null: nothing */
export function notify(text) {
  const notice = region('notice');
  notice.replaceChildren();
  if (text === null) return;
  notice.append(
    h('span', {}, text),
    h(
      'button',
      { type: 'button', class: 'cross', 'aria-label': words.close, onclick: () => notify(null) },
      '×',
    ),
  );
}
