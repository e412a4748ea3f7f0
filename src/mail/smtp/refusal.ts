/** The data nodemailer gives about a failed send. */
export type Failure = {
  /** nodemailer's own word for it, `EENVELOPE` */
  code: string;
  /** `MAIL FROM`, `RCPT TO`, `DATA`; `API` where no server was asked, `CONN` where there was no command */
  command: string;
  /** the server's reply, RFC 5321 §4.2, or null if it gave none */
  reply: number | null;
  /** the server's words, enhanced status code (RFC 3463) included, on one line */
  text: string;
};

/**
 * The meaning of a failed send.
 * - `permanent`: this recipient or this message, for good.
 * - `temporary`: the same may work later, or a setting of ours is wrong, for which no mail is given up.
 * - `sender_refused`: this login may not send as the address that was given.
 * - `login_refused`: it wants a login, or not this one.
 * - `no_answer`: it hung up or fell silent, perhaps over this mail, perhaps because it is away.
 */
export type Meaning = 'permanent' | 'temporary' | 'sender_refused' | 'login_refused' | 'no_answer';

/** RFC 4954 §6. */
const wantsLogin = new Set([530, 534, 535, 538]);
/** RFC 5321 §4.2.4, §4.3.2: the session's trouble, not the mail's. */
const ofTheSession = new Set([500, 502, 503, 504, 555]);

/**
 * Enhanced codes of refusals that may pass, whatever the class they come with: mailbox full (x.2.2) and system full
 * (x.3.1) are persistent transient failures by RFC 3463 §3.3 and §3.4, congestion (x.4.5) by §3.5, where Gmail also
 * counts its daily limit; 5.1.90, 5.2.121, 5.2.122, 5.7.705 and 5.7.708 are limits of Exchange Online.
 */
const mayPass = /^5\.(?:2\.2|3\.1|4\.5|1\.90|2\.12[12]|7\.70[58])$/;
/** Bad sender's address or system (RFC 3463 §3.2); SendAsDenied and its kin of Exchange. */
const ofTheSender = /^5\.(?:1\.[78]|2\.252|7\.60)$/;
/** Message too big (RFC 3463 §3.3, §3.4), and an address beyond ASCII that this server cannot take (RFC 6531 §3.2). */
const ofTheMessage = /^5\.(?:2\.3|3\.4|6\.[379])$/;
/** Mail servers that say in words alone that we may not send as someone. */
const saysSender = new RegExp(
  [
    'sender address rejected', // Postfix
    'sender address is not allowed', // GMX, web.de
    'not owned by (?:user|auth)',
    'send ?as ?denied|not allowed to send as|(?:permissions?|rights?) to send as', // Exchange
    'from address (?:is )?not (?:one of your|verified|allowed)', // iCloud, Yahoo
    'not authori[sz]ed to send from this', // Fastmail
    'relaying disallowed as', // Zoho
    'does not match a verified sender', // SendGrid
    'email address is not verified', // Amazon SES
  ].join('|'),
  'i',
);
/** The server refuses to relay for us: the cause is our login or its settings, never this recipient. */
const saysRelay =
  /relay(?:ing)? (?:access )?(?:is )?(?:denied|not permitted|not allowed|prohibited)|unable to relay/i;

/**
 * What a failed send means for its one recipient, by command, reply code (RFC 5321 §4.2) and enhanced status code (RFC
 * 3463). In doubt a mail is tried again: whatever is given up is lost.
 */
export function meaningOf({ code, command, reply, text }: Failure): Meaning {
  if (code === 'EAUTH' || (reply !== null && wantsLogin.has(reply))) return 'login_refused';
  // no server could be told such an address, or this one has said that it takes no mail so large
  if (reply === null && (code === 'EENVELOPE' || code === 'EMESSAGE')) return 'permanent';
  // 421: it hangs up, whatever the command was
  if (reply === null || reply === 421 || !/^(?:MAIL FROM|RCPT TO|DATA|RSET)/.test(command))
    return 'no_answer';
  const enhanced = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(text)?.[0] ?? '';
  if (reply < 500 || enhanced.startsWith('4')) return 'temporary';
  if (ofTheSender.test(enhanced) || saysSender.test(text)) return 'sender_refused';
  if (mayPass.test(enhanced) || ofTheSession.has(reply) || saysRelay.test(text)) return 'temporary';
  if (ofTheMessage.test(enhanced)) return 'permanent';
  if (command.startsWith('MAIL FROM')) {
    // RFC 5321 §4.2.3: 552 there is a mail too large (RFC 1870 §6.1)
    return reply === 552 ? 'permanent' : 'sender_refused';
  }
  // RFC 5321 §4.5.3.1.10 and §4.2.2: of a recipient it is their storage
  if (reply === 552 && command.startsWith('RCPT TO') && enhanced === '') return 'temporary';
  return 'permanent';
}
