/**
 * The words mail programs put around a quote, in the languages they speak. Every rule that uses them also asks for
 * structure (an address, a date, dashes, a colon at the end), so that a language missing here is still read, and
 * prose that happens to use one of them is not.
 */

import { withoutServerMarks, forwardMarks, replyMarks } from '../message/thread.ts';

/** Role of a quoted header's line. `other`: it belongs to the block, but its value is not used. */
export type HeaderRole = 'from' | 'sent' | 'date' | 'to' | 'cc' | 'subject' | 'other';

const labelsOf: Record<HeaderRole, string> = {
  from: `from|da|de|de la|von|van|fra|från|fran|od|mittente|inviato da|absender|expéditeur|remitente|remetente
    |afzender|avsender|avsändare|afsender|lähettäjä|nadawca|odesílatel|odosielateľ|odosielatel|pošiljatelj|pošiljatel
    |pošilja|šalje|feladó|expeditor|expeditorul|от|от кого|від|від кого|отправитель|відправник|подател|kimden|gönderen
    |gönderici|από|发件人|寄件者|寄件人|差出人|送信元|送信者|보낸 사람|보낸사람|saatja|kellelt|nuo|no|từ|dari|pengirim|מאת|من|จาก|frá`,
  sent: `sent|inviato|inviata|inviato il|spedito|spedito il|envoyé|envoyé le|gesendet|gesendet am|enviado|enviada|enviado el
    |enviado em|enviada em|enviado a las|verzonden|verzonden op|sendt|skickat|lähetetty|wysłano|wyslano|odesláno|odoslané
    |odoslane|küldve|elküldve|trimis|poslano|poslané|отправлено|надіслано|відправлено|изпратено|gönderildi|gönderilme tarihi
    |gönderilen|送信日時|发送时间|傳送時間|寄件日期|보낸 날짜|saadetud|στάλθηκε|đã gửi|dikirim|נשלח|sendt dato`,
  date: `date|data|data e ora|data invio|message du|datum|fecha|dato|päivämäärä|päiväys|pvm|dátum|dată|дата|tarih|日付|日時
    |日期|날짜|kuupäev|ημερομηνία|ngày|tanggal|تاريخ|التاريخ|תאריך`,
  to: `to|a|à|per|an|aan|para|til|till|do|za|k|komu|pre|pour|címzett|către|catre|кому|до|kime|alıcı|vastaanottaja
    |saaja|adresat|destinatario|destinatari|destinataire|destinataires|destinatarul|empfänger|ontvanger|mottaker
    |mottagare|modtager|příjemce|príjemca|primatelj|prima|получатель|получатели|προς|收件人|宛先|送信先|받는 사람|받는사람
    |đến|kepada|إلى|אל|ถึง|kellele`,
  cc: `cc|ccn|bcc|cci|cco|kopie|kopie (cc)|copie à|copie|copia|copia a|kopi|kopia|kopio|másolat|másolatot kap|kópia
    |копия|копія|bilgi|dw|udw|cópia|c/c|kk|抄送|副本|참조|κοιν|p.c|per conoscenza`,
  subject: `subject|oggetto|ogg|objet|sujet|betreff|asunto|assunto|onderwerp|emne|ämne|aihe|temat|předmět|predmet|tárgy
    |subiect|subiectul|тема|относно|konu|θέμα|主题|主題|主旨|件名|제목|teema|tema|naslov|chủ đề|perihal|subjek|נושא
    |الموضوع|tytuł|เรื่อง|efni`,
  other: `reply-to|reply to|rispondi a|risposta|risposta a|risponde a|antwort|réponse|respuesta|répondre à|antwort an|responder a|antwoord aan|importance|importanza|priority
    |priorità|priorité|priorität|prioridad|wichtigkeit|attachments|allegati|allegato|pièces jointes|anlagen|adjuntos
    |anexos|bijlagen|organization|organizzazione|newsgroups|message-id|cc n|resent-from|sender`,
};

const roles: HeaderRole[] = ['from', 'sent', 'date', 'to', 'cc', 'subject', 'other'];

