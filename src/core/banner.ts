import { isRule } from './header-block.ts';
import { type Line, makeLine } from './mail-lines.ts';

/**
 * What the receiving server writes on top of a mail: that it came from outside, that its sender is new. It is known by saying of
 * the mail itself where it came from; a writer's own warning says something of the world.
 */

const mailNoun = String.raw`(?:e-?mail|mail|message|messaggio|posta(?: elettronica)?|comunicazione|nachricht|courriel|correo(?: electrónico)?|mensaje|mensagem|bericht)`;
const senderNoun = String.raw`(?:sender|source|mittente|indirizzo|absender|expéditeur|remitente|remetente|afzender|address|adresse)`;
const external = String.raw`(?:external|outside|estern[oa]|extern(?:e[rnms]?)?|externo|externa)`;
const outside = String.raw`(?:external|outside|estern[oa]|dall['’ ]?esterno|al di fuori|di fuori|extern(?:e[rnms]?)?|außerhalb|ausserhalb|l['’]extérieur|externo|externa|fuera|de fora|buiten)`;
const thisMail = String.raw`(?:this|the following|quest[oa]|(?:il|la) presente|il seguente|diese[rs]?|ce|cet|cette|este|esta|deze|dit)(?: is an?| è un[a']?| ist eine?| est un| es un| é um| is een)?`;
const cameFrom = String.raw`(?:originat\p{L}+|comes?|came|is|was|has been|sent|provien\p{L}*|arriva|è|e'|è stat[oa]|inviat[oa]|ricevut[oa]|spedit[oa]|stammt|kommt|ist|wurde|vient|est|a été|procede|proviene|se origin\p{L}+|fue|ha sido|se envió|es|foi|veio|komt)`;
/** People say these of mails; servers do not. */
const peoples =
  /(?:^|[^\p{L}])(?:non (?:arriv|si ved|riesc|posso|funzion)\p{L}*|nicht an|doesn['’]t|isn['’]t|solo|soltanto|only|dopo|after|ieri|oggi|yesterday|today|perch[éè]|because|ma|but|aber|mais|pero|che non|that i|who i|i|we|mi|ci|noi|ich|wir|nous)(?!\p{L})/iu;

const origins: readonly RegExp[] = [
  new RegExp(
    `^${thisMail} (?:\\p{L}+ ){0,2}?${mailNoun}.{0,60}?(?<!\\p{L})${cameFrom}.{0,60}?${outside}`,
    'iu',
  ),
  new RegExp(
    `^(?:this|quest[oa]|dies(?:e[rs]?)?|ceci|cet|ce|este|esta|dit) (?:is|è|ist|est|es|é) .{0,12}?${external} ${mailNoun}`,
    'iu',
  ),
  new RegExp(
    `^(?:this|quest[oa]|dies(?:e[rs]?)?|ce|cet|este|esta|dit) (?:is |è |ist |est |es )?.{0,12}?${mailNoun} ${external}`,
    'iu',
  ),
  new RegExp(
    `^(?:un[oa]? )?${mailNoun} (?:is |è (?:stat[oa] )?)?(?:proveniente|inviat[oa]|ricevut[oa]|originat\\w*|from|received from|sent from|von|de|da) .{0,40}?${outside}`,
    'iu',
  ),
  /^(?:attention|caution|warning)? ?(?:sender|mittente) (?:is )?(?:external|esterno|not verified|non verificato)$/iu,
];
/** Whole sentences, with at most whom it is external to. */
const labels = new RegExp(
  `^(?:(?:you(?:'ve| have) received an?|da|from|von|de|un[oa]?|an|ein(?:e[rs]?)?|hai ricevuto un[a']?) )?(?:` +
    `${external} (?:${mailNoun}|${senderNoun})|(?:${mailNoun}|${senderNoun}) (?:is )?${external}|${mailNoun} (?:da|from|von|d['’]un|de(?: un)?) (?:un |an |einem )?(?:${external} ${senderNoun}|${senderNoun} ${external})` +
    `)(?: (?:all|alla|al|alle|all['’]\\S+|dell['’]\\S+|della|del|di|of|to|from|outside|zu|zur|der|des|à|au|de|du|a la|fuera)(?:\\s.{0,60})?)?$`,
  'iu',
);

