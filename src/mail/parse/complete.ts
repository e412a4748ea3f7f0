import type { Content } from './content.ts';
import { withKnownTypes } from './containers/file-types.ts';
import type { ParseLimits } from '../../config/limits.ts';
import { openSigned } from './containers/signed.ts';
import { isWinmail, openWinmail } from './containers/winmail.ts';

/** A message with what it wraps opened: what is within its signature, in `winmail.dat`, and files that say no type. */
export async function complete(content: Content, limits: ParseLimits): Promise<Content> {
  if (content.defect !== null) return content;
  const signed = await openSigned(content, limits);
  const opened = signed.attachments.some(isWinmail) ? await openWinmail(signed, limits) : signed;
  return { ...opened, attachments: await withKnownTypes(opened.attachments) };
}
