import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultBounds } from '../../src/config/limits.ts';
import { parseMessage } from '../../src/mail/parse/parse.ts';
import { takeIn } from '../../src/store/mails/inbox.ts';
import { authserv, desk, openDesk, type PathDesk } from '../builders/desk.ts';
import { type Random, randomFrom } from '../simulation/random.ts';
import { mutated } from './mutate.ts';
import { readTree, setHeader, writeTree } from './tree.ts';
import { texts } from './values.ts';

/** `npm run test:fuzz -- --seed N --mails N` sets both. */
const first = Number(process.env['KTICKET_SEED'] ?? 1);
const mails = Number(process.env['KTICKET_MAILS'] ?? 120);
/** Mails that are taken in together, and after how many the desk is a new one. */
const together = 20;
const deskful = 2_000;
const hour = 3_600_000;

const folder = new URL('../mails/', import.meta.url);
const corpus = readdirSync(folder)
  .filter((file) => file.endsWith('.eml'))
  .toSorted()
  .map((file) => readFileSync(new URL(file, folder), 'latin1'));
const people = [
  'anna@rossi.it',
  'ugo@gmail.com',
  'luigi@kybernes.it',
  'carla@kybernes.it',
  'nessuno@altrove.example',
] as const;

let here: PathDesk;
/** The address to which a technician answers about a ticket. */
let replyTo: string;
const open = async (): Promise<void> => {
  // what is read here is small: two seconds are a hang
  here = await openDesk({ reading: { ...defaultBounds, seconds: 2 } });
  const { mails: told } = await here.send({ from: 'anna@rossi.it' });
  replyTo = told.find(({ to }) => to === 'luigi@kybernes.it')?.replyTo ?? desk;
};
beforeAll(open);
afterAll(() => here.drop());

/** The mail of this seed: one of the corpus, from somebody who counts, and then broken. */
function mailOf(seed: number): Buffer {
  const random = randomFrom(seed);
  const root = readTree(corpus[random.below(corpus.length)] ?? '');
  const from = random.pick(people);
  setHeader(root, 'From', `Qualcuno <${from}>`);
  setHeader(root, 'To', random.below(2) === 0 ? desk : replyTo);
  setHeader(root, 'Message-ID', `<fuzz.${seed}@${from.split('@')[1]}>`);
  root.headers.unshift(`Authentication-Results: ${authserv}; dmarc=pass header.from=${from.split('@')[1]}`);
  if (root.multipart === null && random.below(2) === 0) root.body = random.pick(texts) + root.body;
  return mutated(writeTree(root), random);
}

const replay = (seed: number): string => `play it again: npm run test:fuzz -- --seed ${seed} --mails 1`;

/** Problems with the outcome of these mails: each must have been decided once, at the first attempt. */
async function findWrong(ids: number[], seeds: number[]): Promise<string[]> {
  const rows = await here.db
    .selectFrom('message')
    .select(['id', 'disposition', 'reason', 'failures', 'attempts', 'decisions', 'subject', 'from_name'])
    .where('id', 'in', ids)
    .execute();
  const wrong = rows.flatMap((row) => {
    const said = `${row.disposition} after ${row.attempts} attempts and ${row.decisions} decisions: ${row.reason}`;
    const sound =
      row.disposition !== 'pending' && row.failures === 0 && row.attempts === 1 && row.decisions === 1;
    return sound
      ? []
      : [`seed ${seeds[ids.indexOf(row.id)]}: ${said}\n${replay(seeds[ids.indexOf(row.id)] ?? 0)}`];
  });
  const mailed = await here.db
    .selectFrom('outbox')
    .innerJoin('mail_body', 'mail_body.id', 'outbox.body_id')
    .select(['cause_id', 'mail_body.subject', 'recipient'])
    .where('cause_id', 'in', ids)
    .execute();
  const broken = mailed.filter(({ subject, recipient }) => /\p{Cc}/u.test(subject + recipient));
  return [
    ...wrong,
    ...broken.map(
      ({ cause_id: id }) =>
        `seed ${seeds[ids.indexOf(id ?? 0)]}: a control character in a header that leaves`,
    ),
  ];
}

test('whatever is broken in a mail, it is decided once, at the first try and within two seconds', {
  timeout: 24 * hour,
}, async () => {
  const wrong: string[] = [];
  for (let begun = 0; begun < mails; begun += together) {
    if (begun > 0 && begun % deskful === 0) {
      await here.drop();
      await open();
      process.stderr.write(`${begun} mails, ${wrong.length} wrong\n`);
    }
    const seeds = Array.from({ length: Math.min(together, mails - begun) }, (_, i) => first + begun + i);
    const ids = await takeIn(
      here.db,
      seeds.map(mailOf).map((raw) => ({
        mailbox: null,
        uidValidity: null,
        uid: null,
        receivedAt: new Date(),
        envelopeRecipient: null,
        envelopeSender: null,
        raw,
        size: raw.length,
        truncated: false,
      })),
    );
    await here.receive();
    const found = await findWrong(ids, seeds);
    for (const one of found) process.stderr.write(`${one}\n`);
    wrong.push(...found);
  }
  expect(wrong).toEqual([]);
});

/** A mail in which one piece of it, or of what readers look for, stands as often as fits into so many bytes. */
function grown(seed: number, bytes: number): Buffer {
  const random: Random = randomFrom(seed);
  const original = corpus[random.below(corpus.length)] ?? '';
  const root = readTree(original);
  const at = random.below(root.body.length);
  const piece = random.below(2) === 0 ? random.pick(texts) : root.body.slice(at, at + 1 + random.below(300));
  const separator = random.pick(['', ' ', '\r\n', '\r\n\r\n']);
  const type = random.pick([
    null,
    'text/plain; charset=utf-8',
    'text/html; charset=utf-8',
    'text/plain; format=flowed',
  ]);
  if (type !== null) {
    root.multipart = null;
    setHeader(root, 'Content-Type', type);
    setHeader(root, 'Content-Transfer-Encoding', '8bit');
  }
  const unit = `${piece}${separator}` || 'a';
  root.body = root.body.slice(0, at) + unit.repeat(Math.ceil(bytes / unit.length)) + root.body.slice(at);
  return Buffer.from(writeTree(root), 'latin1');
}

/** Milliseconds of processor time, the least of some tries. */
async function timeOf(raw: Buffer, tries: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tries; i += 1) {
    const before = process.cpuUsage();
    await parseMessage(raw);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

test('a mail four times as long takes about four times as long, whatever it repeats', {
  timeout: 24 * hour,
}, async () => {
  const wrong: string[] = [];
  for (let seed = first; seed < first + Math.ceil(mails / 20); seed += 1) {
    const [small, large] = [grown(seed, 100_000), grown(seed, 400_000)];
    const isLinear = async (tries: number): Promise<boolean> =>
      (await timeOf(large, tries)) <= 8 * (await timeOf(small, tries)) + 200;
    if ((await isLinear(1)) || (await isLinear(4))) continue;
    wrong.push(
      `seed ${seed}: ${await timeOf(small, 2)} ms for 100 KB, ${await timeOf(large, 2)} ms for 400 KB\n${replay(seed)}`,
    );
    process.stderr.write(`${wrong.at(-1)}\n`);
  }
  expect(wrong).toEqual([]);
});
