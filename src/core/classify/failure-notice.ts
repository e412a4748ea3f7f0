import type { Traits } from './traits.ts';
import { oneSpaced } from '../letters/text.ts';

/**
 * The notices of mail servers that could not deliver, as far as no report (RFC 3464) says so: their senders, subjects and
 * first words. A person who asks about one writes text of their own above it, or forwards it.
 */

/** Local parts that only mail servers write from. */
const daemon = /^(?:mailer[-_.]?daemon|mail[-_.]?daemon|mail[-_.]?delivery|mmdf|delivery-daemon)$/iu;
/** Local parts and names that belong to a server, or to the people who keep it. */
const keeper =
  /^(?:post[-_]?master|mail[-_]?admin(?:istrator)?|mail[-_]?system|mdaemon|maildeliverysystem|microsoftexchange\p{L}*\d\w*|bounces?|smtp|mta)(?:[-+].*)?$/iu;
const keeperName = new RegExp(
  String.raw`^["'\s]*(?:${[
    String.raw`mailer[- ]?daemon|mail deliver(?:y|y? sub)?\s?(?:sub)?system`,
    String.raw`mail delivery (?:service|agent|failure|report)\b`,
    'mail (?:administrator|system)',
    '(?:microsoft )?(?:exchange|outlook)(?: (?:server|system))?',
    'system administrator|amministratore (?:di )?sistema|internet mail delivery',
    'courier mail server|interscan|delivery (?:subsystem|notification|report)',
    'postmaster|sottosistema recapito posta|sistema di recapito',
  ].join('|')})`,
  'iu',
);

const failureSubject = new RegExp(
  String.raw`^[\s*[("]*(?:${[
    'undeliver|non-?deliver|not deliver|unable to deliver|could not (?:be )?deliver',
    '(?:mail|message|e-?mail) (?:delivery|deliver|system error|could not|has not|was not|' +
      'not delivered|undeliverable|you sent blocked|rejected)',
    'delivery (?:status|failure|failed|has failed|notification|report|problem|error|delayed)',
    'failure notice|failed (?:mail|delivery)',
    'return(?:ed|ing) (?:mail|e-?mail|message|to sender)',
    'notice: mail',
    'warning: (?:could not send|delayed mail|message|e-?mail)',
    String.raw`there was an error sending your mail|\[?bounce\]|address not found|user unknown`,
    'non recapit|recapito (?:non riuscito|fallito|impossibile)',
    'mancat[oa] (?:recapito|consegna)',
    '(?:messaggio|mail|e-?mail|posta) ' +
      '(?:non (?:recapitat|consegnat|recapitabil|inviat)|respint|restituit|rifiutat)',
    'impossibile (?:recapitare|consegnare|inviare)',
    'errore (?:di|nella|durante la|durante il) (?:recapito|consegna|invio)',
    'ritardo (?:nella|di|della) (?:consegna|recapito)',
    '(?:messaggio|consegna|recapito|e-?mail) (?:ritardat|in ritardo)',
    'consegna (?:non riuscita|fallita|ritardata|impossibile)',
    'notifica (?:sullo|di|dello) stato (?:della|del|di) (?:consegna|recapito)',
    'unzustellbar|nicht zustellbar|zustell(?:ung|fehler)|fehler bei der zustellung',
    'non remis|échec de (?:la )?(?:remise|distribution)|message non distribué',
    '(?:mensaje|correo) no entregado|no se (?:puede|pudo) entregar|error de entrega',
    'devuelto|falha (?:na|de) entrega|não (?:foi )?(?:entregue|possível entregar)',
    'onbestelbaar|niet bezorgd',
  ].join('|')})`,
  'iu',
);

