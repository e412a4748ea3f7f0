/**
 * Written by hand: sanitize-filename leaves characters that turn the direction of text, joins a path's parts where its last
 * one is the name, and has no names for parts that bring none.
 */
import libmime from 'libmime';
import { oneLine, hidden } from '../letters/clean.ts';

const widthless = new RegExp(`[${hidden.spaces}${hidden.joiners}]`, 'gu');

/** Device names that Windows opens whatever their extension (Microsoft, Naming Files). */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)$/iu;
const longest = 120;
/** Bytes of UTF-8; file systems allow 255. */
const mostBytes = 240;

/** Names for parts that bring none. People outside read them. */
const fallback: Record<string, string> = {
  'message/rfc822': 'messaggio.eml',
  'message/delivery-status': 'esito-consegna.txt',
  'message/disposition-notification': 'conferma-lettura.txt',
  'text/rfc822-headers': 'intestazioni.txt',
  'text/calendar': 'invito.ics',
  'text/vcard': 'contatto.vcf',
  'text/x-vcard': 'contatto.vcf',
  'text/html': 'pagina.html',
  'text/plain': 'testo.txt',
  'text/csv': 'dati.csv',
  'application/pdf': 'documento.pdf',
  'application/zip': 'archivio.zip',
  'application/ms-tnef': 'winmail.dat',
  'application/pgp-signature': 'firma.asc',
  'application/pkcs7-signature': 'smime.p7s',
  'application/x-pkcs7-signature': 'smime.p7s',
  'application/pkcs7-mime': 'smime.p7m',
  'application/x-pkcs7-mime': 'smime.p7m',
  'image/jpeg': 'immagine.jpg',
  'image/png': 'immagine.png',
  'image/gif': 'immagine.gif',
  'image/svg+xml': 'immagine.svg',
  'image/heic': 'immagine.heic',
  'audio/mpeg': 'audio.mp3',
  'video/mp4': 'video.mp4',
};

/**
 * A file name that is safe to show and to store beside others: the last part of any path, no control or
 * direction characters, none of `<>:"|?*`, no Windows device, at most 120 characters and 240 bytes, never empty
 * (BAD-MAIL 71, 72).
 * @param declared what the mail says, decoded; null where it says nothing
 * @param contentType lower-case media type, for a name where there is none
 */
export function cleanFilename(declared: string | null, contentType: string): string {
  const last = oneLine(declared ?? '')
    .split(/[/\\]/u)
    .findLast((part) => /[^.\s]/u.test(part));
  const name = (last ?? '')
    .replace(/^[a-z]:/iu, '')
    .replace(/[<>:"|?*]/gu, '_')
    .replace(widthless, '')
    .replace(/^[.\s]+|(?<![.\s])[.\s]+$/gu, '');
  if (name === '') return fallback[contentType] ?? nameOfType(contentType);
  const { stem, extension } = splitFilename(name);
  const safeStem = reserved.test(stem.split('.')[0]?.trim() ?? '') ? `_${stem}` : stem;
  // not within a letter that takes two places
  const short = safeStem.slice(0, longest - extension.length).replace(/\p{Cs}$/u, '');
  return fittingFilename(short, extension).toWellFormed();
}

/** Endings that people know better than those that a register has first. */
const endings: Record<string, string> = {
  'image/tiff': 'tif',
  'image/jpg': 'jpg',
  'image/pjpeg': 'jpg',
  'image/x-png': 'png',
  'image/x-ms-bmp': 'bmp',
  'audio/ogg': 'ogg',
  'audio/mp4': 'm4a',
  'audio/amr': 'amr',
  'audio/mp3': 'mp3',
  'audio/x-mp3': 'mp3',
  'audio/wave': 'wav',
  'audio/vnd.wave': 'wav',
  'text/rtf': 'rtf',
  'application/x-pdf': 'pdf',
  'application/x-zip': 'zip',
  'application/excel': 'xls',
  'application/x-excel': 'xls',
  'application/vnd.msword': 'doc',
  'application/x-rar': 'rar',
  'text/markdown': 'md',
};

/** Names by what a file is for its reader. */
const stems: Record<string, string> = { image: 'immagine', audio: 'audio', video: 'video', text: 'testo' };

/** A name that ends as the type does, so that a double click opens it. */
function nameOfType(contentType: string): string {
  const ending = endings[contentType] ?? libmime.detectExtension(contentType);
  return `${stems[contentType.split('/')[0] ?? ''] ?? 'allegato'}.${ending}`;
}

/** A name in two; what follows a last dot and is too long to be an extension belongs to the stem. */
export function splitFilename(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= 12 ? name.slice(dot) : '';
  return { stem: name.slice(0, name.length - extension.length), extension };
}

/** Cuts the stem between letters if name and extension have more bytes than file systems allow. */
export function fittingFilename(stem: string, end: string): string {
  const room = new Uint8Array(mostBytes - utf8.encode(end).length);
  return stem.slice(0, utf8.encodeInto(stem, room).read) + end;
}

const utf8 = new TextEncoder();
