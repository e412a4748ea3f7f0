import { h, refresh, region } from './dom.js';
import { clock, nameOf, showsReasons, words } from './words.js';

/**
 * Inside the desk: a ticket's history, and the rows of its database.
 * @typedef {import('./state.js').State} State
 * @typedef {State['desk']['tickets'][number]} Ticket
 * @typedef {'tickets' | 'messages' | 'outbox'} Tab
 */

/** @type {Tab} */
let tab = 'tickets';
/** @type {number | null} null: the newest */
let chosen = null;

/** @type {State | null} what is shown: listeners outlive the state they were made with */
let latest = null;

/** @param {State} state */
export function showInside(state) {
  latest = state;
  const { tickets, messages, outbox } = state.desk;
  const choose = (/** @type {Tab} */ name, /** @type {number} */ count) =>
    h(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${name}`,
        'data-key': name,
        'aria-selected': String(tab === name),
        'aria-controls': 'rows',
        onclick: () => {
          tab = name;
          again();
          region('inside').scrollTop = 0;
        },
      },
      words[name],
      h('span', { class: 'count' }, count),
    );
  refresh(
    region('inside'),
    h('div', { class: 'bar' }, h('h2', {}, words.inside)),
    h(
      'div',
      { class: 'tabs', role: 'tablist', 'aria-label': words.inside },
      choose('tickets', tickets.length),
      choose('messages', messages.length),
      choose('outbox', outbox.length),
    ),
    h(
      'div',
      { id: 'rows', role: 'tabpanel', 'aria-labelledby': `tab-${tab}` },
      tab === 'tickets' ? ticketPart(state) : tab === 'messages' ? messagePart(state) : outboxPart(state),
    ),
  );
}

function again() {
  if (latest !== null) showInside(latest);
}

/** @param {State} state */
function ticketPart(state) {
  const { tickets } = state.desk;
  const ticket = tickets.find(({ number }) => number === chosen) ?? tickets.at(-1);
  if (ticket === undefined) return h('p', { class: 'empty' }, words.noTicket);
  return h(
    'div',
    {},
    tickets.length > 1 &&
      h(
        'nav',
        { class: 'folders', 'aria-label': words.tickets },
        tickets.map(({ number }) =>
          h(
            'button',
            {
              type: 'button',
              'data-key': `ticket-${number}`,
              'aria-current': number === ticket.number ? 'true' : null,
              onclick: () => {
                chosen = number;
                again();
              },
            },
            `#${number}`,
          ),
        ),
      ),
    history(ticket, state),
  );
}

/**
 * @param {Ticket} ticket
 * @param {State} state
 */
function history(ticket, state) {
  /** @param {string | null} email */
  const named = (email) => state.mailboxes.find(({ person }) => person.email === email)?.person.name ?? email;
  const facts = /** @type {const} */ ([
    [words.requester, nameOf(ticket.requester)],
    [words.company, ticket.company],
    [words.category, ticket.category],
    [words.assignee, named(ticket.assignee) ?? words.nobody],
  ]);
  return h(
    'article',
    { class: 'ticket' },
    h(
      'p',
      {},
      `#${ticket.number} `,
      h('span', { class: `state ${ticket.state}` }, words.states[ticket.state]),
    ),
    h('h3', {}, ticket.subject),
    h('dl', {}, ...facts.flatMap(([label, value]) => [h('dt', {}, label), h('dd', {}, value)])),
    h(
      'ol',
      { class: 'history', 'aria-label': words.history },
      ticket.events.map(({ at, type, actor, text }) =>
        h(
          'li',
          { class: type },
          h('span', { class: 'line' }, h('strong', {}, words.events[type]), h('time', {}, clock(at))),
          h('small', {}, named(actor)),
          text !== null && text !== '' && h('p', {}, text),
        ),
      ),
    ),
    ticket.attachments.length > 0 &&
      h(
        'p',
        { class: 'help' },
        `${words.attachments}: ${ticket.attachments.map(({ filename }) => filename).join(', ')}`,
      ),
  );
}

/** @param {State} state */
function messagePart({ desk }) {
  return h(
    'div',
    {},
    h('p', { class: 'help' }, words.messagesHelp),
    desk.messages.length === 0 && h('p', { class: 'empty' }, words.noRow),
    h(
      'ol',
      { class: 'rows' },
      desk.messages
        .toReversed()
        .map(({ id, from, subject, receivedAt, disposition, reason, ticket }) =>
          h(
            'li',
            {},
            h(
              'span',
              { class: 'line' },
              h('span', { class: `chip ${disposition}` }, words.chips[disposition]),
              h('small', {}, `${id}${ticket === null ? '' : ` → #${ticket}`}`),
              h('time', {}, clock(receivedAt)),
            ),
            h('span', {}, `${from === null ? '' : nameOf(from)}: ${subject ?? ''}`),
            showsReasons && reason !== null && h('small', {}, reason),
          ),
        ),
    ),
  );
}

/** @param {State} state */
function outboxPart({ desk }) {
  return h(
    'div',
    {},
    h('p', { class: 'help' }, words.outboxHelp),
    desk.outbox.length === 0 && h('p', { class: 'empty' }, words.noRow),
    h(
      'ol',
      { class: 'rows' },
      desk.outbox
        .toReversed()
        .map(({ id, to, template, state, ticket, lastError }) =>
          h(
            'li',
            {},
            h(
              'span',
              { class: 'line' },
              h('span', { class: `chip ${state}` }, words.outboxStates[state]),
              h('small', {}, `${id}${ticket === null ? '' : ` → #${ticket}`}`),
            ),
            h('span', {}, titleOf(template)),
            h('small', {}, to),
            lastError !== null && h('small', { lang: 'en' }, lastError),
          ),
        ),
    ),
  );
}

/** @param {string} template */
function titleOf(template) {
  return Object.entries(words.templates).find(([name]) => name === template)?.[1] ?? template;
}