/** Roles by label, in lower case. */
export const headerLabels: ReadonlyMap<string, HeaderRole> = new Map(
  roles.flatMap((role) => split(labelsOf[role]).map((label) => [label, role] as const)),
);

function split(words: string): string[] {
  return words.split('|').map((word) => word.trim().normalize('NFC'));
}

function escaped(word: string): string {
  return word.replace(/[.()/]/gu, '\\$&');
}

function alternatives(words: string[]): string {
  return words
    .map((word) => escaped(word).replace(/ /gu, '\\s+'))
    .toSorted((a, b) => b.length - a.length)
    .join('|');
}

const wroteWords =
  split(`wrote|writes|sent|said|ha scritto|hai scritto|avete scritto|avez écrit|schriebst|has escrito|ha inviato|ha scritto quanto segue|scrive|scriveva|scrisse
  |a écrit|a ecrit|écrivait|schrieb|schrieb folgendes|geschrieben|escribió|escribio|ha escrito|escreveu|escribiu|schreef
  |het volgende geschreven|skrev|skrev følgende|skrev følgjande|skreiv|napisał|napisał(a)|napisała|napisał/a|pisze
  |napsal|napsal(a)|napsala|napísal|napísal(a)|napísala|píše|napisao|napisao je|napisala|je napisao|je napisala|a scris
  |kirjoitti|kirjutas|ezt írta|írta|написал|написал(а)|написала|пишет|написав|написала|пише|написа|yazdı|şunu yazdı
  |έγραψε|写道|寫道|のメール|님이 작성|đã viết|menulis|rakstīja|rašė|skrifaði|כתב|كتب|va escriure|idatzi du|följande
  |följande skrev|το εξής|quoting|citando|zitat von|quotando`);
const wrote = alternatives(wroteWords);

/** A word for "wrote", anywhere in a line. */
export const wroteAnywhere = new RegExp(`(?:^|[^\\p{L}])(?:${wrote})(?![\\p{L}])`, 'iu');
const wroteLast = new RegExp(
  `(?:^|[^\\p{L}])(?:${wrote})\\s{0,3}(?:[:：]\\s{0,3})?[-–—_*>]{0,12}\\s{0,3}$`,
  'iu',
);
/** More characters than the longest of these words takes with its colon and dashes. */
const longestEnding = 120;
/** What these words end in: asked first, since most lines end otherwise. */
const lastOfWrote = new RegExp(
  `(?:${[...new Set(wroteWords.map((word) => escaped(/\S{1,2}$/u.exec(word)?.[0] ?? '')))].join('|')})$`,
  'iu',
);
const behindWrote = /[\s:：\-–—_*>]/u;

function mayEndInWrote(line: string): boolean {
  let end = line.length;
  while (end > 0 && behindWrote.test(line.charAt(end - 1))) end--;
  return lastOfWrote.test(line.slice(Math.max(0, end - 2), end));
}

