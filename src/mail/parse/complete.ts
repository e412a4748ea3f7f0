import type { Content } from './content.ts';
import { withKnownTypes } from './containers/file-types.ts';
import type { ParseLimits } from '../../config/limits.ts';
import { openSigned } from './containers/signed.ts';
import { isWinmail, openWinmail } from './containers/winmail.ts';

/** Opens what a message wraps: the content of its signature, of `winmail.dat`, and the types of files that declare none. */
export async function complete(content: Content, limits: ParseLimits): Promise<Content> {
  if (content.defect !== null) return content;
  const signed = await openSigned(content, limits);
  const opened = signed.attachments.some(isWinmail) ? await openWinmail(signed, limits) : signed;
  return { ...opened, attachments: await withKnownTypes(opened.attachments) };
}
