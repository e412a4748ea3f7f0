import type { Content } from './content.ts';
import { withKnownTypes } from './file-types.ts';
import type { ParseLimits } from './limits.ts';
import { openSigned } from './signed.ts';
import { isWinmail, openWinmail } from './winmail.ts';

/** A message with what it wraps opened: what is within its signature, in `winmail.dat`, and files that say no type. */
export async function complete(content: Content, limits: ParseLimits): Promise<Content> {
  if (content.defect !== null) return content;
  const signed = await openSigned(content, limits);
  const opened = signed.attachments.some(isWinmail) ? await openWinmail(signed, limits) : signed;
  return { ...opened, attachments: await withKnownTypes(opened.attachments) };
}
