import { fill, h, region } from './dom.js';
import { keepDraft, newLetter } from './drafts.js';
import { mailAddress, writeAddress } from './route.js';
import { words } from './words.js';

/**
 * The strip that tells a newcomer what to try, and which of it is done.
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Name} Name
 */

/** Shut on a phone until it is asked for, where it would push the mail out of sight. */
let open = matchMedia('(min-width: 1000px)').matches;

/** Progress as the strip shows it, so that it keeps its scroll position until that changes. */
let shown = '';

/** @param {State} state */
export function showGuide(state) {
  const done = doneSteps(state);
  if (shown === String(done)) return;
  shown = String(done);
  const steps = [
    { name: /** @type {Name} */ ('anna'), sample: [words.sampleSubject, words.sampleText] },
    { name: /** @type {Name} */ ('luigi'), sample: null },
    { name: /** @type {Name} */ ('luigi'), sample: null },
    { name: /** @type {Name} */ ('sara'), sample: null },
    { name: /** @type {Name} */ ('luigi'), sample: null },
    { name: /** @type {Name} */ ('luigi'), sample: null },
    { name: /** @type {Name} */ ('piero'), sample: [words.strangerSubject, words.strangerText] },
  ];
  const next = done.indexOf(false);
  const list = h(
    'ol',
    {},
    steps.map(({ name, sample }, index) => {
      const [title = '', text = ''] = words.steps[index] ?? [];
      return h(
        'li',
        { class: done[index] === true ? 'done' : index === next ? 'next' : null },
        h(
          'button',
          {
            type: 'button',
            'data-key': `step-${index}`,
            onclick: () => start(state, name, done[index] === true ? null : sample),
          },
          h('strong', {}, title),
          done[index] === true && h('span', { class: 'hidden' }, words.done),
          h('span', {}, text),
        ),
      );
    }),
  );
  const details = h('details', { open }, h('summary', { 'data-key': 'guide' }, summary(done)), list);
  details.addEventListener('toggle', () => {
    open = details.open;
  });
  fill(region('guide'), details);
  const item = list.children[next];
  if (item instanceof HTMLElement) list.scrollLeft = item.offsetLeft - list.offsetLeft;
}

/** @param {boolean[]} done */
function summary(done) {
  return `${words.guide} (${done.filter((one) => one).length}/${done.length})`;
}

/** @param {State} state */
function doneSteps({ desk, mailboxes }) {
  const has = (/** @type {string} */ type) =>
    desk.tickets.some(({ events }) => events.some((event) => event.type === type));
  const stranger = mailboxes.find(({ part }) => part === 'stranger')?.person.email;
  return [
    desk.tickets.length > 0,
    has('taken') || has('progress'),
    has('internal_note'),
    has('staff_message'),
    has('closed'),
    has('undone'),
    desk.tickets.some(({ requester }) => requester.email === stranger),
  ];
}

/**
 * Goes where the step is done: to a mail already written, or to the mailbox where a mail waits.
 * @param {State} state
 * @param {Name} name
 * @param {string[] | null} sample subject and text
 */
function start(state, name, sample) {
  if (sample === null) {
    location.hash = mailAddress(name);
    return;
  }
  const [subject, text] = sample;
  const letter = newLetter(state.queues[0]?.address ?? '', subject, text);
  keepDraft(name, { letter, prepared: 'new', from: mailAddress(name) });
  location.hash = writeAddress(name);
}
