import { makeLine } from '../lines/lines.ts';
import { readTagline } from '../lines/tagline.ts';
import { withoutServerMarks } from '../message/thread.ts';
import { oneSpaced } from '../letters/text.ts';

/**
 * Answers that a program writes at the press of a button, in words of its own: a reaction, a recall, an answer to an
 * invitation. Any added word makes it a person's mail.
 */

/** `Anna Ferri reacted to your message:`, from Outlook and Gmail, in the languages around here. */
const reaction = new RegExp(
  `^.{0,120}?(?:${[
    'reacted (?:to your (?:message|e-?mail)|via gmail|from gmail)',
    'liked your (?:message|e-?mail)',
    'ha reagito (?:al (?:tuo|suo|vostro) messaggio|(?:tramite|da|con|via) gmail)',
    'piace il (?:tuo|suo|vostro) messaggio',
    'hat (?:auf (?:ihre|deine) (?:nachricht|e-?mail) reagiert|(?:über|mit|via) gmail reagiert)',
    'a réagi (?:à votre (?:message|e-?mail)|via gmail)',
    '(?:ha reaccionado|reaccionó) (?:a (?:tu|su) mensaje|(?:a través de|mediante|con) gmail)',
    'reagiu (?:à sua mensagem|(?:através do|pelo) gmail)',
    'heeft (?:gereageerd op (?:uw|je) bericht|via gmail gereageerd)',
  ].join('|')})[:.!]?$`,
  'iu',
);

/** `Rossi, Anna would like to recall the message, "…".`, the whole text of Outlook's request to take a mail back. */
const recall = new RegExp(
  String.raw`^.{1,120}?(?:${[
    'would like to recall the (?:message|e-?mail)',
    "(?:vuole|vorrebbe|desidera|intende) richiamare (?:il messaggio|la mail|l['’]e-?mail)",
    String.raw`möchte die (?:nachricht|e-?mail)\b.{0,400}\bzurückrufen`,
    '(?:souhaite(?:rait)?|voudrait) rappeler le message',
    '(?:desea|quiere|desearía) (?:recuperar|retirar) el mensaje',
    '(?:deseja|gostaria de) (?:recuperar|cancelar|revogar) a mensagem',
    String.raw`wil het bericht\b.{0,400}\bintrekken`,
  ].join('|')})\b.{0,500}$`,
  'isu',
);

/** @returns the kind of a text that consists of nothing else, or null for somebody's own words */
export function programAnswer(text: string): 'reaction' | 'recall' | null {
  const said = text.slice(0, 2_000).trim();
  if (said === '' || text.length > 1_500) return null;
  const [first = '', ...more] = said.split(/\n+/u).map((line) => line.trim());
  if (reaction.test(first) && more.every(isEcho)) return 'reaction';
  const line = oneSpaced(said);
  return recall.test(line) && line.split(/[.!?]\s+(?=\p{Lu})/u).length === 1 ? 'recall' : null;
}

/** The emoji by itself, or a link to what shows it. */
function isEcho(line: string): boolean {
  return !/\p{L}{2}/u.test(line.replace(/https?:\/\/\S+/gu, ''));
}

/** Text of calendar programs for an attendee's answer or a cancelled event, if nobody added to it. */
const calendarWords = new RegExp(
  `^(?:${[
    String.raw`.{0,120}?\b(?:has |have )?` +
      String.raw`(?:accepted|declined|tentatively (?:accepted|replied)|replied ["“]?maybe["”]? to)\b.{0,120}`,
    String.raw`.{0,120}?\bha (?:accettato|rifiutato|declinato|risposto ["“]?forse["”]? a|` +
      String.raw`accettato provvisoriamente|forse accettato)\b.{0,120}`,
    String.raw`(?:this|the) (?:event|meeting|invitation) (?:has been|is|was) cancell?ed\b.{0,80}`,
    "(?:questo|l['’]) ?(?:evento|incontro|invito|appuntamento) è stat[oa] " +
      String.raw`(?:annullat|cancellat|rimoss)[oa]\b.{0,80}`,
    String.raw`(?:la )?riunione (?:è stata )?annullata\b.{0,80}`,
    String.raw`\S.{0,80} (?:hat|a|ha) (?:(?:angenommen|accepté|refusé|aceptado|rechazado) )?` +
      "(?:diese |die |ihre |cette |votre |esta |su |l['’])?" +
      '(?:einladung|besprechung|invitation|réunion|invitación|reunión)' +
      String.raw`(?: angenommen| zugesagt| abgelehnt)?\b.{0,80}`,
    '(?:accettato|rifiutato|provvisorio|annullato|accepted|declined|tentative|cancell?ed|zugesagt|' +
      'abgelehnt|accepté|refusé|aceptado|rechazado)[.:]?',
  ].join('|')})$`,
  'iu',
);

