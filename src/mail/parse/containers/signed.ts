import { cmsKind } from './cms-kind.ts';
import { concatenate } from '../body.ts';
import { type Content, encryptedPlaceholder, readContent } from '../content.ts';
import type { ParseLimits } from '../../../config/limits.ts';
import type { MimePart } from '../mime.ts';
import { sha256 } from '../sha256.ts';

/**
 * Opens an opaque signed mail (RFC 8551 §3.5.2), whose text and files are within its signature: they take the place of
 * `smime.p7m`. A list's footer beside it stays below. A signed file (`contratto.pdf.p7m`) stays one.
 */
export async function openSigned(content: Content, limits: ParseLimits, depth = 1): Promise<Content> {
  const leaf = content.leaves.find(isOpaque);
  if (leaf === undefined || depth > limits.messageDepth) return content;
  const { bytes } = leaf;
  if (cmsKind(bytes) !== 'signed' || isWithoutContent(leaf)) return content;
  // a large library, loaded for those who need it
  const { signedContent } = await import('./signed-data.ts');
  const signed = signedContent(bytes);
  if (signed === null) return unread(content);
  const read = await readContent(signed, limits);
  // it is a file that was signed
  if (!read.headers.has('content-type')) return content;
  const inner = await openSigned(read, limits, depth + 1);
  const opened = sha256(bytes);
  return {
    ...inner,
    ...concatenate([inner, content]),
    headers: content.headers,
    attachments: [...inner.attachments, ...content.attachments.filter((file) => file.sha256 !== opened)],
    warnings: [...content.warnings, ...inner.warnings],
  };
}

function isOpaque({ contentType, parameters, dispositionParameters }: MimePart): boolean {
  const name = dispositionParameters['filename'] || parameters['name'] || '';
  const isCms = /^application\/(?:x-)?pkcs7-mime$/u.test(contentType);
  return /^smime\.p7[mz]$/iu.test(name) || (isCms && !/\.\w{1,5}\.p7m$/iu.test(name));
}

/** It brings certificates or a receipt and no text. */
function isWithoutContent({ parameters }: MimePart): boolean {
  return /^(?:certs-only|signed-receipt)$/iu.test(parameters['smime-type'] ?? '');
}

/** The reader must know that there is a text that could not be read. */
function unread(content: Content): Content {
  const isSilent = (content.text ?? '').trim() === '' && (content.html ?? '').trim() === '';
  return {
    ...content,
    ...(isSilent ? { text: encryptedPlaceholder, html: null } : {}),
    warnings: [...content.warnings, { kind: 'encrypted' }],
  };
}
