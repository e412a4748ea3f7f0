import { isProgram, runsWhenOpened } from '../../../core/message/attachments.ts';
import { cleanFilename, splitFilename } from '../../../core/message/filename.ts';
import type { Attachment } from '../../../core/message/message.ts';

/** Types that say nothing of a file. */
const silent =
  /^(?:application\/(?:octet-stream|binary|unknown|x-unknown|x-octet-stream|x-download|force-download)|binary\/octet-stream|unknown\/unknown|x-unknown\/.*)$/u;

/**
 * Gives files without a declared type the one that their first bytes show, and its extension if their name has none. Nothing
 * is unpacked, and no name becomes one that runs when opened.
 */
export async function withKnownTypes(files: Attachment[]): Promise<Attachment[]> {
  return Promise.all(files.map(async (file) => (isUnknown(file) ? withKnownType(file) : file)));
}

function isUnknown({ contentType, content }: Attachment): boolean {
  return silent.test(contentType) && content.length > 0 && !isProgram(content);
}

async function withKnownType(file: Attachment): Promise<Attachment> {
  const found = archiveType(file.content) ?? (await typeByBytes(file.content));
  if (found === null || runsWhenOpened(`a.${found.ext}`)) return file;
  const { stem, extension } = splitFilename(file.filename);
  const isNamed = extension !== '' && extension.toLowerCase() !== '.bin';
  const filename = isNamed ? file.filename : cleanFilename(`${stem}.${found.ext}`, found.mime);
  return { ...file, contentType: found.mime, filename };
}

type FileType = { ext: string; mime: string };

/** Bytes that are looked at. */
const head = 64 * 1024;

async function typeByBytes(content: Uint8Array): Promise<FileType | null> {
  const start = content.subarray(0, head);
  const { fileTypeFromBuffer } = await import('file-type');
  const found = await fileTypeFromBuffer(start);
  return found === undefined ? null : { ext: found.ext, mime: found.mime };
}

const office = 'application/vnd.openxmlformats-officedocument.';
/** Names inside a zip, or inside an old Office file, that identify its type. */
const inside: [sign: string, ext: string, mime: string][] = [
  ['word/', 'docx', `${office}wordprocessingml.document`],
  ['xl/', 'xlsx', `${office}spreadsheetml.sheet`],
  ['ppt/', 'pptx', `${office}presentationml.presentation`],
  ['mimetypeapplication/vnd.oasis.opendocument.text', 'odt', 'application/vnd.oasis.opendocument.text'],
  [
    'mimetypeapplication/vnd.oasis.opendocument.spreadsheet',
    'ods',
    'application/vnd.oasis.opendocument.spreadsheet',
  ],
];
const insideOld: [sign: string, ext: string, mime: string][] = [
  ['WordDocument', 'doc', 'application/msword'],
  ['Workbook', 'xls', 'application/vnd.ms-excel'],
  ['PowerPoint Document', 'ppt', 'application/vnd.ms-powerpoint'],
  ['__substg1.0_', 'msg', 'application/vnd.ms-outlook'],
];

/** The type of a zip or an old Office file by the names in it, which stand there in plain. */
function archiveType(content: Uint8Array): FileType | null {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const isZip = bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'));
  const isOld = bytes.subarray(0, 8).equals(Buffer.from('d0cf11e0a1b11ae1', 'hex'));
  if (!isZip && !isOld) return null;
  // a zip lists its names at its end, too
  const start = bytes.subarray(0, 4 * head);
  const end = bytes.subarray(Math.max(0, bytes.length - head));
  const has = (sign: string): boolean => {
    const looked = isZip ? sign : Buffer.from(sign, 'utf16le');
    return start.includes(looked) || end.includes(looked);
  };
  const found = (isZip ? inside : insideOld).find(([sign]) => has(sign));
  if (found !== undefined) return { ext: found[1], mime: found[2] };
  return isZip ? { ext: 'zip', mime: 'application/zip' } : null;
}
