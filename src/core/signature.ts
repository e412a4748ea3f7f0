import { isRule } from './header-block.ts';
import type { Line } from './mail-lines.ts';

/** `-- ` (RFC 3676 §4.3), what is left of it where a program strips spaces, and rules, which may be something else. */
export function isSignatureDelimiter(line: Line): boolean {
  return (
    /^(?:--|––|__|-{3,80}|_{3,80}|={3,80}|\*{3,80}|~{3,80}|#{3,80})$/u.test(line.bare) ||
    /^-- ?\s*$/u.test(line.body.slice(0, 10))
  );
}

const devices =
  /\b(?:iphone|ipad|ipod|android|samsung|galaxy|huawei|xiaomi|redmi|oppo|honor|oneplus|pixel|nokia|motorola|lg|htc|sony|xperia|blackberry|windows|outlook|hotmail|gmail|yahoo|libero|virgilio|tiscali|aruba|alice|tim mail|mail|posta|e-?mail|aquamail|aqua mail|bluemail|blue mail|typeapp|k-9|k9|thunderbird|fairemail|spark|airmail|mailbird|mailspring|mimestream|em client|geary|betterbird|postbox|shortwave|spike|infomaniak|newton|edison|canary|proton(?: ?mail)?|tutanota|tuta|zimbra|roundcube|smartphone|tablet|telefon\w{0,5}|cellulare|handy|mobile?\b.{0,15}|dispositivo.{0,20}|device|app\b|mac|apple|surface|nexus|sparrow|mailbox|acompli|superhuman|hey|front|missive|zoho)\b/iu;

const possessiveOpening =
  /^(?:inviat[oa] dal(?:la|l['’])? ?(?:mi[oa]|cellulare$|telefon\w{1,5}$|smartphone\b|tablet$|webmail\b|app\b)|scritto d(?:al|alla) mi[oa]|mandato dal mio|sent (?:from|via|with|using|on) my|written on my|sent from (?:a|the) (?:mobile|phone|tablet)|envoyé (?:de|depuis|à partir de) m(?:on|a)|von meinem\b.{1,30}\bgesendet|diese nachricht wurde von meinem|gesendet (?:von|mit|aus) (?:meinem|meiner|der)|enviado (?:desde|do|de|a partir do) (?:mi|meu|o meu)|verstuurd vanaf mijn|verzonden (?:met|vanaf|van) (?:mijn|de|een)|sendt fra min|skickat från min|lähetetty.{0,20}(?:iphone|puhelim|laite)|wysłane? z (?:mojego )?|odesláno z|odoslané z|iphone'umdan gönderildi|отправлено с|надіслано з|từ .{1,20} của tôi|trimis de pe|发自我的|從我的|从我的|나의 \S{1,20}에서 보냄|내 \S{1,20}에서 보냄|\S{1,20}(?:から|より)送信)/iu;
const appOpening =
  /^(?:inviato (?:da|con|tramite|attraverso|via|mediante)|inviata (?:da|con|tramite)|messaggio inviato (?:da|con|tramite)|scritto (?:con|da)|get|scarica|ottieni|download|sent (?:from|via|with|using|by)|envoyé (?:de|depuis|à partir de|avec|via|par)|obtenez|télécharger|gesendet (?:von|mit|über)|holen sie sich|hol dir|enviado (?:desde|con|de|do|com|pelo|por|a través de)|obtener|obtenga|obter|obtenha|descarga|verstuurd (?:vanaf|met|via|vanuit)|verzonden (?:met|vanaf|via|vanuit)|sendt (?:fra|med|via)|skickat (?:från|med|via)|hämta|hent|lähetetty|hanki|wysłano? (?:z|przy)|odesláno (?:z|pomocí)|trimis (?:de|din)|gönderildi|отправлено (?:из|с)|powered by|mit freundlichen grüßen gesendet|yahoo mail(?: for| per| su)|проверено)\b/iu;

const scanNotice =
  /^(?:quest[ao] (?:e-?mail|mail|messaggio) (?:è|e'|è stat[ao]) (?:controllat|priv|esaminat|analizzat|scansionat)|this (?:e-?mail|message) (?:has been|was) (?:checked|scanned)|mail priva di virus|virus-free|garantito senza virus|libre de virus|sans virus|virenfrei|diese e-?mail wurde (?:auf viren|von avast)|ce(?:t e-?mail| courriel| message) a été (?:vérifié|analysé)|este (?:mensaje|correo) ha sido (?:analizado|comprobado))/iu;

/** Whether a line begins the notice of a virus scanner. */
export function isScanNotice({ bare }: Line): boolean {
  return scanNotice.test(bare);
}

/**
 * Whether a line is one that a phone or a program adds by itself: "Inviato da iPhone", "Get Outlook for iOS".
 * `certain`: no person writes so. `likely`: it opens like one and is as short.
 */
export function readTagline(line: Line): 'certain' | 'likely' | null {
  const words = line.bare
    .replace(/<[^<>\s]{1,500}>|\[[^[\]\s]{1,500}\]|\(https?:[^()\s]{1,500}\)|https?:\/\/\S{1,500}/gu, '')
    .replace(/^[-–—_*\s]{1,10}|[-–—_*.!\s]{1,10}$/gu, '');
  if (words === '' || words.length > 110 || words.split(' ').length > 14) return null;
  if (scanNotice.test(words)) return 'certain';
  if (/[?]|[.!:;]\s\p{L}/u.test(words)) return null;
  if (possessiveOpening.test(words)) return 'certain';
  if (!appOpening.test(words)) return null;
  if (/^(?:get|scarica|ottieni|download|obt|holen|hol|hämta|hent|hanki|télé|descarga)/iu.test(words)) {
    return /^\S+(?: \S+){0,2} (?:outlook|spark|bluemail|aquamail|yahoo|libero|proton)/iu.test(words)
      ? 'certain'
      : null;
  }
  return devices.test(words) && !/@/u.test(words)
    ? 'certain'
    : words.split(' ').length <= 6
      ? 'likely'
      : null;
}

/** What the boilerplate of firms speaks of; three of these in one paragraph that speaks of itself make it boilerplate. */
const boilerplate: RegExp[] = [
  /riservat|confidenzial|confidential|vertraulich|confidentiel/iu,
  /destinatar|indirizzat[aeio] (?:esclusivamente|unicamente|solo)|recipient|addressee|to whom (?:it is|they are) addressed|destinataire|empfänger|intended (?:only |solely |exclusively )?for/iu,
  /gdpr|2016\/679|679\/2016|196\/2003|d\.? ?lgs|dlgs|616 c\.?p|regolamento (?:ue|europeo)|data protection|datenschutz|rgpd/iu,
  /per errore|erroneamente|in error|by mistake|par erreur|irrtümlich|por error|indebitamente/iu,
  /cancell|distru[gz]|elimin|delete|destroy|supprim|löschen|vernichten|elimine|restituir/iu,
  /diffusione|divulga|copia|riproduzione|disclos|dissemin|distribut|copying|unauthori[sz]ed|vietat|proibit|prohibited|weitergabe/iu,
  /privilegiat|privileged|segret|privacy|dati personali|personal data|trattamento/iu,
  /virus|malware|liab|responsabilit/iu,
];
const ofItself =
  /(?:quest[ao]|present[ei]|del) (?:e-?mail|mail|messaggio|comunicazione|posta)|(?:e-?mail|messaggio|comunicazione|message) (?:è|e'|contiene|and any|is|may)|nel (?:presente )?messaggio|this (?:e-?mail|message|communication|transmission)|ce (?:message|courriel)|cet e-?mail|diese (?:e-?mail|nachricht)|este (?:mensaje|correo)|informazioni contenute|information contained|ai sensi d/iu;
const environment =
  /(?:prima di stampare|before printing|avant d'imprimer|rispetta l'ambiente|non stampare|pensa all'ambiente|consider the environment|vor dem ausdrucken|antes de imprimir)/iu;
const heading =
  /^[*_\s]{0,4}(?:avviso (?:di riservatezza|legale|sulla privacy|di confidenzialità)|(?:informativa (?:sulla )?)?privacy|riservatezza|nota di riservatezza|clausola di riservatezza|disclaimer|confidentiality(?: notice)?|legal notice|avvertenz[ae]|informativa)[*_:.\s-]{0,6}$/iu;

function isBoilerplate(paragraph: string): boolean {
  const text = paragraph.slice(0, 3_000);
  if (environment.test(text) && text.length <= 300) return true;
  // boilerplate asks nothing
  if (text.length < 60 || /\?(?:\s|$)/u.test(text)) return false;
  const found = boilerplate.filter((one) => one.test(text)).length;
  return (found >= 3 && ofItself.test(text)) || found >= 5;
}

/**
 * Where the boilerplate at the end of a stretch of lines begins.
 * @returns the index of its first line; `to` where there is none
 */
export function findDisclaimer(lines: Line[], from: number, to: number): number {
  let at = from;
  while (at < to) {
    if (lines[at]?.blank !== false) {
      at++;
      continue;
    }
    let end = at;
    while (end < to && lines[end]?.blank === false) end++;
    const start = at;
    at = end;
    const opened = openingOf(lines, start, end);
    if (opened !== null && endsThere(lines, end, to)) return withHeading(lines, from, opened);
  }
  return to;
}

/** Below boilerplate stand only more of it and a few short lines: a footer. More than that is text. */
function endsThere(lines: Line[], from: number, to: number): boolean {
  let others = 0;
  for (let at = from; at < to && others <= 6; ) {
    let end = at;
    while (end < to && lines[end]?.blank === false) end++;
    const paragraph = lines.slice(at, Math.min(end, at + 40)).map(({ bare }) => bare);
    if (!isBoilerplate(paragraph.join(' ')))
      others += paragraph.filter((bare) => bare !== '' && !isRule(bare)).length;
    at = Math.max(end, at + 1);
  }
  return others <= 6;
}

/** Where in a paragraph boilerplate begins: at its start, or after the lines of a signature above it. */
function openingOf(lines: Line[], start: number, end: number): number | null {
  const bare = (i: number) => lines[i]?.bare ?? '';
  const joined = (i: number) =>
    lines
      .slice(i, Math.min(end, i + 40))
      .map((line) => line.bare)
      .join(' ');
  if (!isBoilerplate(joined(start))) return null;
  for (let i = start; i < Math.min(end, start + 40); i++) {
    if (heading.test(bare(i)) || ofItself.test(`${bare(i)} ${bare(i + 1)}`) || environment.test(bare(i))) {
      if (isBoilerplate(joined(i))) return i;
    }
  }
  return start;
}

/** Rules and a heading right above belong to it. */
function withHeading(lines: Line[], from: number, opened: number): number {
  let start = opened;
  for (let i = opened - 1; i >= from && opened - i <= 4; i--) {
    const line = lines[i];
    if (line === undefined) break;
    if (line.blank) continue;
    if (!isRule(line.bare) && !heading.test(line.bare)) break;
    start = i;
  }
  return start;
}

/** A name of persons or firms: capitalised, no sentence. */
export const named = /^\p{Lu}[\p{L}'’.]{0,20}(?:[ ,]{1,2}[\p{L}'’.]{1,20}){0,4}$/u;

const farewell =
  /^(?:(?:con i (?:più )?)?(?:cordiali|distinti|migliori|sinceri) saluti|cordialmente|cordialità|saluti|un saluto|(?:best|kind|warm|many)?\s?regards|best|sincerely|yours (?:sincerely|faithfully|truly)|mit freundlichen grüßen|mfg|viele grüße|cordialement|bien à vous|saludos|atentamente|un cordial saludo|met vriendelijke groet(?:en)?)[,.!]{0,3}$/iu;
const contact =
  /(?:\btel|telefono|phone|\bcell|mobile|\bfax|\bmob)\b\.?\s?:?\s?[+(\d]|\+\d{2}[\d\s./-]{6,}|\bp\.?\s?iva\b|\bwww\.[\w-]{2,}|\bs\.?r\.?l\b|\bs\.?p\.?a\b|\bvia [\p{L} ]{3,30},? \d|https?:\/\//iu;

/** Whether a line holds what signatures do: a phone number, a site, a firm, an address. */
export function isContact({ bare }: Line): boolean {
  return contact.test(bare);
}

/**
 * Where a signature without any delimiter begins in a stretch of lines: after a farewell, a few short lines of which one
 * is a phone number, a site or a firm; or a dash alone on its line.
 * @returns the index of its first line; `to` where there is none
 */
export function findContactBlock(lines: Line[], from: number, to: number): number {
  for (let i = from; i < to; i++) {
    const line = lines[i];
    if (line === undefined || line.blank) continue;
    if (/^[-–—_*]{1,3}$/u.test(line.bare)) return i;
    if (!farewell.test(line.bare)) continue;
    const below = lines.slice(i + 1, Math.min(to, i + 16)).filter(({ blank }) => !blank);
    if (i + 16 >= to && below.every(({ bare }) => bare.length <= 90) && below.some(isContact)) return i + 1;
  }
  return to;
}

const longestFooter = 12;

const thanks =
  /^(?:(?:molte |tante )?grazie(?: mille| ancora| infinite)?|ciao|a presto|buon[ao]? (?:giornata|lavoro|serata|pomeriggio|weekend)|(?:many )?thanks|thank you|cheers|bye)$/iu;

/** A farewell as people say it: alone, several in one, a name behind it. */
function isFarewell(line: string): boolean {
  const [first = '', ...rest] = line.split(/[,.!]+\s*|\s+e\s+/iu).filter((piece) => piece !== '');
  return (
    isOneFarewell(first) &&
    rest.every((piece, i) => isOneFarewell(piece) || (i === rest.length - 1 && named.test(piece)))
  );
}

function isOneFarewell(piece: string): boolean {
  return farewell.test(piece) || thanks.test(piece);
}

/**
 * Whether lines down to the end are what a mail server or program appends to each mail: a name, then a firm, a number or an
 * address, or what follows a farewell. No sentence and no question.
 */
export function isFooter(lines: Line[], from: number): boolean {
  const filled = lines.slice(from, from + 60).filter(({ blank }) => !blank);
  if (lines.length > from + 60 || filled.length > longestFooter) return false;
  const isGreeted = isFarewell(filled[0]?.bare ?? '');
  const [name, ...more] = isGreeted ? filled.slice(1) : filled;
  if (name === undefined) return isGreeted;
  return (
    named.test(name.bare.replaceAll('*', '')) &&
    filled.every(({ bare }) => bare.length <= 90 && !/\p{Ll}{3,}[.!;]$|[?:]$/u.test(bare)) &&
    (isGreeted || more.some(isContact))
  );
}
