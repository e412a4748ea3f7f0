/** Encoded object identifiers of CMS content types (RFC 5652, 5083). */
const kinds: ['signed' | 'enciphered', string][] = [
  ['signed', '06092a864886f70d010702'],
  ['enciphered', '06092a864886f70d010703'],
  ['enciphered', '06092a864886f70d010706'],
  ['enciphered', '060b2a864886f70d0109100117'],
];

/** Kind of a CMS message (`smime.p7m`) by its first bytes: signed, with readable text, or enciphered; null if neither. */
export function cmsKind(bytes: Buffer): 'signed' | 'enciphered' | null {
  const head = bytes.toString('hex', 0, 40);
  return kinds.find(([, identifier]) => head.includes(identifier))?.[0] ?? null;
}