/** Exchange's first-contact tip, by what it says; its link says it in every language. */
const firstContact: readonly RegExp[] = [
  /LearnAboutSenderIdentification[^\s>]{0,40}>?$/iu,
  /^(?:alcune (?:delle )?persone che hanno ricevuto questo messaggio )?(?:in genere )?non (?:(?:si )?ricev(?:ono|i|e|ete)) (?:spesso|in genere) (?:e-?mail|messaggi|posta)/iu,
  /^(?:some people who received this message |you )?(?:don['’]t|do not) often get e-?mail from/iu,
  /^(?:sie erhalten (?:nicht (?:oft|häufig)|selten) (?:eine )?e-?mails? von|einige personen,? die diese nachricht erhalten haben,? erhalten .{0,40}e-?mails? von)/iu,
  /^(?:vous n(?:e |['’])(?:recevez|obtenez) pas souvent d|certaines (?:des )?personnes (?:qui ont|ayant) reçu ce message ne reçoivent pas souvent)/iu,
  /^(?:no (?:suele|sueles|suelen|acostumbra a) recibir|algunas (?:de las )?personas que (?:han recibido|recibieron) este mensaje no suelen recibir)/iu,
  /^(?:você não costuma receber|u ontvangt niet vaak|je ontvangt niet vaak)/iu,
];
const why =
  /(?:why|perché|perchè|warum|pourquoi|por qué|porque|waarom).{0,40}(?:important|importante|wichtig|belangrijk)|^(?:learn more|more information|(?:ulteriori|maggiori) informazioni|scopri di più|weitere informationen|en savoir plus|más información|report suspicious|segnala)/iu;

/** What such banners ask for; only beside what says where the mail came from. */
const advice = new RegExp(
  String.raw`^(?:and |e |und |et |y )?(?:please |si prega di |si raccomanda di |bitte |veuillez |merci de |por favor,? )?(?:do not|don['’]t|never|only|non (?:aprire|aprite|apri|cliccare|cliccate|fare|fate|rispondere|fornire|inserire|condividere|seguire|scaricare)|evita\w*|presta\w*|porre|fa(?:re|te|i)|usare|usate|verific\w*|controll\w*|assicura\w*|diffida\w*|use|exercise|be|think|treat|verify|check|ensure|make sure|report|beware|proceed|klicken|öffnen|seien|prüfen|antworten|geben|achten|ne|n['’]ouvrez|soyez|faites|vérifiez|évitez|no|tenga|sea|verifique|evite|extreme|não|klik|open|wees|vorsicht|attenzione|massima attenzione|cautela|caution|prudence|attention|precaución|cuidado)(?![\p{L}\p{N}])`,
  'iu',
);
const adviceAbout =
  /(?:link|collegament|allegat|attachment|mittente|sender|clic|click|password|credenzial|credential|caution|careful|cautio|attenzione|cautela|anhäng|anlage|absender|vorsicht|lien|pièces? jointe|expéditeur|prudent|enlace|adjunto|remitente|precauci|bijlage|afzender|sospett|suspicious|phishing|help ?desk|service ?desk|content|contenut|inhalt|contenu)/iu;

const alarms =
  /^[[(*<{!\p{So}\uFE0F\s_#=-]*(?:caution|warning|attention|alert|notice|important|attenzione|avviso|avvertenza|cautela|importante|achtung|vorsicht|warnung|hinweis|avertissement|prudence|precaución|advertencia|atención|aviso|cuidado|atenção|let op|waarschuwing)(?: ?[:!\])*>}–—-]+|$)\s*/iu;
const tagWords = String.raw`(?:external(?: (?:e-?mail|mail|sender|message|source))?|externe?r?(?: (?:e-?mail|mail|nachricht|absender))?|estern[oa]|ext|est|(?:e-?mail|mail|posta) esterna|(?:messaggio|mittente) esterno|(?:courriel|expéditeur|message) externe|(?:correo|remitente|mensaje) externo|outside e-?mail)`;
/** `[EXTERNAL]`, `*** MAIL ESTERNA ***`, before anything else on its line. */
const tag = new RegExp(
  String.raw`^(?:\[+|\(|\*{2,}|<|={2,}|-{2,}|#{2,}|!{1,3})\s?${tagWords}\s?(?:\]+|\)|\*{2,}|>|={2,}|-{2,}|#{2,}|!{1,3})\s?[:|-]?\s*`,
  'iu',
);
const tagInCapitals =
  /^(?:EXTERNAL(?: (?:E-?MAIL|MAIL|SENDER|MESSAGE))?|EXTERNE[RN]?(?: (?:E-?MAIL|MAIL|ABSENDER))?|ESTERN[OA]|(?:E-?MAIL|MAIL|POSTA) ESTERNA|MITTENTE ESTERNO|EXPÉDITEUR EXTERNE|REMITENTE EXTERNO)[.:!]?$/u;

/** Proofpoint's banner names its ends. */
const ends = { opens: 'BannerStart', closes: 'BannerEnd' };

type Kind = 'origin' | 'alarm' | 'advice' | null;

function kindOf(sentence: string): Kind {
  const said = sentence.replace(/^[[(*<{!|\p{So}\uFE0F\s_#=-]+|[\])*>}|\s_#=.!:-]+$/gu, '');
  if (said === '') return 'alarm';
  if (firstContact.some((one) => one.test(said))) return 'origin';
  if (
    said.length <= 300 &&
    !peoples.test(said) &&
    (labels.test(said) || origins.some((one) => one.test(said)))
  )
    return 'origin';
  if (why.test(said)) return 'advice';
  return advice.test(said) && adviceAbout.test(said) ? 'advice' : null;
}

/** The sentences of a paragraph, and what they are; null: one of them is no banner's. */
function readParagraph(text: string): Kind[] | null {
  const kinds: Kind[] = [];
  let rest = text;
  for (let alarm = alarms.exec(rest); alarm !== null && alarm[0] !== ''; alarm = alarms.exec(rest)) {
    kinds.push('alarm');
    rest = rest.slice(alarm[0].length);
  }
  const label = /^([^:–—]{5,50}?)(?: ?: | [-–—] )(?=\S)/u.exec(rest);
  if (label?.[1] !== undefined && labels.test(label[1].replace(/^[[(*<{!\s_#=-]+/u, ''))) {
    kinds.push('origin');
    rest = rest.slice(label[0].length);
  }
  for (const sentence of rest.split(/(?<=[.!?])[\s\])*]+(?=\S)/u)) {
    if (sentence.trim() === '') continue;
    const kind = kindOf(sentence);
    if (kind === null) return null;
    kinds.push(kind);
  }
  return kinds;
}

/** A banner is no longer than so many lines, */
const longest = 12;
/** and a program breaks its lines between these widths. */
const broken = { from: 64, to: 80 };
const goesOn =
  /(?:,|(?:^| )(?:of|from|the|your|and|or|not|to|di|da|dal|dalla|dell['’]?|del|della|e|o|non|il|la|un|von|der|die|und|oder|nicht|de|du|des|et|ou|pas|el|y|no|para))$/iu;

/** Whether a program may have broken a line here: the next word had no room, and no sentence ends. */
function isBroken(above: string, below: string): boolean {
  const [word = ''] = below.split(' ', 1);
  return (
    above.length <= broken.to &&
    above.length + 1 + word.length > broken.from &&
    !/[.!?:\])*>]$/u.test(above) &&
    (!/^\p{Lu}/u.test(below) || goesOn.test(above))
  );
}

/**
 * Takes the banners of receiving servers off the top of a mail. A line that only begins with a tag keeps the rest of it.
 * @param from where the mail's text begins
 * @returns the first line below them; `from` where there is none. Looks at a bounded number of lines.
 */
export function cutBanner(lines: Line[], from: number): number {
  let end = from;
  for (let round = 0; round < 3; round++) {
    const next = cutOne(lines, end);
    if (next === end) return end;
    end = next;
  }
  return end;
}

function cutOne(lines: Line[], from: number): number {
  const first = lines.findIndex(
    (line, i) => i >= from && i < from + longest && !line.blank && !isRule(line.bare),
  );
  const line = lines[first];
  if (line === undefined) return from;
  if (line.bare.endsWith(ends.opens)) {
    const closed = lines.findIndex(
      (one, i) => i > first && i <= first + longest && one.bare.endsWith(ends.closes),
    );
    if (closed > 0) return nextBelow(lines, closed + 1);
  }
  if (tagInCapitals.test(line.bare)) return nextBelow(lines, first + 1);
  const tagged = tag.exec(line.bare);
  if (tagged !== null) {
    const rest = line.bare.slice(tagged[0].length);
    if (rest === '' || readParagraph(rest) !== null) return nextBelow(lines, first + 1);
    const body = line.body.trimStart();
    lines[first] = makeLine(rest, line.depth, body.length > line.bare.length ? body : rest, line.role);
    return first;
  }
  return readSentences(lines, first) ?? from;
}

/** Line after line as long as each is a banner's, alone or as the rest of the one above. */
function readSentences(lines: Line[], first: number): number | null {
  let said: Kind[] = [];
  let paragraph = '';
  let end: number | null = null;
  for (let i = first; i < Math.min(lines.length, first + longest); i++) {
    const line = lines[i];
    if (line === undefined || line.depth !== lines[first]?.depth) break;
    if (line.blank || isRule(line.bare)) {
      // an alarm may stand alone above, and nothing but an origin makes what is below it a banner
      if (end !== null && said.includes('origin') && !line.blank) break;
      paragraph = '';
      continue;
    }
    const above = lines[i - 1]?.bare ?? '';
    const joined = paragraph !== '' && isBroken(above, line.bare) ? `${paragraph} ${line.bare}` : null;
    const isWhole = /[.!?\])*]$/u.test(line.bare);
    const kinds = (joined !== null && isWhole ? readParagraph(joined) : null) ?? readParagraph(line.bare);
    const whole = joined ?? line.bare;
    if (kinds === null) {
      // perhaps the rest of it stands below
      const below = lines[i + 1]?.bare ?? '';
      if (below === '' || !isBroken(line.bare, below)) break;
      paragraph = whole;
      continue;
    }
    said = [...said, ...kinds];
    paragraph = whole;
    end = i + 1;
  }
  return end !== null && said.includes('origin') ? nextBelow(lines, end) : null;
}

/** The next filled line, rules passed over. */
function nextBelow(lines: Line[], from: number): number {
  let at = from;
  while (
    at < lines.length &&
    at < from + longest &&
    (lines[at]?.blank === true || isRule(lines[at]?.bare ?? ''))
  )
    at++;
  return at;
}