/** A word for "wrote" that ends a line, with or without colon and dashes. Only the end of the line is searched. */
export const wroteAtEnd = {
  test(line: string): boolean {
    const end = line.slice(-longestEnding);
    return mayEndInWrote(end) && wroteLast.test(end);
  },
};
/** The same in the middle of a line, up to its colon: some programs go on with the quote right there. */
export const wroteInside = new RegExp(`[>)\\]"”»\\s](?:${wrote})\\s{0,3}[:：](?=\\s)`, 'iu');
/** "wrote to me" and its like tell of a letter in prose: no mail program writes so. */
export const wroteToSomeone =
  /(?:^|[^\p{L}])(?:mi|ci|vi|gli|le|ti|m'|m’|gliel')\s?(?:ha|hanno|aveva)\s+(?:scritto|inviato)|\bwrote (?:to )?(?:me|us|him|her|them)\b|\bm['’]a écrit\b|\bmir\b.{0,30}\bgeschrieben\b|\bme escribió\b/iu;

/** Openings of attribution lines: "On", "Il giorno", "Le"… before a day or a date. */
export const attributionOpening =
  /^(?:on|il giorno|il|in data|in date|addì|le|am|el|el día|em|no dia|na|op|den|d\.|på|dne|dňa|dnia|w dniu|în data|pe|la|u|dana|vào|στις|pada|a|el dia|an|lúc)\s+\S/iu;

const forwardStem =
  /forward|fwd|inoltr|transf[eé]r|transmis|réexpédi|weitergeleitet|reenvi|encaminh|reencaminh|doorgestuurd|videresend|vidarebefordra|edelleenlähetetty|välitetty|przekazan|przekazywan|przesłan|přepos|prepos|proslij|prosleđ|továbbít|redirec[tț]ion|пересыла|пересила|переадрес|пересл|перенаправ|переслан|препрат|ilet|転送|转发|轉寄|전달|προωθ|edastatud|pārsūtīt|persiųst|chuyển tiếp|diteruskan|áframsend/iu;
const originalStem =
  /origin|ursprünglich|oprindelig|opprinnelig|ursprung|alkuperäinen|původní|pôvodn|eredeti|исходн|первонач|оригинал|oorspronkelijk|antwort nachricht|reply message|orijinal|özgün|iletilen|αρχικ|元のメッセージ|原始邮件|原始郵件|원본|izvorn|algne|gốc|asli|مצור|הודעה מקורית|الأصلية|messaggio precedente|mensaje anterior/iu;

/** Lower case in which the Turkish dotted capital is an `i` like others. */
function lower(words: string): string {
  return words.toLowerCase().replaceAll('\u0307', '');
}

/** True if the words of a divider or heading mark the text below as forwarded. */
export function speaksOfForward(words: string): boolean {
  return forwardStem.test(lower(words));
}

/** True if the words of a divider mark the text below as the message answered. */
export function speaksOfOriginal(words: string): boolean {
  return originalStem.test(lower(words));
}

const replyAbove =
  /(?:reply|respond|write|type|rispond|risposta|scriv|répond|répons|antwort|respond|respuesta|schrijf).{0,40}(?:above|sopra|dessus|ober|über|encima|arriba|acima|boven)|(?:above|sopra|oberhalb|über).{0,30}(?:line|riga|linea|ligne|zeile|línea)/iu;

/** True if a divider is another desk's own marker: "Please reply above this line". */
export function asksForReplyAbove(words: string): boolean {
  return replyAbove.test(words);
}

const forwardPrefix = new RegExp(
  String.raw`^(?:${forwardMarks}|inoltrato|vb|ilt|videresend|redir\.?|reenv|fs|tov|továbbítás|prv|пересл|转发|轉寄|転送)\s?(?:\[\d{1,3}\])?\s?[:：]`,
  'iu',
);
const bothPrefix = /^vs\s?[:：]/iu;
const replyPrefix = new RegExp(
  String.raw`^(?:${replyMarks}|risp|antwort|odp|res|resp|rép|rep|vá|ynt|bls|atb|ha|回复|回覆|答复|답장|ответ|απ|σχετ)\s?(?:\[\d{1,3}\])?\s?[:：]`,
  'iu',
);

/** Meaning of a subject's outermost prefix. `VS:` is a Finnish reply and a Danish forward: `either`. */
export function subjectSays(subject: string): 'forward' | 'reply' | 'either' | 'nothing' {
  const start = lower(withoutServerMarks(subject).slice(0, 40));
  if (forwardPrefix.test(start)) return 'forward';
  if (bothPrefix.test(start)) return 'either';
  return replyPrefix.test(start) ? 'reply' : 'nothing';
}

/** The subject without its forward prefixes (and the answers' before them). */
export function withoutPrefix(subject: string): string {
  let rest = subject.trim();
  for (let i = 0; i < 5; i++) {
    const prefix = [forwardPrefix, bothPrefix]
      .map((one) => one.exec(rest)?.[0])
      .find((one) => one !== undefined);
    if (prefix === undefined) return rest;
    rest = rest.slice(prefix.length).trim();
  }
  return rest;
}

/**
 * Words by which people, not programs, pass on what another said. With a colon at the end of the line they are a reason to
 * ask before a client reads what follows, never one to cut.
 */
export const saidAnywhere =
  /(?:^|[^\p{L}])(?:dice|dicono|diceva|detto|scrive|scriveva|scritto|risponde|rispondeva|risposto|chiede|chiedeva|chiesto|aggiunge|aggiunto|says|said|told|writes|wrote|replied|asked|added)(?!\p{L})/iu;
/** A day named in words: `24 novembre`, `lunedì`, `Nov 24`, `Monday`. */
export const namesDay =
  /(?:^|[^\p{L}])(?:gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic|jan|may|jun|jul|aug|sep|oct|dec)\p{L}{0,6}\.? \d{1,2}(?!\d)|\d{1,2}[°º.]? (?:gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic|jan|may|jun|jul|aug|sep|oct|dec)|(?:^|[^\p{L}])(?:(?:lune|marte|mercole|giove|vener)d[iì]|sabato|domenica|(?:mon|tues|wednes|thurs|fri|satur|sun)day|ieri|yesterday)(?!\p{L})/iu;

/** Salutations. "Ciao" and "Salut" are missing: they are closings as well. */
export const salutation =
  /^(?:hi|hello|dear|good (?:morning|afternoon|evening)|buongiorno|buonasera|buon pomeriggio|salve|gentil[ei]|gent\.(?:\s?m[oaie])?|egregi[oe]?|spett(?:\.|abile)|car[oaie]|bonjour|bonsoir|madame|monsieur|ch(?:er|ère)s?|hallo|guten (?:tag|morgen|abend)|sehr geehrte[r]?|liebe[r]?|hola|buen[oa]s|estimad[oa]s?|olá|prezad[oa]s?|beste|geachte|hej|hei|dzień dobry|szanown\p{L}{1,2}|witam|здравствуйте|добрый|dobrý)(?!\p{L})/iu;
/** Postscript, below the end of a mail. */
export const postscript = /^p\.?\s?s\.?(?:\s|[:-])/iu;

const inColor = String.raw`in (?:rosso|blu|azzurro|verde|giallo|arancione|viola|grassetto|corsivo|maiuscolo|stampatello|red|blue|green|yellow|orange|purple|bold|italics?|capitals|caps|uppercase)`;
const inThere = String.raw`(?:sotto|in calce|di seguito|più (?:giù|in basso)|nel (?:testo|corpo|messaggio)|nell(?:a|['’]) ?(?:tua|sua|vostra|mail|e-?mail)|(?:fra|tra) le (?:righe|domande|tue righe|sue righe)|(?:punto|riga|domanda) per (?:punto|riga|domanda)|dopo ogni (?:punto|domanda)|accanto (?:a|ad|alle) \p{L}+|in-?\s?line|between the lines|point by point|below|within (?:the|your) (?:text|e-?mail|message)|underneath)`;
const ofAnswers = String.raw`(?:rispost[aeo]|rispondo|rispondiamo|risponderò|rispondendo|vedi|vedere|veda|vedete|vedasi|leggi|legga|leggete|guarda(?:te)?|guardi|trov(?:i|a|ate|erai|erà|erete)|scritt[oaei]|scrivo|inserit[oaei]|aggiunt[oaei]|annotat[oaei]|evidenziat[oaei]|compilat[oaei]|commento|commenti|commentat[oaei]|note|annotazioni|answers?|answered|answering|repl(?:y|ies|ied)|responses?|responded|responding|see|comments?|commented|written|wrote|added|notes|marked)`;
/** `Vedi risposte sotto in rosso`: answers that a writer put into the quote without any mark. */
export const answersBelow = new RegExp(
  String.raw`(?<!\p{L})${ofAnswers}(?!\p{L})[^.!?\n]{0,60}(?<!\p{L})(?:${inThere}|${inColor})(?!\p{L})|` +
    String.raw`(?<!\p{L})${inColor}(?!\p{L})[^.!?\n]{0,30}(?<!\p{L})(?:${ofAnswers}|${inThere})(?!\p{L})|` +
    String.raw`(?<!\p{L})${inThere}(?!\p{L})[^.!?\n]{0,20}(?<!\p{L})(?:${inColor}|(?:(?:le|i|the|my) )?(?:mi[eo]i? |nostr[ei] )?(?:rispost[ae]|answers?|replies|commenti))(?!\p{L})|` +
    String.raw`^\W{0,3}(?:in-?\s?line|${inColor}|see (?:below|inline))\W{0,3}$`,
  'imu',
);
