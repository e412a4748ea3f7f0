import type { Random } from '../simulation/random.ts';
import { nodesOf, type Node, readTree, setHeader, writeTree } from './tree.ts';
import { addresses, dates, encodings, headers, ids, texts, types, words } from './values.ts';

/** Breaks a mail in one place. */
type Mutation = (root: Node, random: Random) => void;

/** Characters beyond which a mail is broken enough. */
const largest = 1_000_000;

/** A mail of the corpus with one to eight wounds; the same seed wounds in the same places. */
export function mutated(original: string, random: Random): Buffer {
  const root = readTree(original);
  for (let count = 1 + random.below(8); count > 0 && writeTree(root).length < largest; count -= 1) {
    random.pick(mutations)(root, random);
  }
  return Buffer.from(onBytes(writeTree(root), random), 'latin1');
}

const anyNode = (root: Node, random: Random): Node =>
  nodesOf(root)[random.below(nodesOf(root).length)] ?? root;
const anyMultipart = (root: Node, random: Random): NonNullable<Node['multipart']> | null => {
  const found = nodesOf(root).flatMap(({ multipart }) => (multipart === null ? [] : [multipart]));
  return found[random.below(found.length)] ?? null;
};
const insert = (text: string, at: number, piece: string): string =>
  text.slice(0, at) + piece + text.slice(at);
/** Often small, seldom large. */
const amount = (random: Random, most: number): number => Math.ceil(most ** random.next());

