import { avatar, fill, h, region } from './dom.js';
import { draftOf, dropDraft, keepDraft, newLetter } from './drafts.js';
import { notify, watchFor } from './notice.js';
import { mailAddress } from './route.js';
import { sendLetter } from './state.js';
import { size, words } from './words.js';

/**
 * The pane where a mail is written.
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Route} Route
 * @typedef {import('./drafts.js').Draft} Draft
 * @typedef {import('./drafts.js').Letter} Letter
 */

/** @type {Draft | null} what stands in the pane, so that news elsewhere on the page leave it alone */
let shown = null;

/** Something else stands there now. */
export function leaveComposer() {
  shown = null;
}

/**
 * @param {State} state
 * @param {Route} route
 */
export function showComposer(state, route) {
  const self = state.mailboxes.find(({ name }) => name === route.name);
  if (self === undefined) return;
  const draft = draftOf(route.name) ?? blank(state, route);
  if (draft === shown) return;
  shown = draft;
  const { letter } = draft;

  const text = h('textarea', { id: 'text', rows: 12, 'aria-label': words.body, spellcheck: 'false' });
  text.value = letter.text;
  text.addEventListener('input', () => {
    letter.text = text.value;
  });
  const files = h('ul', { class: 'files' });
  showFiles(files, letter);
  const button = h('button', { type: 'submit', class: 'button first' }, words.send);
  const problem = h('p', { class: 'problem', role: 'alert' });

  const submit = async () => {
    button.disabled = true;
    button.textContent = words.sending;
    problem.textContent = '';
    try {
      const { messageId } = await sendLetter(route.name, letter);
      dropDraft(route.name);
      watchFor(messageId, isForDesk(letter, state));
      location.hash = mailAddress(route.name);
    } catch (error) {
      problem.textContent = words.refused(error instanceof Error ? error.message : String(error));
      button.disabled = false;
      button.textContent = words.send;
    }
  };

  const form = h(
    'form',
    {
      class: 'compose',
      onsubmit: (event) => {
        event.preventDefault();
        void submit();
      },
      onkeydown: (event) => {
        if (event instanceof KeyboardEvent && event.key === 'Enter' && (event.ctrlKey || event.metaKey))
          form.requestSubmit();
      },
    },
    h(
      'div',
      { class: 'head' },
      avatar(self.person.name, self.part),
      h('h2', {}, words.writeAs(self.person.name)),
    ),
    draft.prepared === 'button' && letter.text.trim() !== '' && h('p', { class: 'hint' }, words.byButton),
    entry('to', words.to, letter, true),
    h(
      'datalist',
      { id: 'addresses' },
      state.queues.map(({ name, address }) => h('option', { value: address }, name)),
    ),
    entry('cc', words.cc, letter, false),
    entry('subject', words.subject, letter, false),
    text,
    files,
    problem,
    h(
      'div',
      { class: 'actions' },
      button,
      attachButton(files, letter),
      h(
        'button',
        {
          type: 'button',
          class: 'button quiet',
          onclick: () => {
            dropDraft(route.name);
            location.hash = draft.from;
          },
        },
        words.discard,
      ),
    ),
  );
  fill(region('reader'), form);
  region('reader').scrollTop = 0;
  text.focus({ preventScroll: true });
  // a button's command is the first line; what people add goes below it
  const start = draft.prepared === 'button' ? Math.max(0, letter.text.indexOf('\n') + 1) : 0;
  text.setSelectionRange(start, start);
}

/**
 * True if a queue of the desk is among the recipients, with or without a token.
 * @param {Letter} letter
 * @param {State} state
 */
function isForDesk({ to, cc }, state) {
  const recipients = `${to},${cc}`.toLowerCase().replaceAll(/\+[^@\s]*@/g, '@');
  return state.queues.some(({ address }) => recipients.includes(address.toLowerCase()));
}

/**
 * @param {State} state
 * @param {Route} route
 * @returns {Draft}
 */
function blank(state, route) {
  const draft = /** @type {Draft} */ ({
    letter: newLetter(state.queues[0]?.address ?? ''),
    prepared: 'new',
    from: mailAddress(route.name),
  });
  keepDraft(route.name, draft);
  return draft;
}

/**
 * @param {'to' | 'cc' | 'subject'} name
 * @param {string} label
 * @param {Letter} letter
 * @param {boolean} required
 */
function entry(name, label, letter, required) {
  const input = h('input', {
    id: name,
    name,
    required,
    list: name === 'to' ? 'addresses' : null,
    autocomplete: 'off',
  });
  input.value = letter[name];
  input.addEventListener('input', () => {
    letter[name] = input.value;
  });
  return h('div', { class: 'entry' }, h('label', { for: name }, label), input);
}

/**
 * @param {HTMLElement} list
 * @param {Letter} letter
 */
function attachButton(list, letter) {
  const input = h('input', { type: 'file', multiple: true, class: 'hidden', id: 'files' });
  input.addEventListener('change', () => {
    for (const file of input.files ?? []) {
      const reader = new FileReader();
      reader.addEventListener('load', () => {
        if (typeof reader.result !== 'string') return;
        // a data URL: what stands behind its comma
        const content = reader.result.slice(reader.result.indexOf(',') + 1);
        letter.files.push({
          filename: file.name,
          contentType: file.type || 'application/octet-stream',
          content,
        });
        showFiles(list, letter);
        list.lastElementChild?.scrollIntoView({ block: 'nearest' });
      });
      reader.addEventListener('error', () => notify(reader.error?.message ?? file.name));
      reader.readAsDataURL(file);
    }
    input.value = '';
  });
  return h('label', { class: 'button', for: 'files' }, words.attach, input);
}

/**
 * @param {HTMLElement} list
 * @param {Letter} letter
 */
function showFiles(list, letter) {
  list.replaceChildren(
    ...letter.files.map((file) =>
      h(
        'li',
        {},
        `${file.filename} ${size((file.content.length * 3) / 4)} `,
        h(
          'button',
          {
            type: 'button',
            class: 'cross',
            'aria-label': words.remove(file.filename),
            onclick: () => {
              letter.files.splice(letter.files.indexOf(file), 1);
              showFiles(list, letter);
            },
          },
          '×',
        ),
      ),
    ),
  );
}
