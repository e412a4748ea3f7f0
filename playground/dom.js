/** @typedef {Node | string | number | null | false | (Node | string)[]} Child */

/**
 * An element with its attributes, listeners (`onclick` and the like) and children. Text is text: nothing is ever
 * read as HTML.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>} attributes null and false leave one out
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...nodesOf(children));
  return element;
}

/**
 * The region of the page with this id.
 * @param {string} id
 */
export function region(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/**
 * Puts new children into a region in place of the old.
 * @param {HTMLElement} into
 * @param {Child[]} children
 */
export function fill(into, ...children) {
  into.replaceChildren(...nodesOf(children));
}

/**
 * Brings a region up to date: elements that are as they should be stay, so that no click on them is lost, the focus
 * and what is scrolled stay too. Their listeners are those they were made with: they may know nothing that changes
 * but their attributes. What was focused and is made anew is found again by its `data-key`.
 * @param {HTMLElement} into
 * @param {Child[]} children
 */
export function refresh(into, ...children) {
  const active = document.activeElement;
  const key = active instanceof HTMLElement && into.contains(active) ? active.dataset['key'] : undefined;
  sync(into, nodesOf(children));
  if (key === undefined || into.contains(active)) return;
  for (const element of into.querySelectorAll('[data-key]')) {
    if (element instanceof HTMLElement && element.dataset['key'] === key)
      element.focus({ preventScroll: true });
  }
}

/** @param {Child[]} children */
function nodesOf(children) {
  return children
    .flat()
    .filter((child) => child !== null && child !== false)
    .map((child) => (child instanceof Node ? child : document.createTextNode(String(child))));
}

/**
 * @param {Element} into
 * @param {Node[]} wanted
 */
function sync(into, wanted) {
  for (const [index, node] of wanted.entries()) {
    const there = into.childNodes[index];
    if (there === undefined) into.append(node);
    else if (there.isEqualNode(node)) continue;
    else if (there instanceof Element && there.cloneNode().isEqualNode(node.cloneNode())) {
      sync(there, [...node.childNodes]);
    } else there.replaceWith(node);
  }
  while (into.childNodes.length > wanted.length) into.lastChild?.remove();
}

/**
 * Two letters in a circle.
 * @param {string} name
 * @param {string} kind
 */
export function avatar(name, kind) {
  const initials = name
    .split(/\s+/)
    .map((word) => word[0] ?? '')
    .slice(0, 2)
    .join('');
  return h('span', { class: `avatar ${kind}`, 'aria-hidden': 'true' }, initials.toUpperCase());
}

/**
 * Text with its links as links.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function linked(text) {
  return text
    .split(/((?:https?|mailto):[^\s<>"]+[^\s<>".,;:!?)\]])/)
    .map((piece, index) => (index % 2 === 0 ? piece : h('a', { href: piece }, piece)));
}