const mutations: [Mutation, ...Mutation[]] = [
  // ── headers ────────────────────────────────────────────────────────────────
  function doubled(root, random) {
    const node = anyNode(root, random);
    const header = node.headers[random.below(node.headers.length)];
    if (header !== undefined) node.headers.splice(random.below(node.headers.length), 0, header);
  },
  function removed(root, random) {
    const node = anyNode(root, random);
    node.headers.splice(random.below(node.headers.length), 1);
  },
  function folded(root, random) {
    const node = anyNode(root, random);
    const at = random.below(node.headers.length);
    const header = node.headers[at];
    if (header === undefined) return;
    node.headers[at] = insert(
      header,
      random.below(header.length),
      random.pick(['\r\n ', '\r\n\t', '\n ', '\r\n \r\n ', '\r']),
    );
  },
  function huge(root, random) {
    const node = anyNode(root, random);
    const at = random.below(node.headers.length);
    const header = node.headers[at];
    if (header === undefined) return;
    const value = header.slice(header.indexOf(':') + 1);
    node.headers[at] =
      header + random.pick([', ', ' ', '', '\r\n ']).concat(value).repeat(amount(random, 3_000));
  },
  function many(root, random) {
    const count = amount(random, 30_000);
    const name = random.pick(['X-Campo', 'Received', 'To', 'Cc', 'References', 'DKIM-Signature', 'Subject']);
    anyNode(root, random).headers.push(...Array.from({ length: count }, () => `${name}: <a@b.it>`));
  },
  function hostileSender(root, random) {
    setHeader(
      root,
      random.pick(['From', 'To', 'Cc', 'Sender', 'Reply-To', 'Delivered-To']),
      random.pick(addresses),
    );
  },
  function hostileSubject(root, random) {
    setHeader(root, random.pick(['Subject', 'From', 'X-Mailer', 'Thread-Topic']), random.pick(words));
  },
  function hostileDate(root, random) {
    setHeader(root, 'Date', random.pick(dates));
  },
  function hostileId(root, random) {
    setHeader(root, random.pick(['Message-ID', 'In-Reply-To', 'References']), random.pick(ids));
  },
  function hostileHeader(root, random) {
    const node = anyNode(root, random);
    node.headers.splice(random.below(node.headers.length + 1), 0, random.pick(headers));
  },
  function shuffled(root, random) {
    const node = anyNode(root, random);
    node.headers = node.headers
      .map((header) => ({ header, at: random.next() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ header }) => header);
  },

  // ── labels ─────────────────────────────────────────────────────────────────
  function mistyped(root, random) {
    setHeader(anyNode(root, random), 'Content-Type', random.pick(types));
  },
  function misencoded(root, random) {
    setHeader(anyNode(root, random), 'Content-Transfer-Encoding', random.pick(encodings));
  },

  // ── structure ──────────────────────────────────────────────────────────────
  function unclosed(root, random) {
    const multipart = anyMultipart(root, random);
    if (multipart !== null) multipart.closed = false;
  },
  function confusedBoundary(root, random) {
    const multipart = anyMultipart(root, random);
    const other = anyMultipart(root, random);
    if (multipart === null || other === null) return;
    multipart.boundary = random.pick([
      other.boundary,
      `${other.boundary}--`,
      other.boundary.slice(0, -1),
      '',
      `${other.boundary} `,
    ]);
  },
  function boundaryInText(root, random) {
    const node = anyNode(root, random);
    const boundary = anyMultipart(root, random)?.boundary ?? 'confine';
    node.body = insert(
      node.body,
      random.below(node.body.length),
      `\r\n--${boundary}${random.pick(['', '--', ' ', '\0'])}\r\n`,
    );
  },
  function swapped(root, random) {
    const parts = anyMultipart(root, random)?.parts;
    if (parts !== undefined && parts.length > 1) parts.push(...parts.splice(random.below(parts.length), 1));
  },
  function doubledPart(root, random) {
    const parts = anyMultipart(root, random)?.parts;
    const part = parts?.[random.below(parts.length)];
    if (parts === undefined || part === undefined) return;
    const copies = Math.min(amount(random, 1_500), Math.ceil(largest / writeTree(part).length));
    for (let i = 0; i < copies; i += 1) parts.push(structuredClone(part));
  },
  function transplanted(root, random) {
    const parts = anyMultipart(root, random)?.parts;
    if (parts !== undefined) parts.push(structuredClone(anyNode(root, random)));
  },
  function nested(root, random) {
    for (let depth = amount(random, 150); depth > 0; depth -= 1) {
      const inner: Node = { ...root, headers: root.headers.filter((one) => /^content-/i.test(one)) };
      const boundary = random.pick(['confine', `b${depth}`]);
      root.multipart = { boundary, parts: [inner], epilogue: '\r\n', closed: random.below(4) > 0 };
      root.body = '';
      setHeader(
        root,
        'Content-Type',
        `multipart/${random.pick(['mixed', 'alternative', 'related', 'signed'])}; boundary="${boundary}"`,
      );
    }
  },
  function enveloped(root, random) {
    for (let depth = amount(random, 10); depth > 0; depth -= 1) {
      root.body = writeTree(root);
      root.multipart = null;
      setHeader(root, 'Content-Type', 'message/rfc822');
    }
  },

  // ── text ───────────────────────────────────────────────────────────────────
  function hostileText(root, random) {
    const node = anyNode(root, random);
    const count = amount(random, 20);
    const at = random.below(2) === 0 ? 0 : random.below(node.body.length + 1);
    node.body = insert(node.body, at, random.pick(texts).repeat(count));
  },
  function repeatedText(root, random) {
    const node = anyNode(root, random);
    const at = random.below(node.body.length);
    const piece = node.body.slice(at, at + amount(random, 400));
    node.body = insert(node.body, at, piece.repeat(Math.floor(amount(random, 200_000) / (piece.length + 1))));
  },
  function shortenedText(root, random) {
    const node = anyNode(root, random);
    node.body = node.body.slice(0, random.below(node.body.length + 1));
  },
  function emptied(root, random) {
    anyNode(root, random).body = '';
  },
];

/** Wounds that know no structure. */
function onBytes(text: string, random: Random): string {
  switch (random.below(10)) {
    case 0:
      return text.slice(0, random.below(text.length + 1));
    case 1:
      return text.replaceAll('\r\n', random.pick(['\n', '\r', '\r\r\n', '\n\r']));
    case 2: {
      let bytes = text;
      for (let count = amount(random, 50); count > 0; count -= 1) {
        const at = random.below(bytes.length);
        bytes =
          bytes.slice(0, at) + String.fromCharCode(random.below(256)) + bytes.slice(at + random.below(3));
      }
      return bytes;
    }
    case 3:
      return (
        random.pick(['\r\n', '\xef\xbb\xbf', 'From anna Tue Nov 24 10:00:00 2026\r\n', '\0', ' ']) + text
      );
    default:
      return text;
  }
}
