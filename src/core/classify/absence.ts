import {
  absence,
  acknowledgement,
  answerLater,
  contact,
  contactVerb,
  courtesy,
  imperative,
  order,
  regret,
  request,
  trouble,
  until,
  urgency,
} from './absence-words.ts';
import { isOfNoticeWords } from './notice-vocabulary.ts';
import { oneSpaced } from '../letters/text.ts';

/**
 * True if a short text is nothing but an absence notice, for mail programs that mark theirs with no header (BAD-MAIL 89). A
 * client who is away and still has a problem must not be taken for one: every sentence has to be of a kind found in absence
 * notices.
 */

/** True if a sentence of no kind found in notices asks for something. */
export function asks(text: string): boolean {
  return sentencesOf(text).some((sentence) => !isKnown(sentence) && isRequest(sentence));
}

function isRequest(sentence: string): boolean {
  return (
    request.test(sentence) ||
    imperative.test(sentence) ||
    sentence.split(/[,;] (?:e )?| e (?:di )?/u).some((clause) => order.test(clause))
  );
}

/**
 * True if a text may be a program's, given a subject that says so: each sentence is of a kind found in absence notices or
 * automatic acknowledgements, and none asks for anything. An empty text may be.
 */
export function isNotice(text: string): boolean {
  const sentences = sentencesOf(text);
  if (text.length > 1_500 || text.includes('?')) return false;
  return sentences.length === 0 || (sentences.some(isKnown) && isAllNotice(text));
}

/** `Ho tolto la risposta automatica, scusate.` */
const putRight = [
  '(?:tolt|spent|disattivat|rimoss|disabilitat|cancellat)[oa]',
  String.raw`scus\p{L}+(?: per)?|ignor(?:ate|a|i|are)`,
  'turned off|switched off|disabled|removed|sorry (?:for|about)|ignore',
  'désactivé|retiré|désolée? pour',
  'ausgeschaltet|deaktiviert',
  String.raw`desactivad[oa]|quitado|perd[oó]n\p{L}* por`,
].join('|');
const autoReply = [
  'risposta automatica|risponditore',
  '(?:auto(?:matic)?|vacation)[- ]?(?:reply|response|responder|message)|out of (?:the )?office',
  'réponse automatique',
  String.raw`automatische antwort|abwesenheits\p{L}+`,
  'respuesta automática',
].join('|');
const ofTheProgram = new RegExp(
  [
    `(?:${putRight})(?:.{0,30})(?:${autoReply})`,
    String.raw`(?:automatische antwort|abwesenheits\p{L}+).{0,30}(?:ausgeschaltet|deaktiviert|abgestellt)`,
  ].join('|'),
  'u',
);
const conditional =
  /(?<!\p{L})(?:se|in caso|per (?:qualsiasi|eventuali|ogni)|if|in case|should|for any|si|en cas|pour tout|falls|bei|wenn|sollten?|en caso|para)(?!\p{L})/u;

/** True if a text below a program's subject is a person's nevertheless: it mentions the automatic reply itself, or a fault. */
export function contradictsItsSubject(text: string): boolean {
  return sentencesOf(text.slice(0, 1_500)).some(
    (sentence) =>
      ofTheProgram.test(sentence) ||
      (trouble.test(sentence) && !conditional.test(sentence) && !contact.test(sentence)),
  );
}

/**
 * @param text the new text of a mail, without what it quotes
 * @returns true only where it says that someone is away, and until when, whom to turn to or what becomes of the mail, and no word of
 * it says anything else. Standing words: `domani` and `tomorrow` are those of somebody who writes now.
 */
export function isAbsenceNotice(text: string): boolean {
  if (text.length > 1_500 || text.includes('?')) return false;
  const sentences = sentencesOf(text);
  const away = sentences.some((sentence) => absence.test(sentence));
  const back = sentences.some((sentence) =>
    [until, contact, urgency, answerLater].some((kind) => kind.test(sentence)),
  );
  return away && back && !isOfThisWeek(text) && !isOfAnother.test(text.toLowerCase()) && isWhollyNotice(text);
}

/** `Giovedì sono assente, venerdì torno`: two days by their names alone answer when somebody may come. */
function isOfThisWeek(text: string): boolean {
  const days = text.toLowerCase().match(weekday) ?? [];
  return new Set(days).size > 1 && !/\d/u.test(text);
}
const weekday = new RegExp(
  String.raw`(?<!\p{L})(?:${[
    'luned[iì]|marted[iì]|mercoled[iì]|gioved[iì]|venerd[iì]|sabato|domenica',
    '(?:mon|tues|wednes|thurs|fri|satur|sun)day|lundi|mardi|mercredi|jeudi|vendredi',
    'samedi|dimanche|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lunes',
    'martes|miércoles|jueves|viernes|sábado|domingo',
  ].join('|')})(?!\p{L})`,
  'gu',
);

