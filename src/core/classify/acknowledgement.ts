import { asks, isBareAnswer, isPartOfNotice, isWhollyNotice, sentencesOf } from './absence.ts';

const thing = String.raw`(?:mail|e-?mail|messagg\p{L}+|richiest\p{L}+|segnalazion\p{L}+|comunicazion\p{L}+|ticket|pratic\p{L}+|request|message|e-?mail|enquiry|inquiry|case)`;
/** Confirmation that something was received. */
const received = new RegExp(
  [
    String.raw`\b(?:abbiamo|ho) (?:correttamente |regolarmente )?(?:ricevut|registrat|pres)[oae](?: in carico)? (?:(?:la|il|le|i|un|una) )?(?:(?:su|tu|vostr|nuov)\p{L}+ )?${thing}`,
    String.raw`\b(?:su|tu|vostr)\p{L}+ ${thing}(?: \S+){0,3} (?:è|e'|sono|è già|risulta) (?:stat[oaei] )?(?:(?:correttamente|regolarmente) )?(?:ricevut|registrat|pres|inoltrat|apert|assegnat|acquisit)[oaei]`,
    String.raw`^${thing}(?: \S+){0,3} (?:ricevut|registrat|apert|pres)[oa](?: in carico)?\b`,
    String.raw`(?<!\p{L})è stat[oa] (?:aperto|aperta|creato|creata|registrato|registrata) (?:(?:un|una|il|la) )?(?:nuov[oa] )?${thing}`,
    String.raw`\b(?:we|i) (?:have )?(?:received|registered|logged) (?:your|the) ${thing}`,
    String.raw`\byour ${thing}(?: \S+){0,3} (?:has been|was|is) (?:successfully )?(?:received|registered|created|opened|logged)`,
    String.raw`\bnous avons (?:bien )?reçu votre \p{L}+`,
    String.raw`\bvotre \p{L}+ a (?:bien )?été (?:reçue?|enregistrée?)`,
    String.raw`ihre? \p{L}+(?:-\p{L}+)? (?:ist (?:bei uns )?eingegangen|wurde (?:\p{L}+ )?(?:registriert|erfasst))`,
    String.raw`(?:haben|habe) ihre \S+ erhalten`,
    String.raw`\b(?:hemos recibido|su \p{L}+ ha sido (?:recibid|registrad)[oa])`,
    String.raw`\ba (?:new )?${thing} (?:has been|was) (?:created|opened|registered|logged)`,
  ].join('|'),
  'u',
);
/** Further sentences of a receipt: an answer will follow, a number, nobody wrote this. */
const besides = new RegExp(
  [
    String.raw`\b(?:(?:vi|le|la|ti|lo) )?(?:ri)?(?:rispond|contatt|aggiorn|scriv|chiam)er(?:ò|o'|emo|à|anno)(?!\p{L})`,
    String.raw`\b(?:verrà|verrete|sarà|sarete|riceverà|riceverete) (?:\S+ ){0,2}(?:ricontattat|contattat|risposta|riscontro|aggiornament|gestit|evas|lavorat|pres)\p{L}*`,
    String.raw`\b(?:al più presto|il prima possibile|appena possibile|quanto prima|entro \S+ (?:or[ae]|giorn[oi])|a breve)\b`,
    String.raw`\b(?:messaggio|mail|e-?mail|risposta|notifica) (?:(?:è|e'|generat\p{L}+|inviat\p{L}+|creat\p{L}+) )*(?:automatic\p{L}+|in automatico)`,
    String.raw`\b(?:non|senza) (?:risponder\p{L}*|rispondete|rispondere|replicare)\b`,
    String.raw`\b(?:numero|codice|riferimento|protocollo|id|n\.|nr\.?|ref|reference|number)\b.{0,60}\d`,
    String.raw`\b(?:we will|we'll|someone will|our team will|a member of our) .{0,40}(?:get back|reply|respond|contact|answer|be in touch)`,
    String.raw`\b(?:do not|please don't) reply\b|\bautomat(?:ed|ic(?:ally)?)\b`,
  ].join('|'),
  'u',
);
/** `n. 5531` is no end of a sentence. */
const numbered = /\b(nr?|num|rif|ref|no)\.\s+(?=[#\d])/giu;
/** Requests to somebody who might answer the program. */
const noReply = /\b(?:please )?(?:do not|don't) reply\b.*$/u;
/** Something is added, or doubted: what rides on such a clause is a person's. */
const adds =
  /\b(?:ma|però|pero'|tuttavia|invece|but|however)\b|\bnon (?!risponder|rispondete|replicare|esitare)/u;

/**
 * True if a text is nothing but a receipt that another desk's program sends for each mail without a header that marks it
 * (BAD-MAIL 87): it says that a mail was received and what happens next, and every sentence is of a kind found in receipts.
 * @param text the new text of a mail, without quotes
 */
export function isAcknowledgement(text: string): boolean {
  if (text.length > 1_500 || text.includes('?')) return false;
  const sentences = sentencesOf(text.replace(numbered, '$1.'));
  const own = (sentence: string): boolean =>
    (received.test(sentence) || besides.test(sentence)) &&
    !asks(sentence.replace(noReply, '')) &&
    !adds.test(sentence);
  const more = besides.test(sentences.join(' '));
  return (
    more &&
    sentences.some((sentence) => received.test(sentence)) &&
    sentences.every((sentence) => own(sentence) || (isPartOfNotice(sentence) && !isBareAnswer(sentence)))
  );
}

/** `Questa è una risposta automatica`, as a sentence of its own. */
const declared = new RegExp(
  `^(?:\\W*(?:nota|note|hinweis|n\\.b\\.?) ?:? ?)?(?:${[
    String.raw`(?:quest[ao]|la presente) (?:è|e'|mail è|e-?mail è|messaggio è) (?:una |un |stat[oa] )?(?:(?:risposta|mail|e-?mail|messaggio|notifica) )?(?:automatic[ao]|(?:generat|inviat)[ao] (?:automaticamente|in automatico|da un sistema automatico))`,
    String.raw`(?:messaggio|risposta|mail|e-?mail|notifica) (?:automatic[ao]|(?:generat|inviat)[ao] (?:automaticamente|in automatico))`,
    '(?:this is an?|this (?:e-?mail|message|reply|response) (?:is|was|has been)(?: an)?) ' +
      '(?:automat(?:ed|ic|ically generated)|auto-?generated|(?:sent|generated) automatically)' +
      '(?: (?:e-?mail|message|reply|response|notification))?',
    '(?:automatic|automated) (?:reply|message|response)',
    "(?:please )?(?:do not|don't) reply to this (?:e-?mail|message)",
    String.raw`(?:si prega di )?non rispond(?:ere|ete) a (?:quest[ao]|la presente) (?:mail|e-?mail|messaggio|indirizzo)`,
    "(?:ceci est|il s'agit d') ?une? (?:message|réponse|e-?mail|mail) (?:automatique|généré automatiquement)",
    '(?:réponse|message) automatique',
    '(?:ceci est un )?accusé de réception automatique',
    '(?:ce|cet) (?:message|e-?mail|mail) (?:a été|est) (?:généré|envoyé) automatiquement',
    String.raw`(?:diese|dies ist eine) (?:e-?mail|mail|nachricht|antwort|automatische (?:antwort|nachricht|e-?mail))(?: (?:wurde|ist) automatisch (?:erzeugt|generiert|erstellt|versendet))?|automatische (?:antwort|nachricht)`,
    String.raw`(?:este|ésta?|esta) (?:es )?(?:una? )?(?:mensaje|respuesta|correo)(?: (?:es|ha sido|fue))? (?:automátic[oa]|generad[oa] automáticamente)|(?:mensaje|respuesta) automátic[oa]`,
  ].join('|')})(?![\\p{L}])`,
  'u',
);
const noAnswer =
  /(?:non rispond\p{L}+|non replicare|(?:do not|don't|not) reply|ne pas (?:y )?répondre|antworten sie (?:bitte )?nicht|nicht (?:auf diese \S+ )?(?:zu )?antworten|no (?:responda|respondan|contest\p{L}+))/u;

/**
 * True if a program states that nobody wrote the text, and every word is one of absence notices and receipts. A device's
 * report is neither.
 * @param text the new text of a mail, without quotes
 */
export function isDeclaredAutomatic(text: string): boolean {
  if (text.length > 1_500 || text.includes('?')) return false;
  return sentencesOf(text).some((sentence) => declared.test(sentence)) && isWhollyReceipt(text);
}

/** True if every word of a receipt is one of receipts and absence notices. */
export function isWhollyReceipt(text: string): boolean {
  return isWhollyNotice(text.replace(numbered, '$1.'), isReceipts);
}

const numberFollows =
  /^(?:numero|codice|riferimento|protocollo|pratica|ticket|reference|number)(?![\p{L}])[^:]{0,30}:$/u;

function isReceipts(sentence: string): boolean {
  return (
    [declared, noAnswer, received, besides, numberFollows].some((kind) => kind.test(sentence)) &&
    !adds.test(sentence)
  );
}