/** Opening words of a failure notice. Somebody who asks about one opens otherwise. */
const failureWords = new RegExp(
  `^(?:${[
    '(?:hi[.!]? )?(?:this is the .{1,60} program at|' +
      'this is the (?:mail system|postfix|mail delivery)|' +
      'this message was created automatically by (?:the )?mail|' +
      String.raw`this is an? automat\p{L}+(?: generated)? (?:delivery status|message from|notification)|` +
      'this report relates to a message you sent)',
    "(?:i'm )?(?:sorry|afraid)[.,]? .{0,60}(?:deliver|message)",
    '(?:your|the|a|an|the following) (?:e-?mail |mail |following )?' +
      String.raw`(?:message|mail|e-?mail|delivery)\b.{0,160}\b(?:deliver|reach|undeliver|reject|returned|bounced|` +
      'failed|blocked)',
    'the (?:original|following) (?:message|mail|recipient)',
    '(?:message|mail|e-?mail) (?:delivery|could not|not delivered|blocked|was undeliverable|undeliverable)',
    '(?:could not|unable to|failed to|cannot) deliver',
    'delivery (?:has failed|to |failed|of your)|undeliver|address not found',
    'there was (?:an error|a problem) deliver|each of the following|user unknown',
    'recipient address rejected|returned mail',
    String.raw`(?:impossibile|non è stato possibile|non (?:siamo riusciti|è riuscit)\p{L}*.{0,10}) .{0,30}` +
      '(?:recapit|consegn|invi)',
    'il (?:recapito|tuo messaggio|suo messaggio|messaggio|' +
      String.raw`vostro messaggio)\b.{0,160}\b(?:non (?:è|e'|ha)|fallit|impossibile|respint|rifiutat)`,
    'messaggio non (?:recapitat|consegnat)',
    'si è verificato un errore .{0,40}(?:recapito|consegna|invio)',
    'recapito non riuscito',
    String.raw`(?:ihre|die) (?:nachricht|e-?mail|zustellung)\b.{0,120}\b(?:nicht|fehlgeschlagen)`,
    String.raw`(?:votre|le) message\b.{0,120}\bn['’]a pas|échec de la`,
    String.raw`(?:su|el) mensaje\b.{0,120}\bno |no se p\p{L}+ entregar`,
    String.raw`(?:a )?sua mensagem\b.{0,120}\bnão|não foi possível entregar`,
  ].join('|')})`,
  'iu',
);

/** The form of a server's refusal (RFC 5321 §4.2, RFC 3463), or a returned mail's headers. */
const refusal =
  /\b[45]\d\d[ -](?:#?[45]\.\d{1,3}\.\d{1,3}|\S)|\b[45]\.\d{1,3}\.\d{1,3}\b|^\s*(?:message-id|final-recipient)\s*:/imu;

/** @returns why a mail is a server's notice of failed delivery, or null if it is none */
export function failureNotice(traits: Traits, isAutomatic: boolean): string | null {
  const { from, fromText, subject, whole, answers, partTypes } = traits;
  const local = from?.slice(0, from.lastIndexOf('@')) ?? '';
  if (daemon.test(local) || (from === null && /^\W*(?:mailer|mail)[- ]?daemon/iu.test(fromText)))
    return 'written by a mailer-daemon';
  const saysSo = failureSubject.test(subject);
  const beginsSo = failureWords.test(firstWords(whole));
  const isKeeper = keeper.test(local) || keeperName.test(fromText);
  if ((isKeeper || isAutomatic || from === null) && (saysSo || beginsSo))
    return 'a mail server’s notice of failed delivery';
  const returns = partTypes.some((type) =>
    /^(?:message\/rfc822|message\/global|text\/rfc822-headers)$/u.test(type),
  );
  if (isAutomatic && local === 'postmaster') return 'a mail server’s notice of failed delivery';
  const head = whole.slice(0, 20_000);
  const isRefused = refusal.test(head);
  if (isKeeper && (returns || isRefused) && !isLetter(head))
    return 'a mail server’s notice of failed delivery';
  if (returns && noReply.test(local) && undelivered.test(head)) return 'a notice of failed delivery';
  return saysSo && beginsSo && !answers && (returns || isRefused)
    ? 'words and subject of a notice of failed delivery'
    : null;
}

const noReply = /^(?:no|do)[-_.]?(?:not[-_.]?)?reply/iu;
const undelivered =
  /\b(?:not be delivered|not delivered|undeliverable|user unknown|mailbox (?:is )?full|non (?:è stato )?(?:recapitat|consegnat)|[45]\.\d\.\d{1,3})/iu;

/** True if the server’s administrators wrote the text themselves: they greet, ask and thank. */
function isLetter(text: string): boolean {
  return /\?|\b(?:buon(?:giorno|asera)|salve|ciao|gentil\p{L}*|spett\p{L}*|grazie|cordiali|saluti|ricev(?:o|iamo)|abbiamo|vorre\p{L}+|potete|hello|hi|dear|thanks|regards|we are|i am)\b/iu.test(
    text.slice(0, 1_000),
  );
}

/** First words of a text, with line breaks as spaces. */
function firstWords(text: string): string {
  return oneSpaced(text.slice(0, 2_000))
    .replace(/^[\s*#|>\-=_]+/u, '')
    .slice(0, 400);
}
