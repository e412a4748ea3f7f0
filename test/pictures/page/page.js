/**
 * Functions that run in the page that shows a mail, or a sheet of mails in frames. A plain script: tests call them by name.
 */

/** Loads the fonts and makes every frame as high as its mail. */
async function settle() {
  const frames = [...document.querySelectorAll('iframe')];
  const documents = [document, ...frames.map((frame) => contentOf(frame))];
  for (const shown of documents) {
    await Promise.all(['16px Arial', 'bold 16px Arial'].map((font) => shown.fonts.load(font)));
  }
  for (const frame of frames) frame.style.height = `${contentOf(frame).documentElement.scrollHeight}px`;
}

/** @param {HTMLIFrameElement} frame */
function contentOf(frame) {
  if (frame.contentDocument === null) throw new Error('a frame without its mail');
  return frame.contentDocument;
}

/** @typedef {{ text: string, element: HTMLElement, boxes: DOMRect[] }} Shown what is written in one element, in the order it is read */

/** @returns {Shown[]} */
function shownTexts() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode() !== null) {
    const node = walker.currentNode;
    const element = node.parentElement;
    const text = (node.textContent ?? '').trim();
    if (element === null || text === '' || ['SCRIPT', 'STYLE'].includes(element.tagName)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
    if (boxes.length > 0) found.push({ text, element, boxes });
  }
  return found;
}

/**
 * Texts whose contrast with what is behind them is below AA (WCAG 1.4.3).
 * @returns {string[]}
 */
function faintTexts() {
  return shownTexts().flatMap(({ text, element }) => {
    const style = getComputedStyle(element);
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = contrast(style.color, groundOf(element));
    if (ratio >= (large ? 3 : 4.5)) return [];
    return [`"${text.slice(0, 40)}": ${style.color} on ${groundOf(element)} is ${ratio.toFixed(2)} to 1`];
  });
}

/**
 * The texts that a person sees, whatever a mail does to hide others.
 * @returns {string[]}
 */
function seenTexts() {
  return shownTexts().flatMap(({ text, element, boxes }) => {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return [];
    if (Number.parseFloat(getComputedStyle(element).fontSize) < 2) return [];
    if (['rgba(0, 0, 0, 0)', groundOf(element)].includes(getComputedStyle(element).color)) return [];
    return boxes.some((box) => isInSight(box, element)) ? [text] : [];
  });
}

/**
 * @param {DOMRect} box
 * @param {HTMLElement} element
 */
function isInSight(box, element) {
  let [left, top, right, bottom] = [Math.max(box.left, 0), Math.max(box.top, 0), box.right, box.bottom];
  for (let at = /** @type {HTMLElement | null} */ (element); at !== null; at = at.parentElement) {
    if (getComputedStyle(at).overflow === 'visible') continue;
    const around = at.getBoundingClientRect();
    [left, top] = [Math.max(left, around.left), Math.max(top, around.top)];
    [right, bottom] = [Math.min(right, around.right), Math.min(bottom, around.bottom)];
  }
  return right - left >= 2 && bottom - top >= 2;
}

/**
 * The colour behind an element.
 * @param {HTMLElement} element
 */
function groundOf(element) {
  for (let at = /** @type {HTMLElement | null} */ (element); at !== null; at = at.parentElement) {
    const { backgroundColor, backgroundImage } = getComputedStyle(at);
    if (backgroundImage !== 'none') throw new Error('a picture behind a text: contrast cannot be told');
    if (backgroundColor !== 'rgba(0, 0, 0, 0)') return backgroundColor;
  }
  return 'rgb(255, 255, 255)';
}

