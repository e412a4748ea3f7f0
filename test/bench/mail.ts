import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { extractReply } from '../../src/core/reply/reply.ts';
import { hasReplyPrefix } from '../../src/core/message/thread.ts';

/**
 * Measures how much of real mail is understood. `npm run bench:mail -- FOLDER [--show]`: FOLDER holds `replies.json`
 * files (`[{name, text, expected}]`) and folders of forwarded mails (`*_body.txt`, with `*_subject.txt` where the program
 * writes a prefix), at any depth. Prints the share of exact answers, white space normalised; `--show` prints what differs.
 */
const replies = z.array(z.object({ name: z.string(), text: z.string(), expected: z.string() }));

type Row = { set: string; cases: number; exact: number; lost: number; milliseconds: number };

const [folder, ...options] = process.argv.slice(2);
if (folder === undefined || !existsSync(folder)) {
  console.error(
    'expected a folder with replies.json files or forwarded mails: npm run bench:mail -- FOLDER [--show]',
  );
  process.exit(2);
}
const show = options.includes('--show');
const rows = [...folders(folder)].flatMap((one) =>
  [measureReplies(one), measureForwards(one)].filter((row) => row !== null),
);
if (rows.length === 0) {
  console.error(`found neither replies.json nor *_body.txt in ${folder} or below`);
  process.exit(2);
}
console.table(
  rows.map(({ set, cases, exact, lost, milliseconds }) => ({
    set,
    cases,
    exact: `${((100 * exact) / cases).toFixed(1)}%`,
    'loses a word': lost,
    'ms a mail': (milliseconds / cases).toFixed(2),
  })),
);

function* folders(from: string): Generator<string> {
  yield from;
  for (const name of readdirSync(from).toSorted()) {
    const path = join(from, name);
    if (statSync(path).isDirectory()) yield* folders(path);
  }
}

function measureReplies(path: string): Row | null {
  const file = join(path, 'replies.json');
  if (!existsSync(file)) return null;
  const row: Row = { set: path, cases: 0, exact: 0, lost: 0, milliseconds: 0 };
  for (const { name, text, expected } of replies.parse(JSON.parse(readFileSync(file, 'utf8')))) {
    const start = performance.now();
    const found = extractReply({ text, html: null, subject: '', isReply: true });
    row.milliseconds += performance.now() - start;
    row.cases++;
    const right = words(found.text) === words(expected);
    if (right) row.exact++;
    const missing = lostWords(found.text, expected);
    if (missing.length > 0) row.lost++;
    if (show && !right) {
      console.log(`--- ${name}\n${found.text}\n--- expected\n${expected}\n--- lost: ${missing.join(' ')}\n`);
    }
  }
  return row;
}

/** A forwarded mail is read right where sender, subject and text of its original are found; an answer where none is. */
function measureForwards(path: string): Row | null {
  const bodies = readdirSync(path).filter((name) => /_body.*\.txt$/u.test(name));
  if (bodies.length === 0) return null;
  const subjects = new Map(
    readdirSync(path)
      .filter((name) => /_subject.*\.txt$/u.test(name))
      .map((name) => [name, readFileSync(join(path, name), 'utf8').trim()]),
  );
  const row: Row = { set: path, cases: 0, exact: 0, lost: 0, milliseconds: 0 };
  for (const name of bodies) {
    const text = readFileSync(join(path, name), 'utf8');
    for (const subject of subjectsOf(name, subjects)) {
      const start = performance.now();
      const { forwarded } = extractReply({ text, html: null, subject, isReply: hasReplyPrefix(subject) });
      row.milliseconds += performance.now() - start;
      row.cases++;
      const right =
        /^re:/iu.test(subject) || /variant_4\b/u.test(name)
          ? forwarded === null
          : forwarded !== null &&
            forwarded.from !== null &&
            forwarded.subject !== null &&
            forwarded.text !== '';
      if (right) row.exact++;
      else if (show) console.log(`--- ${name} (${subject})\n${JSON.stringify(forwarded, null, 1)}\n`);
    }
  }
  return row;
}

/** The subjects a body comes with: its own, else those of its program in every language, else none. */
function subjectsOf(body: string, subjects: Map<string, string>): string[] {
  const own = subjects.get(body.replace('_body', '_subject'));
  if (own !== undefined) return [own];
  const variant = /_body(_variant_\d+)/u.exec(body)?.[1];
  const program = body.replace(/_(?:[a-z]{2}(?:_br)?_)?body.*$/u, '');
  const language = /_([a-z]{2}(?:_br)?)_body/u.exec(body)?.[1];
  const plain =
    subjects.get(`${program}_${language ?? 'en'}_subject.txt`) ?? subjects.get(`${program}_subject.txt`);
  if (language !== undefined || variant !== undefined) return [plain ?? ''];
  const all = [...subjects]
    .filter(([name]) => name.startsWith(program) && !name.includes('variant'))
    .map(([, one]) => one);
  return all.length === 0 ? [''] : all;
}

function words(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

/** Words of the expected text that are nowhere in the found one. */
function lostWords(found: string, expected: string): string[] {
  const left = new Map<string, number>();
  for (const word of words(found).split(' ')) left.set(word, (left.get(word) ?? 0) + 1);
  return words(expected)
    .split(' ')
    .filter((word) => {
      const count = left.get(word) ?? 0;
      left.set(word, count - 1);
      return count <= 0;
    });
}
