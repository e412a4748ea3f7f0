/**
 * Mails that repeat a few pieces as often as fits, wherever our code reads something: to find what costs more than it weighs.
 * A mail is named by a plan, which makes it at any size and can be changed a little, so that a search can follow what is slow.
 */
import type { Random } from '../simulation/random.ts';
import { atoms, headerNames, styles, tags } from './time-pieces.ts';

export type Plan = { kind: Kind; place: number; frame: number; pieces: string[]; separator: string };
type Kind = (typeof kinds)[number];

const kinds = ['header', 'text', 'html', 'styles', 'parts', 'names', 'both'] as const;

const headerFrames: readonly [string, string][] = [
  ['', ''],
  ['<', '>'],
  ['"', '"'],
  ['', ' <a@b.it>'],
  ['text/plain; name="', '"'],
  ['attachment; filename="', '"'],
  ['mx.kybernes.it; ', ''],
  ['mx.kybernes.it; dkim=pass header.d=', ''],
  ['=?utf-8?q?', '?='],
];
const leads = [
  '',
  'chiudere\n',
  'Buongiorno,\n\n',
  '> ',
  'Il giorno 3/3/2026 Anna <a@b.it> ha scritto:\n',
  '-----Messaggio originale-----\nDa: a@b.it\nInviato: x\n',
  '-- \n',
] as const;
const separators = ['', '', ' ', '\n', '\n\n'] as const;

/** Repeated pieces, by kind of mail. */
const piecesOf = {
  header: atoms,
  text: atoms,
  html: tags,
  styles,
  parts: atoms,
  names: atoms,
  both: atoms,
} as const;

export function planOf(random: Random): Plan {
  const kind = random.pick(kinds);
  const count = 1 + random.below(kind === 'styles' ? 8 : 5);
  return {
    kind,
    place: random.below(1_000),
    frame: random.below(1_000),
    pieces: Array.from({ length: count }, () => pieceOf(kind, random)),
    separator: random.pick(separators),
  };
}

function pieceOf(kind: Kind, random: Random): string {
  const piece = random.pick<string>(piecesOf[kind]);
  if (kind !== 'html') return piece;
  return `<${piece}>${random.below(2) === 0 ? random.pick<string>(atoms) : ''}`;
}

/** The same plan with one thing changed. */
export function changed(plan: Plan, random: Random): Plan {
  const pieces = [...plan.pieces];
  const at = random.below(pieces.length);
  switch (random.below(6)) {
    case 0:
      return { ...plan, place: random.below(1_000) };
    case 1:
      return { ...plan, frame: random.below(1_000) };
    case 2:
      return { ...plan, separator: random.pick(separators) };
    case 3:
      if (pieces.length < 12) pieces.splice(at, 0, pieceOf(plan.kind, random));
      return { ...plan, pieces };
    case 4:
      if (pieces.length > 1) pieces.splice(at, 1);
      return { ...plan, pieces };
    default:
      pieces[at] = pieceOf(plan.kind, random);
      return { ...plan, pieces };
  }
}

/** Its largest size: what is beyond is not read, or quarantined. */
const largest: Record<Kind, number> = {
  header: 1_100_000,
  text: 1_000_000,
  html: 2_000_000,
  styles: 2_000_000,
  parts: 3_000_000,
  names: 1_000_000,
  both: 2_000_000,
};

