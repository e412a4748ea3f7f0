/** The parts of a mail that are files. */
import MimeNode from 'nodemailer/lib/mime-node';
import { pictureId, pictureType, runsWhenOpened } from '../../core/message/attachments.ts';
import { oneLine } from '../../core/letters/clean.ts';

/** A file that goes with a mail. `sha256` of its content, hex */
export type FileToSend = {
  filename: string;
  contentType: string;
  content: Uint8Array;
  sha256: string;
  /** the desk wrote it: it is sent as the type that it names */
  isOurs?: boolean;
};

/** Types that a mail program shows and never runs. */
const inert =
  /^(?:image\/(?:png|jpeg|gif|webp|bmp|tiff|heic|heif|avif)|text\/(?:plain|csv)|audio\/[\w.+-]{1,80}|video\/[\w.+-]{1,80}|application\/(?:pdf|zip|msword|vnd\.(?:ms-excel|ms-powerpoint|openxmlformats-officedocument\.[\w.]{1,80}|oasis\.opendocument\.[\w.-]{1,80})))$/;

/** A file's headers, and whether the HTML shows it. */
export type FilePart = { head: string; isShown: boolean };

/** The headers of these files: pictures that the HTML shows stand within it, each once; the others are downloads. */
export function filePartsOf(files: readonly FileToSend[], html: string): FilePart[] {
  const shown = new Set<string>();
  return files.map((file) => {
    const id = pictureId(file.sha256);
    const type = pictureType(file.content);
    const isShown = type !== null && !shown.has(id) && html.includes(`src="cid:${id}"`);
    if (isShown) shown.add(id);
    return { head: isShown ? headOf(file, type, id) : headOf(file, typeOf(file), null), isShown };
  });
}

/** Unless certainly harmless, its type is one that no program opens automatically. */
function typeOf({ filename, contentType, isOurs = false }: FileToSend): string {
  if (isOurs) return oneLine(contentType);
  return inert.test(contentType) && !runsWhenOpened(filename) ? contentType : 'application/octet-stream';
}

function headOf({ filename }: FileToSend, type: string, id: string | null): string {
  // a root would get a date
  const node = new MimeNode('multipart/mixed').createChild(type, { filename: oneLine(filename) });
  if (id !== null) node.setHeader('Content-Id', `<${id}>`);
  node.setHeader('Content-Transfer-Encoding', 'base64');
  node.setHeader('Content-Disposition', id === null ? 'attachment' : 'inline');
  return `${node.buildHeaders()}\r\n\r\n`;
}