/** Prefixes to the subject of an invitation: Outlook's words, which Google and Apple use as well. */
const calendarSubject = new RegExp(
  String.raw`^(?:${[
    'accepted|declined|tentative(?:ly accepted)?|cancell?ed(?: event)?',
    'new time proposed|accettat[oa]|rifiutat[oa]|declinat[oa]|provvisori[oa]',
    'accettat[oa] provvisoriamente|annullat[oa]',
    '(?:evento|riunione|appuntamento) annullat[oa]|forse|maybe',
    '(?:proposta )?nuov[oa] (?:ora(?:rio)?|data) propost[oa]',
    'proposta (?:di )?nuov[oa] (?:ora(?:rio)?|data)|zugesagt|angenommen|abgelehnt',
    'mit vorbehalt(?: (?:zugesagt|angenommen))?|unter vorbehalt(?: zugesagt)?',
    'vorläufig(?: zugesagt)?|abgesagt|accepté|refusé|décliné|provisoire',
    'accepté provisoirement|annulé|aceptad[oa]|rechazad[oa]|provisional|cancelad[oa]',
    'aceite|recusado|provisório|geaccepteerd|geweigerd|afgewezen|voorlopig|geannuleerd',
  ].join('|')}) ?:\s?\S`,
  'iu',
);
/** Such an answer brings nothing else. */
const plainParts = /^(?:text\/(?:plain|html|calendar)|application\/ics)$/u;

/** The features that identify a calendar's answer. */
export type CalendarTraits = {
  /** METHOD of its calendar part (RFC 5546 §1.4), upper-case, or null if it has none */
  calendarMethod: string | null;
  subject: string;
  /** the new text */
  text: string;
  /** all of the text */
  whole: string;
  /** lower-case media types of all parts */
  partTypes: string[];
};

/**
 * True if a mail is a calendar program's answer and nothing else. Gateways and some programs remove the calendar: then the
 * subject decides, provided that nothing is attached.
 */
export function isCalendarAnswer(traits: CalendarTraits): boolean {
  const { calendarMethod: method, subject, partTypes } = traits;
  const isMarked = method !== null && /^(?:REPLY|CANCEL|COUNTER|DECLINECOUNTER|REFRESH)$/u.test(method);
  const isCalled =
    method === null &&
    calendarSubject.test(withoutServerMarks(subject)) &&
    partTypes.every((type) => plainParts.test(type));
  if (!isMarked && !isCalled) return false;
  const isInvitationOnly =
    /^\s*-{2,}\s?(?:original appointment|appuntamento originale|ursprünglicher termin|rendez-vous d['’]origine|cita original)\s?-{2,}/iu;
  if (isInvitationOnly.test(traits.whole)) return true;
  const lines = traits.text
    .slice(0, 5_000)
    .split(/\n/u)
    .filter((line) => readTagline(makeLine(line, 0, line, null)) !== 'certain');
  const [first = '', ...more] = lines
    .join('\n')
    .trim()
    .split(/\n/u)
    .map((line) => line.trim());
  if (first === '') return true;
  // Google repeats the event below its words, and names a note of the writer's as one
  const isNoted = /\b(?:nota|note|comment[oi]?|messaggio)\s*:|\?/iu.test(traits.text);
  if (isNoted) return false;
  if (lines.every((line) => line.trim() === '' || eventField.test(line.trim()))) return true;
  return (
    calendarWords.test(first) &&
    (more.every((line) => line === '' || eventField.test(line)) || isEventShown(traits.text))
  );
}

/** A line of the event, as Outlook repeats it. */
const eventField =
  /^(?:quando|dove|when|where|wann|wo|quand|où|cuándo|dónde|quando|onde|wanneer|waar|luogo|location) ?: .{1,200}$/iu;

function isEventShown(text: string): boolean {
  return /calendar\.google\.com|google calendar|invitation from google|invito da google/iu.test(text);
}
