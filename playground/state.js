/**
 * Requests to and answers from this page's server. The types are the server's own, as they are after JSON.
 *
 * @template T
 * @typedef {import('../src/demo/playground/state.ts').AsJson<T>} AsJson
 */
/**
 * @typedef {AsJson<import('../src/demo/playground/state.ts').State>} State
 * @typedef {AsJson<import('../src/demo/playground/state.ts').MailboxView>} MailboxView
 * @typedef {AsJson<import('../src/demo/playground/state.ts').MailHead>} MailHead
 * @typedef {AsJson<import('../src/demo/playground/state.ts').OpenedMail>} OpenedMail
 * @typedef {import('../src/demo/playground/state.ts').Letter} Letter
 * @typedef {import('../src/demo/playground/state.ts').Sent} Sent
 * @typedef {import('./route.js').Route} Route
 * @typedef {import('../src/demo/people.ts').Name} Name
 */

/**
 * Calls back with everything there is, now and after each change; with null while the server cannot be reached.
 * @param {(state: State | null) => void} changed
 */
export function listen(changed) {
  const events = new EventSource('events');
  events.addEventListener('message', ({ data }) => changed(JSON.parse(data)));
  // it tries again by itself
  events.addEventListener('error', () => changed(null));
}

/** @param {Route} route of a mail */
export const pathOf = ({ name, folder, uid }) => `mail/${name}/${folder}/${uid}`;

/**
 * @param {Route} route
 * @returns {Promise<OpenedMail | null>} null: there is no such mail
 */
export async function openMail(route) {
  const response = await fetch(pathOf(route));
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

/**
 * @param {Name} name
 * @param {Letter} letter
 * @returns {Promise<Sent>} rejects with what the server says
 */
export async function sendLetter(name, letter) {
  const response = await fetch(`outbox/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(letter),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}
