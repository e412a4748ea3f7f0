import { isRule } from './header-block.ts';
import type { Line } from './lines.ts';

/** Topics of corporate boilerplate. A paragraph that mentions three of them and refers to the mail itself is boilerplate. */
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
  /(?:quest[ao]|present[ei]|del) (?:e-?mail|mail|messaggio|comunicazione|posta)(?! d(?:i |['’])(?:errore|avviso|windows))|(?:e-?mail|messaggio|comunicazione|message) (?:è|e'|contiene|and any|is|may)|nel (?:presente )?messaggio|this (?:e-?mail|message|communication|transmission)|ce (?:message|courriel)|cet e-?mail|diese (?:e-?mail|nachricht)|este (?:mensaje|correo)|informazioni contenute|information contained/iu;
const heading =
  /^[*_\s]{0,4}(?:avviso (?:di riservatezza|legale|sulla privacy|di confidenzialità)|(?:informativa (?:sulla )?)?privacy|riservatezza|nota di riservatezza|clausola di riservatezza|disclaimer|confidentiality(?: notice)?|legal notice|avvertenz[ae]|informativa)[*_:.\s-]{0,6}$/iu;

/** Words of notices that ask to print less, which contain no others, in any order. */
const printWords = new Set(
  `prima di del dello della dei a al all alla e ed o se non si ci ti vi ne è é la il lo le gli l i un una uno per con in su da dal ma che
  stampare stampate stampi stampa stampar stampiate stamparla stamparlo stampando questa questo quest presente messaggio mail email e-mail comunicazione documento
  allegato allegati posta elettronica pensa pensate pensaci pensateci pensi pensiamo pensare rifletti riflettete rifletta riflettere valuta valutate valuti
  valutare considera considerate consideri considerare verifica verificate verifichi chiediti chiedetevi assicurati assicuratevi sii
  sia siate proprio davvero veramente strettamente realmente effettivamente assolutamente necessario necessaria indispensabile
  utile bisogno hai avete ha ambiente ambientale all’ambiente natura pianeta mondo terra carta inchiostro energia albero
  alberi foreste foresta bosco boschi verde rispetta rispettate rispetti rispettiamo rispettare rispetto salva salvate salviamo salvare risparmia risparmiate
  risparmiamo risparmiare risparmierai aiuta aiutate aiutaci aiutateci aiutiamo aiutare aiuti proteggi proteggere proteggiamo protezione tutela tutelare
  tuteliamo difendi difendiamo salvaguardia salvaguardare nostro nostra nostri vostro vostra tuo tua suo sua sui favore cortesia prega
  inutilmente inutile evita evitate evitare eviti evitiamo consumo consumare spreco sprechi sprecare fogli foglio responsabilità impatto impegno nei confronti verso grazie
  solo anche tutti caso contrario meno copia cartacea ogni noi responsabile
  please consider the environment environmental before printing print printed prints this message messages mail's or and any its attachments attachment
  think of our your you trees tree save paper planet earth do don't don not unless if really need necessary to it is be green for help us protect
  nature impact responsibility reduce waste only about need conserve forests forest have must
  avant d imprimer imprimez n imprimez ce cet cette courriel pensez pensons environnement à l pour une que s est nécessaire préservons préserver planète notre si vous devez merci
  bevor vor dem ausdrucken drucken dieser diese e-mails bitte denken sie an die umwelt unsere ob prüfen der das nicht wenn nötig ist schonen bäume papier
  antes de imprimir este esta mensaje correo electrónico mensagem piense en el medio medioambiente meio naturaleza por favor considere nuestro nosso planeta árboles necesario realmente necessário pense no compromiso com con o bien es hacerlo cosa todos p tue mani sue vostre`
    .split(/\s+/u)
    .map((word) => word.normalize('NFC')),
);
const printing = /(?<!\p{L})(?:stamp|print|imprim|ausdruck|drucken)/iu;
/** Why one should, and that one should. */
const printReason =
  /(?<!\p{L})(?:ambient|natura(?!\p{L})|pianeta|alber[oi]|forest|bosch|environment|trees?(?!\p{L})|planet|earth|paper|environnement|planète|umwelt|bäume|papier|medio|meio|árbol|naturaleza|inutilmente|(?:salva\p{L}*|risparmi\p{L}*|spreco|consumo)(?: \p{L}+){0,2} carta|se (?:\p{L}+ ){0,5}(?:necessari|indispensabil|bisogno)|(?:if|unless) (?:\p{L}+ ){0,4}(?:necessary|need)|nécessaire|nötig|necesario|necessário)/iu;
const printAdvice =
  /(?<!\p{L})(?:pens\p{L}+|riflett\p{L}+|valut\p{L}+|consider\p{L}*|verific\p{L}+|chied\p{L}+|assicur\p{L}+|rispett\p{L}+|salv\p{L}+|risparmi\p{L}+|aiut\p{L}+|protegg\p{L}+|tutel\p{L}+|difend\p{L}+|evit\p{L}+|non stampa(?:re|te)|spreco|consumo|think|save|help|please|do not|do n['’]t|don['’]t|imprimez|devez|préserv\p{L}+|denken|bitte|prüfen|schonen|piense|pense)(?!\p{L})/iu;

/** True if a text is a notice that asks to print less: `Prima di stampare questa mail, pensa all'ambiente`. */
function isPrintNotice(text: string): boolean {
  return saysOfPrinting(text) === 1;
}

/** Share of a text's words that belong to such a notice; 0 if it is clearly none. */
function saysOfPrinting(text: string): number {
  if (text.length > 400 || !printing.test(text) || !printReason.test(text) || !printAdvice.test(text))
    return 0;
  const words =
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/\p{L}+(?:-mails?(?!\p{L}))?/gu) ?? [];
  return words.length < 4 ? 0 : words.filter((word) => printWords.has(word)).length / words.length;
}

/** True if a line reads much like such a notice but contains a word foreign to them. */
export function mayAskToPrintLess({ bare }: Line): boolean {
  const share = saysOfPrinting(bare);
  return share >= 0.75 && share < 1;
}

/** True if a text touches at least two topics of corporate boilerplate, however short it is. */
export function isLegal(text: string): boolean {
  return boilerplate.filter((one) => one.test(text)).length >= 2;
}

/** Further words of boilerplate sentences. */
const besides =
  /mittent|sender|absender|expéditeur|remitente|notif|avvisa(?:re|ndo)|informar|contenut|contained|informazion|information|legge|law(?!\p{L})|legal|penal|art(?:icol|\.)|tutel|titolare|diritt|right|grazie|thank|ringrazi|collaboraz|comunicaz|communication|messag|e-?mail|attach|integrit|sicur|secur|utilizz|third part|perdit|danni|damage|opinion|views|prega|pregat|tenut[aoi]|richied|eventual|pertanto|therefore|presente|suddett|predett/iu;

/** True if a sentence within boilerplate has any of its words. */
export function isOfBoilerplate(sentence: string): boolean {
  return ofItself.test(sentence) || besides.test(sentence) || boilerplate.some((one) => one.test(sentence));
}

/** `AVVISO DI RISERVATEZZA: …`, `Ai sensi del D.Lgs. 196/2003 …`: what such a paragraph opens with. */
const headed =
  /^[*_\s(–—-]{0,4}(?:(?:avviso|nota|clausola|informativa) (?:di riservatezza|legale|sulla privacy|privacy|di confidenzialità)|disclaimer|(?:confidentiality|legal|privacy) (?:notice|note|disclaimer)|ai sensi (?:e per gli effetti )?(?:del|dell['’]|degli|della) ?(?:d\.? ?lgs|decreto|art|regolamento|reg\.|gdpr|legge|l\.|normativa))/iu;
/** Somebody who asks for something that the law gives them. */
const demands =
  /(?<!\p{L})(?:chied\p{L}+|vogli\p{L}+|vorre\p{L}+|richied(?:o|iamo)|desider\p{L}+|mi|ci|mi[oae]|miei|dovete|potete|dobbiamo|devo|serve|occorre|want|request|ask|can you)(?!\p{L})/iu;

const informs =
  /(?<!\p{L})(?:inform|precis|avvis|comunic|rend)(?:a|ano|iamo|iamola|iamovi|asi)(?!\p{L})|messaggio|e-?mail|comunicazione|trattat[aeio]|contenut[aeio]|riservat[aeio]/iu;

/** True if the text opens with such a heading and each of its sentences is boilerplate. */
function isHeaded(text: string): boolean {
  const found = headed.exec(text);
  if (found === null || /\?(?:\s|$)/u.test(text) || demands.test(text)) return false;
  const rest = text.slice(found[0].length);
  if (/^\W{0,4}ai sensi/iu.test(text) && !informs.test(rest)) return false;
  const says = boilerplate.filter((one) => one.test(text)).length + (ofItself.test(rest) ? 1 : 0);
  return (
    says >= 2 && rest.split(/(?<=\p{Ll}{2}[.!]) /u).every((one) => one.length < 3 || isOfBoilerplate(one))
  );
}

/** True if a paragraph is boilerplate: a print notice, headed, or several of its topics. */
export function isBoilerplate(paragraph: string): boolean {
  const text = paragraph.slice(0, 3_000);
  if (isPrintNotice(text)) return true;
  if (isHeaded(text)) return true;
  // boilerplate asks nothing
  if (text.length < 60 || /\?(?:\s|$)/u.test(text)) return false;
  const found = boilerplate.filter((one) => one.test(text)).length;
  return (found >= 3 && ofItself.test(text)) || found >= 5;
}

/**
 * Finds the boilerplate at the end of a range of lines.
 * @returns the index of its first line, or `to` if there is none
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

/** Start of the boilerplate in a paragraph: its first line, or the line below a signature at its top; null if there is none. */
function openingOf(lines: Line[], start: number, end: number): number | null {
  const bare = (i: number) => lines[i]?.bare ?? '';
  const joined = (i: number) =>
    lines
      .slice(i, Math.min(end, i + 40))
      .map((line) => line.bare)
      .join(' ');
  if (!isBoilerplate(joined(start))) {
    for (let i = start + 1; i < Math.min(end, start + 40); i++)
      if ((headed.test(bare(i)) || isPrintNotice(bare(i))) && isBoilerplate(joined(i))) return i;
    return null;
  }
  for (let i = start; i < Math.min(end, start + 40); i++) {
    if (heading.test(bare(i)) || ofItself.test(`${bare(i)} ${bare(i + 1)}`) || isPrintNotice(bare(i))) {
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