/** @param {string} one @param {string} other as computed styles write colours */
function contrast(one, other) {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** @param {string} colour */
function luminance(colour) {
  const found = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour);
  if (found === null) throw new Error(`expected an opaque colour, found ${colour}`);
  const [red = 0, green = 0, blue = 0] = found.slice(1).map((value) => {
    const part = Number(value) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * Texts that lie over another, or stick out of the window to a side.
 * @returns {string[]}
 */
function misplacedTexts() {
  const texts = shownTexts();
  const faults = [];
  if (document.documentElement.scrollWidth > window.innerWidth) {
    faults.push(`${document.documentElement.scrollWidth} pixels wide in a window of ${window.innerWidth}`);
  }
  texts.forEach(({ text, boxes }, i) => {
    if (boxes.some(({ left, right }) => left < 0 || right > window.innerWidth))
      faults.push(`"${text.slice(0, 40)}" is cut at a side`);
    for (const other of texts.slice(i + 1)) {
      if (boxes.some((box) => other.boxes.some((beside) => overlap(box, beside))))
        faults.push(`"${text.slice(0, 40)}" and "${other.text.slice(0, 40)}" overlap`);
    }
  });
  for (const element of document.body.querySelectorAll('*')) {
    if (getComputedStyle(element).overflow !== 'visible' && element.scrollHeight > element.clientHeight)
      faults.push(`a ${element.tagName} cuts what it holds`);
  }
  return faults;
}

/** @param {DOMRect} a @param {DOMRect} b */
function overlap(a, b) {
  const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return wide > 1 && high > 1;
}

/** Writes everything twice as large, as a mail program does that is told to enlarge text alone. */
function doubleText() {
  const elements = [...document.body.querySelectorAll('*')].filter((one) => one instanceof HTMLElement);
  const sizes = elements.map((element) => {
    const { fontSize, lineHeight } = getComputedStyle(element);
    return { fontSize: Number.parseFloat(fontSize) * 2, lineHeight: Number.parseFloat(lineHeight) * 2 };
  });
  elements.forEach((element, i) => {
    const size = sizes[i];
    if (size === undefined) return;
    element.style.fontSize = `${size.fontSize}px`;
    if (!Number.isNaN(size.lineHeight)) element.style.lineHeight = `${size.lineHeight}px`;
  });
}

/**
 * Buttons that a thumb would miss: less than 44 pixels high or wide, or closer than 8 to the next.
 * @returns {string[]}
 */
function smallButtons() {
  const buttons = [...document.querySelectorAll('.button a')];
  return buttons.flatMap((button, i) => {
    const { width, height, top, bottom, left } = button.getBoundingClientRect();
    const name = (button.textContent ?? '').trim();
    const faults = width < 44 || height < 44 ? [`${name} is ${width} by ${height}`] : [];
    const next = buttons[i + 1]?.getBoundingClientRect();
    if (next === undefined) return faults;
    const apart = Math.max(next.top - bottom, top - next.bottom, next.left - (left + width));
    return apart < 8 ? [...faults, `${name} is ${apart} pixels from the next`] : faults;
  });
}

/** Text of the mail as a screen reader speaks it. */
function spoken() {
  return {
    language: document.documentElement.lang,
    title: document.title,
    headings: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(({ tagName }) =>
      Number(tagName[1]),
    ),
    // a table that is no layout must say which cells are headings
    unnamedTables: [...document.querySelectorAll('table')].filter(
      (table) =>
        table.getAttribute('role') !== 'presentation' &&
        ![...table.rows].some((row) =>
          [...row.cells].some((cell) => cell.tagName === 'TH' && cell.scope !== ''),
        ),
    ).length,
    links: [...document.querySelectorAll('a')].map((link) => ({
      says: (link.getAttribute('aria-label') ?? link.textContent ?? '').trim(),
      href: link.href,
    })),
    unnamedPictures: document.querySelectorAll('img:not([alt])').length,
    // what comes later in the mail stands below or to the right
    outOfOrder: shownTexts().flatMap(({ text, boxes }, i, all) => {
      const before = all[i - 1]?.boxes.at(-1);
      const here = boxes[0];
      if (before === undefined || here === undefined) return [];
      const later =
        here.bottom > before.top + 1 && (here.top >= before.bottom - 8 || here.left >= before.left);
      return later ? [] : [text.slice(0, 40)];
    }),
  };
}

Object.assign(globalThis, {
  seenTexts,
  settle,
  faintTexts,
  misplacedTexts,
  doubleText,
  smallButtons,
  spoken,
});
