/** A mail as a tree of its parts, to be broken in places where it hurts. Strings are latin1: a character is a byte. */
export type Node = {
  /** whole header fields, folds in them, no line end behind them */
  headers: string[];
  /** a leaf's body; of a multipart what stands before its first boundary */
  body: string;
  /** null: a leaf */
  multipart: { boundary: string; parts: Node[]; epilogue: string; closed: boolean } | null;
};

/** Takes a mail apart, trusting it: only for mails that are sound. */
export function readTree(raw: string): Node {
  const text = raw.replace(/\r?\n/g, '\r\n');
  const end = text.startsWith('\r\n') ? 0 : text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  const body = end < 0 ? '' : text.slice(end === 0 ? 2 : end + 4);
  const headers = head === '' ? [] : head.split(/\r\n(?![ \t])/);
  const type = headers.find((header) => /^content-type:\s*multipart\//i.test(header)) ?? '';
  const boundary = /boundary="?([^";\r\n]+)"?/i.exec(type)?.[1];
  if (boundary === undefined) return { headers, body, multipart: null };
  const [inner = '', epilogue = ''] = `\r\n${body}`.split(`\r\n--${boundary}--`, 2);
  const [preamble = '', ...parts] = inner.split(`\r\n--${boundary}\r\n`);
  return {
    headers,
    body: preamble.replace(/^\r\n/, ''),
    multipart: { boundary, parts: parts.map(readTree), epilogue, closed: true },
  };
}

export function writeTree(node: Node): string {
  const head = node.headers.map((header) => `${header}\r\n`).join('');
  if (node.multipart === null) return `${head}\r\n${node.body}`;
  const { boundary, parts, epilogue, closed } = node.multipart;
  const inner = parts.map((part) => `\r\n--${boundary}\r\n${writeTree(part)}`).join('');
  return `${head}\r\n${node.body}${inner}${closed ? `\r\n--${boundary}--` : ''}${epilogue}`;
}

/** All nodes, the whole mail first. */
export function nodesOf(node: Node): Node[] {
  return [node, ...(node.multipart?.parts ?? []).flatMap(nodesOf)];
}

/** Puts a header in place of those of its name. */
export function setHeader(node: Node, name: string, value: string): void {
  const others = node.headers.filter((one) => !one.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  node.headers = [...others, `${name}: ${value}`];
}
