import { ContentInfo, SignedData } from 'pkijs';

/**
 * Content of a signed CMS message that contains it (RFC 5652 §5). Does not verify the signature.
 * @returns null if it contains none, or cannot be read
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
