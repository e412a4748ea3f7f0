import { isProgram, programType } from '../../core/message/attachments.ts';
import { type HeaderText, readHeaderText } from '../../core/letters/header-text.ts';
import { cleanFilename } from '../../core/message/filename.ts';
import type { Attachment } from '../../core/message/message.ts';
import type { Report } from './body.ts';
import type { MimePart } from './mime.ts';
import { sha256 } from './sha256.ts';

/**
 * A part that is not read, with its bytes decoded and otherwise untouched: nothing is unpacked (BAD-MAIL 16, 17). Its type
 * is what its sender says, except for a program.
 */
export function readAttachment(part: MimePart, report: Report): Attachment {
  const { bytes, problem } = part;
  const name = declaredName(part);
  const filename = cleanFilename(name?.text ?? null, part.contentType);
  if (problem !== null) report({ kind: 'encoding', attachment: filename, problem });
  if (part.mislabelled || name?.mislabelled === true) report({ kind: 'charset_wrong' });
  const contentId = /<([^<>\s]{1,500})>/u.exec(part.headers.get('content-id')?.[0] ?? '')?.[1] ?? null;
  return {
    filename,
    contentType: isProgram(bytes) ? programType : part.contentType,
    size: bytes.length,
    sha256: sha256(bytes),
    content: bytes,
    contentId: contentId === null ? null : contentId.replaceAll('\0', '').toWellFormed(),
  };
}

/** RFC 2183 `filename`, else the older `name`; encoded words in them are against RFC 2047 §5 and everyday. */
function declaredName(part: MimePart): HeaderText | null {
  const name = part.dispositionParameters['filename'] || part.parameters['name'];
  return name === undefined || name === '' ? null : readHeaderText(name.slice(0, 2_000));
}
