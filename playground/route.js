/**
 * The open view, kept in the address behind `#`, so that the browser's own back and reload do what people expect:
 * `#/luigi`, `#/luigi/Sent`, `#/luigi/INBOX/4`, `#/luigi/write`, `#/desk`.
 *
 * @typedef {import('../src/demo/playground/state.ts').Folder} Folder
 * @typedef {import('../src/demo/people.ts').Name} Name
 * @typedef {{ name: Name, folder: Folder, uid: number | null, writing: boolean, inside: boolean }} Route
 */

/** @type {Name[]} */
const names = ['anna', 'piero', 'luigi', 'marco', 'sara', 'ada'];

/** @type {Name} whose mailbox is open; the desk's own view leaves it as it was */
let lastName = 'anna';

/** @returns {Route} what the address says; a client's mailbox where it says nothing */
export function currentRoute() {
  const [, first = '', second = '', third = ''] = location.hash.split('/');
  lastName = names.find((name) => name === first) ?? lastName;
  return {
    name: lastName,
    folder: second === 'Sent' ? 'Sent' : 'INBOX',
    uid: /^\d+$/.test(third) ? Number(third) : null,
    writing: second === 'write',
    inside: first === 'desk',
  };
}

/**
 * @param {Name} name
 * @param {Folder} folder
 * @param {number} [uid]
 */
export function mailAddress(name, folder = 'INBOX', uid) {
  if (uid !== undefined) return `#/${name}/${folder}/${uid}`;
  return folder === 'INBOX' ? `#/${name}` : `#/${name}/${folder}`;
}

/** @param {Name} name */
export const writeAddress = (name) => `#/${name}/write`;

export const insideAddress = '#/desk';
