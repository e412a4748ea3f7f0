import type { Attachment, Message } from './message.ts';
import { emptyText, filesAlone, type Locale, pictureWords } from '../words/words.ts';
import type { PlacedPicture } from './client-words.ts';
import type { Pictures } from './rich-html.ts';

/** Files beyond this many bytes in one mail are only named: most servers refuse mails over 25 MB once encoded. */
export const passedOnLimit = 15 * 1024 * 1024;

/** Type of a file whose bytes are a program's, whatever its sender calls it. */
export const programType = 'application/x-executable';

/** File names that a double click would run, or a browser obey, whatever type they claim (BAD-MAIL 75). */
const runs =
  /\.(?:appx?|bat|cmd|com|cpl|dll|exe|hta|html?|iso|jar|jse?|lnk|m[jx]s|msix?|msp|pif|ps[12]?m?1?|reg|scr|sh|svgz?|url|vb[es]?|ws[cfh]?|xht(?:ml)?|xml)$/i;

/** True if a double click on a file of this name would run it, or a browser would interpret it. */
export function runsWhenOpened(filename: string): boolean {
  return runs.test(filename);
}

/** First bytes of programs of Windows, Linux and macOS, and of a Windows shortcut. */
const programs = [
  [0x4d, 0x5a],
  [0x7f, 0x45, 0x4c, 0x46],
  [0xcf, 0xfa, 0xed, 0xfe],
  [0xce, 0xfa, 0xed, 0xfe],
  [0xca, 0xfe, 0xba, 0xbe],
  [0x4c, 0, 0, 0, 1, 0x14, 2, 0],
];
/** Shorter ones run nowhere; a text may begin with MZ. */
const smallestProgram = 64;

/** True if the bytes are a program's. */
export function isProgram(bytes: Uint8Array): boolean {
  return (
    bytes.length >= smallestProgram &&
    programs.some((first) => first.every((byte, i) => bytes[i] === byte)) &&
    // text that happens to begin so has no zero bytes
    bytes.subarray(0, smallestProgram).includes(0)
  );
}

/**
 * Selects the files of a mail that are forwarded to staff: in order, as long as they fit together. A disguised program
 * (`fattura.pdf`) is only named.
 * @param files `size` in bytes, `contentType` as from `readAttachment`
 * @returns for each file, true if it is forwarded
 */
export function passedOn(
  files: readonly { filename: string; contentType: string; size: number }[],
): boolean[] {
  let left = passedOnLimit;
  return files.map(({ filename, contentType, size }) => {
    const disguised = contentType === programType && !runsWhenOpened(filename);
    if (disguised || size > left) return false;
    left -= size;
    return true;
  });
}

/** First bytes of the pictures that every mail program shows. */
const pictureSigns: [type: string, at: number, bytes: number[]][] = [
  ['image/png', 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', 0, [0xff, 0xd8, 0xff]],
  ['image/gif', 0, [0x47, 0x49, 0x46, 0x38]],
  ['image/webp', 8, [0x57, 0x45, 0x42, 0x50]],
];

/** The type of a picture that may be shown within a mail, by its bytes and not its declared type, or null if it is none. */
export function pictureType(bytes: Uint8Array): string | null {
  const found = pictureSigns.find(([, at, sign]) => sign.every((byte, i) => bytes[at + i] === byte));
  return found?.[0] ?? null;
}

/** Content-ID of a picture shown within a mail of ours, without brackets. */
export function pictureId(sha256: string): string {
  return `${sha256.slice(0, 32)}@kticket`;
}

/** The pictures of a mail by the Content-ID its HTML shows them by; those that are not passed on only with their names. */
export function picturesOf(files: readonly Attachment[]): Pictures {
  const fits = passedOn(files);
  return new Map(
    files.flatMap((file, i): [string, { cid: string | null; name: string }][] => {
      if (file.contentId === null) return [];
      const isShown = fits[i] === true && pictureType(file.content) !== null;
      return [[file.contentId, { cid: isShown ? pictureId(file.sha256) : null, name: file.filename }]];
    }),
  );
}

/** A text with the names of the pictures that stood where a mail program wrote `[cid:…]` into it. */
export function withPicturesNamed(text: string, files: readonly Attachment[], locale: Locale): string {
  return text.replace(/\[cid:([^\]\s]{1,500})\]/giu, (_, id: string) => {
    const name = files.find(({ contentId }) => contentId === id)?.filename;
    return name === undefined ? `[${pictureWords[locale]}]` : `[${pictureWords[locale]}: ${name}]`;
  });
}

/** A text with the names of the pictures that its HTML shows, each below the line it stands behind. */
export function withPicturesPlaced(text: string, pictures: readonly PlacedPicture[], locale: Locale): string {
  if (pictures.length === 0) return text;
  const named = Map.groupBy(pictures, ({ below }) => below);
  const namesAt = (below: number): string[] =>
    (named.get(below) ?? []).map(({ name }) => `[${pictureWords[locale]}: ${name}]`);
  return [...namesAt(0), ...text.split('\n').flatMap((line, i) => [line, ...namesAt(i + 1)])].join('\n');
}

/** Pictures within the text below this size, in bytes, are logos or icons that their sender does not refer to. */
const smallestPicture = 20_000;

/** A mail without the logos and icons of its layout, for naming what its sender attached. */
export function withoutDecoration(message: Message): Message {
  return { ...message, attachments: message.attachments.filter((file) => !isDecoration(file)) };
}

function isDecoration({ contentId, contentType, size }: Attachment): boolean {
  return contentId !== null && contentType.startsWith('image/') && size < smallestPicture;
}

/** The text shown for a mail without any: `(vuoto)`, or its files. */
export function withoutText(files: readonly Attachment[], locale: Locale): string {
  if (files.length === 0) return emptyText[locale];
  const names = files.slice(0, mostNamed).map(({ filename }) => filename);
  return `(${filesAlone[locale]}: ${names.join(', ')}${files.length > mostNamed ? ', …' : ''})`;
}

/** Files of a mail without text, at most. */
const mostNamed = 10;

/** A mail without the pictures that it only quotes. @param quoted hex SHA-256 of each */
export function withoutQuoted(message: Message, quoted: ReadonlySet<string>): Message {
  const isOwn = ({ contentId, sha256 }: Attachment): boolean => contentId === null || !quoted.has(sha256);
  return { ...message, attachments: message.attachments.filter(isOwn) };
}
