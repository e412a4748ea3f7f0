import { cleanFilename } from '../../../core/message/filename.ts';
import type { Attachment } from '../../../core/message/message.ts';
import type { Warning } from '../../../core/words/warnings.ts';
import type { Content } from '../content.ts';
import type { ParseLimits } from '../../../config/limits.ts';
import { sha256 } from '../sha256.ts';
import { shortenHtml, shortenText } from '../shorten.ts';
import { readTnef, type Tnef, type TnefFile } from './tnef.ts';

/** True if a file is Outlook's winmail.dat, which wraps a mail for Outlook alone. */
export function isWinmail({ contentType, filename }: Attachment): boolean {
  return /^application\/(?:ms-tnef|vnd\.ms-tnef)$/u.test(contentType) || /^winmail\.dat$/iu.test(filename);
}

/** Opens `winmail.dat` (BAD-MAIL 17): its files take its place, and its text speaks where the mail has none. */
export async function openWinmail(content: Content, limits: ParseLimits): Promise<Content> {
  const decompress = await decompressor(limits);
  const opened = new Map<Attachment, Tnef>();
  for (const file of content.attachments.filter(isWinmail)) {
    const tnef = readTnef(Buffer.from(file.content), limits, decompress);
    if (tnef !== null) opened.set(file, tnef);
  }
  const attachments = content.attachments.flatMap((file) => {
    const tnef = opened.get(file);
    if (tnef === undefined) return [file];
    const files = tnef.files.map(asAttachment);
    const holdsAnything = files.length > 0 || tnef.text !== null || tnef.html !== null;
    return tnef.isWhole && holdsAnything ? files : [...files, file];
  });
  const [first] = opened.values();
  const isSilent = (content.text ?? '').trim() === '' && (content.html ?? '').trim() === '';
  if (!isSilent || first === undefined) return { ...content, attachments };
  const warnings = [...content.warnings];
  const report = (warning: Warning): void => void warnings.push(warning);
  const text = first.text === null ? null : shortenText(first.text.toWellFormed(), limits, report);
  const html = first.html === null ? null : shortenHtml(first.html.toWellFormed(), limits, report);
  return { ...content, text, html, warnings, attachments };
}

function asAttachment({ name, contentType, contentId, content }: TnefFile): Attachment {
  const type =
    /^[\w.+-]{1,80}\/[\w.+-]{1,120}$/u.exec(contentType ?? '')?.[0].toLowerCase() ??
    'application/octet-stream';
  const id = (contentId ?? '').replace(/[<>\s\0]/gu, '').slice(0, 500);
  return {
    filename: cleanFilename(name, type),
    contentType: type,
    size: content.length,
    sha256: sha256(content),
    content,
    contentId: id === '' ? null : id,
  };
}

/** Texts that are longer than may be read, compressed, are not decompressed. */
async function decompressor({ textBytes }: ParseLimits): Promise<(compressed: Buffer) => Buffer | null> {
  const { decompressRTF } = await import('@kenjiuno/decompressrtf');
  return (compressed) => {
    if (compressed.length > Math.min(textBytes, mostCompressed)) return null;
    try {
      return Buffer.from(decompressRTF([...compressed]));
    } catch (error) {
      // what it cannot read it has no other way to tell
      if (error instanceof Error) return null;
      throw error;
    }
  };
}

/** It takes and gives an array of numbers, up to nine times as long. */
const mostCompressed = 1_000_000;