/** A plan's mail, of `share` of its largest size (0 to 1). */
export function mailOf(plan: Plan, share: number): Buffer {
  const bytes = Math.floor(largest[plan.kind] * share);
  const run = (size: number): string => {
    const unit = plan.pieces.join('') + plan.separator;
    return unit.repeat(Math.ceil(size / Buffer.byteLength(unit)));
  };
  const from = <T>(list: readonly T[]): T | undefined => list[plan.place % list.length];
  const framed = <T>(list: readonly T[]): T | undefined => list[plan.frame % list.length];
  switch (plan.kind) {
    case 'header': {
      const [before, behind] = framed(headerFrames) ?? ['', ''];
      const value = run(bytes).replaceAll(/[\r\n]+/gu, '\r\n ');
      return mailWith(`${from(headerNames)}: ${before}${value}${behind}\r\n`, body('text/plain', 'x'));
    }
    case 'text':
      return mailWith('', body(framed(textTypes) ?? '', `${from(leads)}${run(bytes)}`));
    case 'html':
      return mailWith('', body('text/html; charset=utf-8', `${from(leads)}${run(bytes)}`));
    case 'styles': {
      const sheet = `<style>${run(Math.min(bytes / 4, 190_000))}</style>`;
      const element = framed(elements) ?? '';
      return mailWith('', body('text/html', sheet + element.repeat((bytes * 0.75) / element.length)));
    }
    case 'parts': {
      const type = framed(multiparts) ?? '';
      const part = `--confine\r\n${body(from(partTypes) ?? '', `${run(bytes / 400)}\r\n`)}`;
      return mailWith('', body(type, part.repeat(Math.floor(400 * share))));
    }
    case 'names': {
      const name = run(bytes / 20).replaceAll(/[\r\n]+/gu, ' ');
      const part = `--confine\r\nContent-Disposition: attachment; ${from(nameParameters)}${name}\r\n\r\nx\r\n`;
      return mailWith('', body('multipart/mixed; boundary=confine', part.repeat(20)));
    }
    case 'both': {
      const text = run(bytes / 2);
      const html = framed(shownAs)?.(text) ?? text;
      const parts = [
        body('text/plain; charset=utf-8', from(leads) + text),
        body('text/html; charset=utf-8', html),
      ];
      return mailWith(
        '',
        body(
          'multipart/alternative; boundary=confine',
          parts.map((one) => `--confine\r\n${one}\r\n`).join(''),
        ),
      );
    }
    default:
      throw new Error(`no such kind of mail: ${JSON.stringify(plan.kind satisfies never)}`);
  }
}

const textTypes = [
  'text/plain; charset=utf-8',
  'text/plain; format=flowed; delsp=yes',
  'text/plain; charset=utf-7',
  'text/markdown',
] as const;
const elements = [
  '<b>x',
  '<b>x</b>',
  '<p class="a b c" id=a>x',
  '<div class=a><b class=b>x</b>',
  '<b style="color:red;display:block">x</b>',
] as const;
const multiparts = [
  'multipart/mixed; boundary=confine',
  'multipart/alternative; boundary=confine',
  'multipart/related; boundary=confine',
  'multipart/report; report-type=delivery-status; boundary=confine',
  'multipart/digest; boundary=confine',
] as const;
const partTypes = [
  'text/plain',
  'text/html',
  'message/rfc822',
  'message/delivery-status',
  'text/calendar',
  'application/octet-stream',
  'multipart/mixed; boundary=confine',
  'text/plain\r\nContent-Transfer-Encoding: base64',
  'text/html\r\nContent-Transfer-Encoding: quoted-printable',
] as const;
const nameParameters = [
  'filename=',
  'filename="',
  "filename*=utf-8''",
  "filename*0*=utf-8''",
  'filename="=?utf-8?q?',
] as const;
const shownAs = [
  (text: string) => text.replaceAll('\n', '<br>'),
  (text: string) => `<p>${text.replaceAll('\n', '</p><p>')}`,
  (text: string) => text.replaceAll(/[^ ]+ /gu, '<b>$&</b>'),
  (text: string) => `<div class="gmail_quote">${text}</div>`,
  (text: string) => `${text.slice(0, text.length / 2)} altro`,
] as const;

const body = (type: string, text: string): string => `Content-Type: ${type}\r\n\r\n${text}`;

const usual: readonly [string, string][] = [
  ['From', 'Anna <anna@rossi.it>'],
  ['To', 'assistenza@kybernes.it'],
  ['Subject', 'Re: prova'],
  ['Message-ID', '<a@rossi.it>'],
  ['In-Reply-To', '<b@kybernes.it>'],
];

/** A mail with this header field in place of the usual one of its name. */
function mailWith(field: string, rest: string): Buffer {
  const name = field.slice(0, field.indexOf(':')).toLowerCase();
  const others = usual
    .filter(([one]) => one.toLowerCase() !== name)
    .map(([one, value]) => `${one}: ${value}\r\n`);
  // a field of the contents comes first, and so counts
  return Buffer.from(`${others.join('')}${field}MIME-Version: 1.0\r\n${rest}`);
}
