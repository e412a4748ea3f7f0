import { ContentInfo, SignedData } from 'pkijs';

/**
 * What a CMS message signs, where it holds it (RFC 5652 §5): whether the signature is good is not asked here.
 * @returns null where it holds nothing, or cannot be read
 */
export function signedContent(bytes: Buffer): Buffer | null {
  try {
    const info = ContentInfo.fromBER(bytes);
    if (info.contentType !== ContentInfo.SIGNED_DATA) return null;
    const signed = new SignedData({ schema: info.content });
    const content = signed.encapContentInfo.eContent?.getValue();
    return content === undefined ? null : Buffer.from(content);
  } catch (error) {
    // bytes that are no such message have no other way to be told
    if (error instanceof Error) return null;
    throw error;
  }
}
