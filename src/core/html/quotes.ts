import type { Attributes } from './style.ts';

/** An element's role for a mail program: a quote, the start of one, its attribution, a signature. */
export type ElementPart =
  /** marks all in it as quoted, one level deeper */
  | 'blockquote'
  /** the same, or what its writer indented: nothing in it says which */
  | 'indent'
  /** holds an attribution, and a quote without marks unless it holds a blockquote */
  | 'container'
  /** all in it is quoted, whatever it holds */
  | 'quoted'
  | 'attribution'
  /** everything from here to the end of the mail is quoted */
  | 'rest'
  /** the same, if a quoted header begins in it */
  | 'separator'
  | 'signature';

const quotedNames =
  /(?:^|\s|-)(?:yahoo_quoted\S*|yahoo-quoted\S*|ydp\w{4,12}yahoo_quoted\S*|zmail_extra|ms-outlook-mobile-reference-message|replyforwardmessage|gmail_extra_quoted|tutanota_quote|mailru-blockquote|bloop_original_html|mail-quote-collapse|hs_reply_quote)(?:\s|$)/iu;
const containerNames =
  /(?:^|\s)(?:gmail_quote|gmail_quote_container|gmail_extra|protonmail_quote|zimbra_quote|front-quote|aqm-original\S*|mcntgmail_quote|moz-forward-container|quoted-mail|reply-quote|messagereplysection)(?:\s|$)/iu;
const attributionNames =
  /(?:^|\s)(?:gmail_attr|moz-cite-prefix|-x-evo-cite-prefix|reply-intro|aqm-original-body-header|ms-outlook-mobile-reply-header)(?:\s|$)/iu;
const restNames =
  /(?:^|\s)(?:(?:x_)*divrplyfwdmsg|(?:x_)*appendonsend|olk_src_body_section|mail-editor-reference-message-container|zwchr|replysplit|isreplycontent|isforwardcontent|outlookmessageheader|stopspelling)(?:\s|$)/iu;
const signatureNames =
  /(?:^|\s)(?:gmail_signature|gmail_signature_prefix|moz-signature|protonmail_signature_block\S*|protonmail_signature|applemailsignature|ms-outlook-mobile-signature|ms-outlook-ios-signature|composer_signature|aqm-signature|mobile-signature|mail-signature|tutanota_signature|yahoo-signature|ydp\w{4,12}signature|io-ox-signature|messagesignaturesection|_rc_sig|(?:x_)*signature|_mailautosig|zimbrasignature|data-marker__sig_pre__|evolution-signature|-x-evo-signature\S*)(?:\s|$)/iu;

/**
 * Part of a mail that an element's name, id, class and style mark, or null for none.
 * @param tag lower case
 */
export function partOf(tag: string, attributes: Attributes): ElementPart | null {
  const names =
    `${attributes.get('id') ?? ''} ${attributes.get('class') ?? ''} ${attributes.get('name') ?? ''}`.slice(
      0,
      1_000,
    );
  const marker = attributes.get('data-marker') ?? '';
  if (tag === 'blockquote')
    return saysQuote(attributes, names) ? 'blockquote' : isIndent(attributes) ? null : 'indent';
  if (tag === 'signature') return 'signature';
  if (attributes.size === 0) return null;
  if (
    marker === '__DIVIDER__' ||
    marker === '__HEADERS__' ||
    marker === '__QUOTED_TEXT__' ||
    restNames.test(names)
  )
    return 'rest';
  if (marker === '__SIG_PRE__' || marker === '__SIG_POST__' || signatureNames.test(names)) return 'signature';
  // Gmail on phones writes no class
  if ((attributes.get('data-smartmail') ?? '').startsWith('gmail_signature')) return 'signature';
  if (attributionNames.test(names)) return 'attribution';
  if (quotedNames.test(names)) return 'quoted';
  if (containerNames.test(names)) return 'container';
  if (tag === 'div' && isOutlookSeparator(attributes.get('style') ?? '')) return 'separator';
  if (tag === 'div' && hasLineAtSide(attributes.get('style') ?? '')) return 'indent';
  return null;
}

/** Programs mark their quotes by a type, a source, a name or a line at its side; editors write none of these to indent. */
function saysQuote(attributes: Attributes, names: string): boolean {
  if (attributes.has('type') || attributes.has('cite') || /quot|cite/iu.test(names)) return true;
  const style = (attributes.get('style') ?? '').toLowerCase().replace(/\s/gu, '');
  return /border(?:-(?:inline-start|left|right))?(?:-width|-style|-color)?:(?!none|0|medium|initial)/u.test(
    style,
  );
}

/** Gmail and Outlook indent with a blockquote that has neither border nor mark. */
function isIndent(attributes: Attributes): boolean {
  const style = (attributes.get('style') ?? '').toLowerCase().replace(/\s/gu, '');
  return (
    style.includes('border:none') ||
    style.includes('border:0') ||
    /margin(?:-left)?:(?:000)?40px/u.test(style)
  );
}

/** `border-left:2px solid #ccc`: as programs draw quotes, and people boxes. */
function hasLineAtSide(style: string): boolean {
  const compact = style.toLowerCase().replace(/\s/gu, '');
  return /(?:^|;)border-(?:left|inline-start):(?!none|0(?:px|pt)?(?:;|$)|medium|initial|inherit)[^;]*(?:solid|dashed|dotted|double|ridge|groove)/u.test(
    compact,
  );
}

/** `border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm`: Outlook's line above a quoted header. */
function isOutlookSeparator(style: string): boolean {
  const compact = style.toLowerCase().replace(/\s/gu, '');
  return (
    compact.includes('border-top:solid') &&
    compact.includes('border:none') &&
    compact.includes('padding:3.0pt')
  );
}
