/** The page: what the server says and what the address says, shown side by side, or step by step on a phone. */
import { leaveComposer, showComposer } from './composer.js';
import { fill, h, refresh, region } from './dom.js';
import { showGuide } from './guide.js';
import { showInside } from './inside.js';
import { showList } from './list.js';
import { dismiss, notify, showFate } from './notice.js';
import { leaveReader, showReader } from './reader.js';
import { currentRoute, insideAddress, mailAddress } from './route.js';
import { listen } from './state.js';
import { words } from './words.js';

/** @type {import('./state.js').State | null} */
let state = null;
let reachable = true;

function show() {
  const route = currentRoute();
  const step = route.inside ? 'inside' : route.writing || route.uid !== null ? 'reader' : 'list';
  document.body.dataset['step'] = step;
  refresh(
    region('places'),
    place(words.mail, mailAddress(route.name), !route.inside),
    place(words.inside, insideAddress, route.inside),
  );
  if (state === null) return;
  showGuide(state);
  showList(state, route);
  showInside(state);
  if (route.writing) {
    leaveReader();
    showComposer(state, route);
  } else {
    leaveComposer();
    showReader(route).catch((/** @type {unknown} */ error) => notify(String(error)));
  }
  showFate(state);
}

/**
 * @param {string} word
 * @param {string} address
 * @param {boolean} current
 */
function place(word, address, current) {
  return h('a', { href: address, 'aria-current': current ? 'page' : null, 'data-key': address }, word);
}

region('tagline').textContent = words.tagline;
fill(region('list'), h('p', { class: 'empty' }, words.starting));
listen((news) => {
  if (news === null) {
    reachable = false;
    notify(words.stopped);
    return;
  }
  if (!reachable) notify(null);
  reachable = true;
  state = news;
  show();
});
window.addEventListener('hashchange', () => {
  if (reachable) dismiss();
  show();
  // a step of its own on a phone; the text of a mail that is written has the focus already
  if (!currentRoute().writing) {
    window.scrollTo(0, 0);
    region(document.body.dataset['step'] ?? 'list').focus({ preventScroll: true });
  }
});
show();