/** A writer who says that a colleague is away, or asks to be contacted, is present. */
const isOfAnother =
  /(?<!\p{L})(?:colleg[ah]|titolare|responsabile)(?: \p{L}+){0,2} (?:è|e'|sarà) (?:in ferie|assente|fuori|in malattia)|(?<!\p{L})(?:a me|con me|(?:contatt|chiam|aspett)\p{L}+ me)(?!\p{L})/u;

/**
 * True if every sentence, and every word in it, belongs to a notice. Names may stand below it, on lines of their own.
 * @param isReceipts accepts a further kind of sentence, in lower case, which then uses a receipt's words
 */
export function isWhollyNotice(
  text: string,
  isReceipts: (sentence: string) => boolean = () => false,
): boolean {
  const written = writtenSentences(text);
  // most texts end at their first sentence, and need neither
  let last: number | null = null;
  const isBelow = (index: number): boolean =>
    index > (last ??= written.findLastIndex((one) => isSaid(one.toLowerCase())));
  let lines: Set<string> | null = null;
  const isLine = (sentence: string): boolean => (lines ??= linesOf(text)).has(sentence);
  return written.every((sentence, index) => {
    const lower = sentence.toLowerCase();
    if (isReceipts(lower)) return isOfNoticeWords(sentence, true);
    if (isSaid(lower)) return isPartOfNotice(lower) && isOfNoticeWords(sentence);
    if (index === 0) return false;
    const isNamedThere = (written[index - 1] ?? '').endsWith(':') && isOfNoticeWords(`: ${sentence}`);
    return (
      isReach(lower) || isNamedThere || (isBelow(index) && isLine(sentence) && isSignatureLine(sentence))
    );
  });
}

function linesOf(text: string): Set<string> {
  const lines = text.replaceAll('’', "'").split('\n');
  return new Set(lines.map((line) => oneSpaced(line).trim()));
}

/** A number to call or an address, and nothing else. */
function isReach(sentence: string): boolean {
  return /^(?:(?:tel|cell|telefono|fax|mail|e-?mail|phone|mobile|tél|mobil|via|str)\b[^\p{L}]*|(?!\d{1,3}(?:\.\d{1,3}){3}$)[\d\s+().\-/]{6,}|\S+@\S+)$/u.test(
    sentence,
  );
}

/** A name, an office, a firm, a street or a number; `HP 4000` is a thing. */
function isSignatureLine(written: string): boolean {
  const lower = written.toLowerCase();
  if (!isPartOfNotice(lower) || !isNamed(written) || isBareAnswer(lower)) return false;
  const isPlace =
    /(?<!\p{L})(?:via|viale|piazza|corso|str|rue|tel|cell|fax|mob|phone)(?!\p{L})|straße|@|\b\d{5}\b|(?<!\S)(?:\+|0|3)[\d\s/.-]{7,}$/iu;
  return !/\d/u.test(written) || isPlace.test(written);
}

/** True if a sentence only answers, orders, or names a thing by its number: `Sì.`, `Procedete.`, `HP 4000.` */
export function isBareAnswer(sentence: string): boolean {
  return answers.test(sentence) || /^\p{L}+[ -]\d{1,4}[.!]?$/u.test(sentence);
}

/** One-word answers. */
const answers =
  /^(?:s[iì]|sí|no|ok|okay|va bene|d'accordo|perfetto|confermo|confermato|fatto|procedete|yes|yep|done|sure|confirmed|oui|non|d'accord|ja|nein|erledigt|passt|vale|listo|hecho|sim)[.!,]*$/u;

function isAllNotice(text: string): boolean {
  return writtenSentences(text).every((written) => {
    const sentence = written.toLowerCase();
    return isPartOfNotice(sentence) && (isSaid(sentence) || isNamed(written));
  });
}

/** True if a sentence is more than a name or a number. */
function isSaid(sentence: string): boolean {
  return isKnown(sentence) || courtesy.test(sentence) || regret.test(sentence);
}

const namePart = (word: string): boolean =>
  /^[^\p{Ll}]|[@.\d]/u.test(word) ||
  /^(?:di|de|del|della|da|e|von|van|der|und|et|la|le|and|y|of)$/u.test(word);

/** True if a short line names a person or a thing; `Password scaduta` is a statement. */
function isNamed(written: string): boolean {
  const words = written.split(/[\s/|,]+/u).filter((word) => word !== '');
  const isOffice =
    /^(?:uff|ufficio|reparto|servizio|direzione|resp|service|direction|abteilung|dep|team)/iu.test(written);
  return words.length === 1 || isOffice || words.every(namePart);
}

/** `dott. Rossi`, `Tel. 02`: full stops after which no sentence begins. */
const abbreviated =
  /(?<=(?<!\p{L})(?:dott|dr|sig|sigg|ing|tel|mr|mrs|ms|hr|fr|mme|m|sra?|nr|n|ca|bzw|inkl|ggf|evtl|ext|int|cell|geom|rag|avv))\.\s+/giu;
/** `5. Dezember`, `vom 01.12. bis`. */
const ordinal = /(?<=\d)\.[ \t]+(?=\p{Ll}|Jan|Feb|Mär|Apr|Mai|Ju[nl]|Aug|Sep|Okt|Nov|Dez)/gu;

/** A program breaks no line sooner. */
const broken = 55;

/** The sentences and lines of a text, lower-case. */
export function sentencesOf(text: string): string[] {
  return writtenSentences(text).map((sentence) => sentence.toLowerCase());
}

function writtenSentences(text: string): string[] {
  return joined(text.slice(0, 2_000).replace(abbreviated, '.\u00a0').replace(ordinal, '.\u00a0'))
    .replaceAll('’', "'")
    .split(/\n\s*\n|(?<=[.!;:])[ \t]+|\n/u)
    .map((sentence) => oneSpaced(sentence).trim())
    .filter((sentence) => sentence !== '');
}

/** The lines that a program has broken, whole again. */
function joined(text: string): string {
  const lines: string[] = [];
  let last = 0;
  for (const line of text.split('\n')) {
    const above = lines.at(-1) ?? '';
    const isRest = last >= broken && /[\p{L}\p{N},]\s*$/u.test(above) && /^\s*[\p{Ll}\d]/u.test(line);
    if (isRest) lines[lines.length - 1] = `${above.trimEnd()} ${line.trimStart()}`;
    else lines.push(line);
    last = line.trimEnd().length;
  }
  return lines.join('\n');
}

function isKnown(sentence: string): boolean {
  return [absence, until, contact, urgency, answerLater, acknowledgement].some((kind) => kind.test(sentence));
}

const article = String.raw`(?:il|lo|la|i|gli|le|un|una|uno|the|our|my|der|die|das|ein|eine|unser\p{L}*|meine?|les|une|notre|nos|mon|ma|mes|el|los|las|mi|mis|nuestr\p{L}+|o|os|as|het|onze)`;
/** A thing stands first, or a sentence ends: no name, however short. */
const sentenceOfThings = new RegExp(`^(?:${article} |l')|^(?:\\S+ ){2,}\\p{L}{3,}[.!]$`, 'u');
/** It says something of a thing that is none of a notice's. */
const ofThing = new RegExp(
  `^(?:(?:${article} |l')+)(?!(?:(?:mi[aoe]|nostr[aoei]) )?(?:${[
    'uffic|assenz|rientr|ritorn|ferie|collegh?|azienda|ditta|società|chiusura|risposta|mail|e-?mail|messagg|casella',
    'office|absence|return|holiday|leave|colleague',
    'büro|betrieb|rückkehr|abwesenheit|urlaub|kolleg|vertretung|nachricht',
    'bureau|retour|congé|collègue|remplaç|entreprise|société|messag',
    'oficina|regreso|vuelta|ausencia|compañer|empresa|vacacion',
  ].join('|')}))`,
  'u',
);
/**
 * Joints at which an unrelated clause may follow a sentence of a notice: `sono in ferie fino a lunedì ma la stampante è
 * ferma`.
 */
const riding = new RegExp(
  `(?:[,;]|(?<!\\p{L})(?:ma|però|e|but|and|aber|und|mais|et|pero|y|mas|maar)) (?=(?:${article}|non|mi|ci|it|there|nothing|nobody|es|kein\\p{L}*|nichts|niemand|ça|cela|rien|personne|no|nada|nadie)(?!\\p{L})(?! \\d)|l')`,
  'u',
);

function ridesNothing(sentence: string): boolean {
  return sentence
    .split(riding)
    .slice(1)
    .every((clause) => isKnown(clause) || regret.test(clause) || clause.split(' ').length <= 2);
}

/** `wer vertritt mich`: a question in words that would otherwise name a substitute. */
const asksWho = /(?:^|[,;:] )(?:chi|wer|quién|quem) /u;

/** True if a sentence is of a kind found in absence notices: absence, courtesy, a name, a number to call. */
export function isPartOfNotice(sentence: string): boolean {
  if (trouble.test(sentence) || asksWho.test(sentence) || !ridesNothing(sentence)) return false;
  if (contact.test(sentence) || (urgency.test(sentence) && contactVerb.test(sentence))) return true;
  if (isRequest(sentence)) return false;
  const isOther = [absence, urgency, answerLater, acknowledgement].some((kind) => kind.test(sentence));
  if (isOther || (until.test(sentence) && !ofThing.test(sentence))) return true;
  if (courtesy.test(sentence) || regret.test(sentence)) return true;
  // names, telephone numbers, addresses
  const says =
    /(?<![\p{L}\p{N}])(?:è|e'|ha|hanno|sono|siamo|manca|mancano|va|vanno|is|are|has|have|ist|sind|hat|haben|fehlt|passt|geht|wäre|est|sont|ont|a|manque|está|están|hay|falta|não|nicht|kein\p{L}*|pas|plus|not|no)(?![\p{L}\p{N}])/u;
  const isShort = sentence.split(' ').length <= 5 && !says.test(sentence);
  return (isShort && !sentenceOfThings.test(sentence)) || /^[\d\s+().\-/]+$|@/u.test(sentence);
}
