import { subjectWithToken } from '../core/message/subject-token.ts';
import { shorten } from '../core/letters/text.ts';
import { oneLine } from '../core/letters/clean.ts';

/** The draft that a `mailto:` link prepares. */
export type LinkDraft = {
  to: string;
  cc: string | null;
  /** the part of the subject that must survive: a command with its tag, `Re: [#1042]`; '' for none */
  lead: string;
  /** the rest of the subject: shortened where the link would grow too long */
  rest: string;
  /** reply token for the subject's end (`REPLY_ADDRESSING=subject`) */
  token: string | null;
  /** lines of the body; none: no body */
  body: readonly string[];
};

/** Some mail programs cut links near 2,000 characters; no link of ours is longer than this. */
export const linkLimit = 1900;

/**
 * A `mailto:` link (RFC 6068): `+` in addresses is written `%2B`, since some programs read it as a space; line breaks are
 * `%0D%0A`. The rest of the subject gives way where the link would be longer than `linkLimit`.
 * @param longer what it prepares instead where that fits
 */
export function mailtoLink(draft: LinkDraft, longer: LinkDraft | null = null): string {
  const rest = oneLine(draft.rest);
  const whole = longer === null ? null : build(longer, shorten(oneLine(longer.rest), 60));
  if (whole !== null && whole.length <= linkLimit) return whole;
  for (const limit of [150, 100, 60, 30, 10]) {
    const link = build(draft, shorten(rest, limit));
    if (link.length <= linkLimit) return link;
  }
  return build(draft, '');
}

/** A `mailto:` link to an address alone; '' for none. Nothing in it becomes a header of the mail. */
export function mailtoAddress(address: string): string {
  return address === '' ? '' : `mailto:${encodeAddress(address)}`;
}

function build(draft: LinkDraft, rest: string): string {
  const subject = [oneLine(draft.lead), rest].filter((part) => part !== '').join(' ');
  const headers = [
    draft.cc === null ? null : `cc=${encodeAddress(draft.cc)}`,
    `subject=${encode(draft.token === null ? subject : subjectWithToken(subject, draft.token))}`,
    draft.body.length === 0 ? null : `body=${draft.body.map(encode).join('%0D%0A')}`,
  ];
  return `mailto:${encodeAddress(draft.to)}?${headers.filter((header) => header !== null).join('&')}`;
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function encodeAddress(address: string): string {
  return encode(address).replaceAll('%40', '@');
}
