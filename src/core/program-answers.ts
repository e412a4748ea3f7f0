/**
 * Answers that a program writes at the press of a button, in words of its own: a reaction, a recall, an answer to an
 * invitation. Whoever adds a word says something, and is a person.
 */

/** `Anna Ferri reacted to your message:`, from Outlook and Gmail, in the languages around here. */
const reaction =
  /^.{0,120}?(?:reacted (?:to your (?:message|e-?mail)|via gmail|from gmail)|liked your (?:message|e-?mail)|ha reagito (?:al (?:tuo|suo|vostro) messaggio|(?:tramite|da|con|via) gmail)|piace il (?:tuo|suo|vostro) messaggio|hat (?:auf (?:ihre|deine) (?:nachricht|e-?mail) reagiert|(?:über|mit|via) gmail reagiert)|a réagi (?:à votre (?:message|e-?mail)|via gmail)|(?:ha reaccionado|reaccionó) (?:a (?:tu|su) mensaje|(?:a través de|mediante|con) gmail)|reagiu (?:à sua mensagem|(?:através do|pelo) gmail)|heeft (?:gereageerd op (?:uw|je) bericht|via gmail gereageerd))[:.!]?$/iu;

/** `Rossi, Anna would like to recall the message, "…".`, the whole text of Outlook's request to take a mail back. */
const recall =
  /^.{1,120}?(?:would like to recall the (?:message|e-?mail)|(?:vuole|vorrebbe|desidera|intende) richiamare (?:il messaggio|la mail|l['’]e-?mail)|möchte die (?:nachricht|e-?mail)\b.{0,400}\bzurückrufen|(?:souhaite(?:rait)?|voudrait) rappeler le message|(?:desea|quiere|desearía) (?:recuperar|retirar) el mensaje|(?:deseja|gostaria de) (?:recuperar|cancelar|revogar) a mensagem|wil het bericht\b.{0,400}\bintrekken)\b.{0,500}$/isu;

/** @returns what a text that holds nothing else is; null: somebody's words */
export function programAnswer(text: string): 'reaction' | 'recall' | null {
  const said = text.slice(0, 2_000).trim();
  if (said === '' || text.length > 1_500) return null;
  const [first = '', ...more] = said.split(/\n+/u).map((line) => line.trim());
  if (reaction.test(first) && more.every(isEcho)) return 'reaction';
  const line = said.replace(/\s+/gu, ' ');
  return recall.test(line) && line.split(/[.!?]\s+(?=\p{Lu})/u).length === 1 ? 'recall' : null;
}

/** The emoji by itself, or a link to what shows it. */
function isEcho(line: string): boolean {
  return !/\p{L}{2}/u.test(line.replace(/https?:\/\/\S+/gu, ''));
}

/** How calendar programs put an attendee's answer, or that an event is off, when its writer adds nothing. */
const calendarWords =
  /^(?:.{0,120}?\b(?:has |have )?(?:accepted|declined|tentatively (?:accepted|replied)|replied ["“]?maybe["”]? to)\b.{0,120}|.{0,120}?\bha (?:accettato|rifiutato|declinato|risposto ["“]?forse["”]? a|accettato provvisoriamente|forse accettato)\b.{0,120}|(?:this|the) (?:event|meeting|invitation) (?:has been|is|was) cancell?ed\b.{0,80}|(?:questo|l['’]) ?(?:evento|incontro|invito|appuntamento) è stat[oa] (?:annullat|cancellat|rimoss)[oa]\b.{0,80}|(?:la )?riunione (?:è stata )?annullata\b.{0,80}|(?:accettato|rifiutato|provvisorio|annullato|accepted|declined|tentative|cancell?ed)[.:]?)$/iu;

/**
 * Whether a mail that brings a calendar's answer says anything beside it.
 * @param method of the calendar (RFC 5546 §1.4), upper-case; null: none
 * @param text the new text
 */
export function isCalendarAnswer(method: string | null, text: string): boolean {
  if (method === null || !/^(?:REPLY|CANCEL|COUNTER|DECLINECOUNTER|REFRESH)$/u.test(method)) return false;
  const [first = '', ...more] = text
    .slice(0, 5_000)
    .trim()
    .split(/\n/u)
    .map((line) => line.trim());
  if (first === '') return true;
  // Google repeats the event below its words, and names a note of the writer's as one
  const isNoted = /\b(?:nota|note|comment[oi]?|messaggio)\s*:|\?/iu.test(text);
  return calendarWords.test(first) && !isNoted && (more.every((line) => line === '') || isEventShown(text));
}

function isEventShown(text: string): boolean {
  return /calendar\.google\.com|google calendar|invitation from google|invito da google/iu.test(text);
}
