import type { Line } from './lines.ts';
import { oneSpaced } from '../letters/text.ts';

/**
 * Lines that a phone or a program adds by itself. Every word of such a line must belong there: an opening ("Inviato da"),
 * devices, programs, words between them, an apology for brevity. Prose that begins alike has another word.
 */

/** Openings of taglines by language; the rest of the line is checked word by word. */
const openings = [
  String.raw`(?:(?:questo |questa )?(?:messaggio|e-?mail|mail|posta) (?:è stat[oa] )?)?(?:inviat[oa]|scritt[oa]|mandat[oa]|spedit[oa]) (?:da|dal|dalla|dallo|dall(?=['’])|con|tramite|attraverso|via|mediante|usando)`,
  String.raw`(?:(?:this )?(?:message|e-?mail) (?:was )?)?(?:sent|written|typed|composed) (?:from|via|with|using|by|on|through)`,
  String.raw`(?:(?:(?:ce|cet) )?(?:message|e-?mail|courriel|mail) (?:a été )?)?(?:envoyée?|écrite?|rédigée?) (?:de|du|depuis|à partir (?:de|du|d(?=['’]))|d(?=['’])|avec|via|par)`,
  String.raw`(?:(?:diese )?(?:nachricht|e-?mail) (?:wurde )?)?(?:gesendet|geschickt|geschrieben|verschickt|versendet) (?:von|vom|mit|mithilfe|über|aus)`,
  String.raw`(?:(?:est[ea] )?(?:mensaje|correo|mensagem) (?:(?:fue|ha sido|foi) )?)?(?:enviad[oa]|escrit[oa]) (?:desde|con|de|do|da|com|pelo|pela|por|a través de|a partir do)`,
  String.raw`(?:verstuurd|verzonden) (?:vanaf|vanuit|met|van|via)`,
  String.raw`mit freundlichen grüßen gesendet`,
  String.raw`(?:dictated|dettato|diktiert|dicté) (?:to|with|using|via|a|con|mit|à|avec)`,
  String.raw`powered by`,
];
const opening = new RegExp(`^(?:${openings.join('|')})(?=[\\s'’])`, 'iu');

/** Openings in languages whose words are not checked one by one. */
const foreign =
  /^(?:sendt (?:fra|med|via)|skickat (?:från|med|via)|lähetetty|wysłane? (?:z|przy)|odesláno (?:z|pomocí)|odoslané z|iphone'umdan gönderildi|gönderildi|отправлено (?:с|из)|надіслано з|проверено|từ .{1,20} của tôi|trimis (?:de|din)|发自我的|從我的|从我的|나의 \S{1,20}에서 보냄|내 \S{1,20}에서 보냄|\S{1,20}(?:から|より)送信)/iu;

/** `Get Outlook for iOS`; a person may ask for the same, so it says for which system, and nothing else. */
const fetching =
  /^(?:get|download|ricevi|scarica(?:re)?|ottieni|ottenere|obtenez|obtenir|télécharge[rz]?|holen sie sich|hol dir|laden sie|obtén|obten|obtener|obtenga|descarga|descargar|descargue|obter|obtenha|baixe|hämta|hent|hanki)\s/iu;
const fetchingLast =
  /^(?!von |vom |mit |aus |über |diese ).{2,60} (?:beziehen|herunterladen|holen|downloaden|ophalen)$/iu;
const forSystem =
  / (?:per|for|für|pour|para|voor|för|til|till) (?:ios|android|iphone|ipad|mac|macos|windows|mobile|mobil|móvil|desktop)(?: (?:und|and|e|et|y|&) (?:ios|android))?$/iu;
/** `Dal mio iPhone`: no verb, and a device of theirs. */
const bareOpening =
  /^(?:dal|dalla|from|von|vom|de|depuis|desde|do|da|vanaf) (?:mio|mia|my|meinem|meiner|mon|ma|mi|meu|minha|mijn)(?=\s)/iu;
const devices =
  /(?<!\p{L})(?:iphone|ipad|ipod|samsung|galaxy|huawei|xiaomi|redmi|poco|oppo|honor|oneplus|pixel|nokia|motorola|moto|lg|htc|sony|xperia|blackberry|wiko|asus|zte|realme|vivo|fairphone|android)(?!\p{L})/iu;
/** Taglines with the verb at the end, as in German, and the words that may open them. */
const verbLast =
  /^(?:(?:diese (?:nachricht|e-?mail) wurde )?(?:von|vom|mit|aus|über) )?(.{2,100}?) (?:gesendet|geschickt|verschickt|versendet|geschrieben|beziehen|herunterladen|abrufen|holen|downloaden|ophalen)$/iu;

function set(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/u).map((word) => word.normalize('NFC')));
}

/** Words that identify a device or a program. */
const products =
  set(`iphone iphones ipad ipod android ios ipados macos apple macbook imac mac samsung galaxy huawei xiaomi redmi poco oppo honor
  oneplus pixel nokia motorola moto lg htc sony xperia blackberry wiko asus zte realme vivo fairphone surface nexus windows outlook hotmail
  gmail yahoo fastmail mailo avast mailru libero virgilio tiscali aruba alice aquamail bluemail typeapp k-9 k9 thunderbird fairemail spark airmail mailbird mailspring
  mimestream em geary betterbird postbox shortwave spike infomaniak newton edison canary proton protonmail tutanota tuta zimbra
  roundcube nine boxer sparrow mailbox acompli superhuman hey missive zoho mymail yandex gmx ionos smartphone tablet tablets telefono
  telefonino cellulare telefon telefono's handy mobile mobil mobiltelefon phone phones cellphone device dispositivo gerät mobilgerät
  appareil téléphone mobilephone móvil celular teléfono telemóvel tableta tablette portable telefoon toestel apparaat webmail unterwegs siri tastiera tastatur clavier keyboard touchscreen`);
/** These may stand around them, and tell none. */
const between =
  set(`di d el del della per for da dal con su sul on the my mio mia il lo la l un una uno a an our and e und et y with using via tramite
  für mit auf von der dem den mein meinem meiner einem einer pour de depuis avec sur mon ma mes para desde mi meu minha o do no na op voor met van
  mijn een het wireless wifi wi-fi dual sim 3g 4g 5g lte pro plus max mini ultra lite note se air edge fold flip neo prime duo network rete
  mail mails posta email e-mail elettronica app application applicazione l'app client courrier courriel correo electrónico messagerie nachricht
  apparecchio mobili mobilen mobiler mobilem applicazione virtuale virtual virtuelle virtuellen touch sicura sicuro sicure secure sichere sicherer sicherem seguro segura sécurisée sécurisé crittografata encrypted verschlüsselte
  gratuita gratis free pec business personal enterprise tim vodafone wind windtre tre iliad fastweb verizon t-mobile t mobile at&t orange sfr
  telekom o2 movistar google microsoft postacertificata k type aqua blue mi x r s beta ai ru & ad watch`);

/** An apology for what a phone does to a text: its verb and its object, and nothing more. */
const apology =
  /(?:scus|perdon|excus|apolog|forgive|sorry|entschuldig|verzeih|pardon|désolé|disculp|desculp|excuus)/iu;
const apologisedFor =
  /(?:error|refus|brevit|brevità|sinte|battitura|ortograf|t9|correttore|typo|brevity|brief|terse|short|mistake|spelling|kürze|tippfehler|fehler|rechtschreib|brièveté|fautes?|erreur|brevedad|brevidade|errat|erros|kort|fouten)/iu;
const goesOn =
  /(?:^|[^\p{L}])(?:ma(?! (?:bri|faute))|però|perché|perchè|but|because|aber|weil|mais|parce|pero|porque|mas|maar|omdat)(?!\p{L})/iu;

const yahooSlogan =
  /^yahoo[!]? mail\s?[:-]\s?(?:search, organi[sz]e, conquer|cerca, organizza, (?:conquista|domina)|rechercher, organiser, conquérir|suchen, organisieren, erobern|busca, organiza, conquista)$/iu;

const scanNotice =
  /^(?:quest[ao] (?:e-?mail|mail|messaggio(?: di posta elettronica)?) (?:è|e'|è stat[ao]) (?:stat[ao] )?(?:controllat|priv|esaminat|analizzat|scansionat|verificat)|this (?:e-?mail|message) (?:has been|was|is) (?:checked|scanned|virus-free)|mail priva di virus|e-?mail priva di virus|esente da virus|(?:non contiene|priv[oa] di) virus\.?(?: ?www\.\S+)?$|virus-free|no virus found in this|checked by avg|scanned by|garantito senza virus|libre de virus|sans virus|garanti sans virus|virenfrei|diese (?:e-?mail|nachricht) wurde (?:auf viren|von avast|mit avast)|ce(?:t e-?mail| courriel| message) a été (?:vérifié|analysé|contrôlé)|l['’]absence de virus dans ce|este (?:mensaje|correo(?: electrónico)?) ha sido (?:analizado|comprobado)|el software de antivirus)/iu;

const scanned =
  /virus|malware|spam|phishing|minacc|threat|presen[zc]|présence|sicurezza|security|automatic|scanner|avast|avg|avira|bitdefender|kaspersky|mcafee|norton|eset|nod32|sophos|trend|barracuda|mimecast|messagelabs|symantec|clam|esva|secure|panda|g ?data|defender|exchange|filt[er]/iu;

/** All that scanners say besides names: prose that begins as they do has another word. */
const scanWords =
  set(`questo questa messaggio mail email e-mail posta elettronica di del della dei dal dalla da con per e ed è e' stato stata stati controllato
  controllata esaminato esaminata analizzato analizzata scansionato scansionata verificato verificata privo priva prive virus antivirus malware
  spam phishing spyware minacce minaccia trojan alla alle ricerca individuare individuato rilevare eventuale eventuali presenza assenza contenuto contenuti
  contenute pericoloso pericolosi pericolose software programma sistema servizio protezione sicurezza attiva attivo perché la il lo un una in
  esente esenti garantito garantita senza non contiene nessun nessuna trovato trovata rilevato rilevata allegati suoi l' ritenuto ritenuta
  risultato risultata pulito pulita sicuro sicura infetto infetta automaticamente tramite mediante dall' versione database dei rilascio data ulteriori informazioni visita visitare visitate sito
  this message the it its has have been was is are and checked scanned for by with from against of free virus-free viruses no found in incoming
  outgoing attachments all known threats threat dangerous content contents harmful software security service system scanner protection active
  because believed to be clean safe contain contains contained automatically using version release date more information please visit visita go our on
  libre de du des virenfrei viren sans garanti garantie diese nachricht wurde wurden auf von mit geprüft gescannt untersucht überprüft durch ist sind frei und
  schadsoftware denn der die das schutz aktiv antivirussoftware antivirenprogramm virenscanner keine gefunden
  ce cet cette courriel courrier électronique a été vérifié vérifiée analysé analysée contrôlé contrôlée par le les l logiciel absence d dans avec et
  contre des présence car est antivirus active propre
  este mensaje correo electrónico ha sido analizado comprobado verificado revisado por el en busca y otros contenidos peligrosos se considera que está
  limpio contra amenazas para detectar su al un programa
  cloud trend micro g data`);

/** True if a text has only a virus scanner's words, numbers, links and, within its sentences, names of programs. */
function isOfScan(text: string): boolean {
  let begins = true;
  let names = 0;
  for (const [token] of text
    .replace(links, ' ')
    .normalize('NFC')
    .matchAll(/[\p{L}\p{N}'’-]+|[.:!?]/gu)) {
    if (/^[.:!?]$/u.test(token)) {
      begins = true;
      continue;
    }
    const parts = token.toLowerCase().split(/['’-]/u);
    const isKnown = [token.toLowerCase(), ...parts].some(
      (word) => scanWords.has(word) || products.has(word) || scanners.test(word),
    );
    const isName = /^\p{Lu}/u.test(token) && !begins;
    if (isName && !isKnown && ++names > mostNamed) return false;
    if (!isKnown && !isName && !/^[\d'’-]/u.test(token)) return false;
    begins = false;
  }
  return true;
}

/** A service's name has no more words. */
const mostNamed = 3;
const scanners =
  /^(?:avast|avg|avira|bitdefender|kaspersky|mcafee|norton|eset|nod32|sophos|trend|barracuda|mimecast|messagelabs|symantec|clam\p{L}*|esva|libra|panda|defender|exchange|mailscanner|amavis\p{L}*|security)$/u;

/** True if a line opens the notice of a virus scanner. */
export function isScanNotice({ bare }: Line): boolean {
  return isScan(bare.replace(decoration, ''));
}

/** True if a line may continue the notice of a virus scanner above it. */
export function isOfScanNotice({ bare }: Line): boolean {
  return isOfScan(bare);
}

/** "Questa mail è stata controllata da Mario" is a person's; a scanner says what for, or its name. */
function isScan(words: string): boolean {
  const found = scanNotice.exec(words);
  return (
    found !== null &&
    isOfScan(words) &&
    (!/(?:controllat|esaminat|analizzat|verificat|checked|scanned|vérifié|analysé|contrôlé|analizado|comprobado)$/iu.test(
      found[0],
    ) ||
      scanned.test(words))
  );
}

const decoration = /^[-–—_*\s([]{1,10}|[-–—_*.!\s)\]]{1,10}$/gu;
const links =
  /<[^<>\s]{1,500}>|\[[^[\]\s]{1,500}\]|\((?:https?:|www\.)[^()\s]{1,500}\)|(?:https?:\/\/|www\.)[^\s)\]]{1,500}/gu;
const longest = 110;
const longestApology = 110;

/**
 * Recognises a line that a phone or a program adds by itself: "Inviato da iPhone", "Get Outlook for iOS".
 * @returns `certain` if no person writes so; `likely` if it opens like a tagline, is as short, and has a link; null otherwise
 */
export function readTagline(line: Line): 'certain' | 'likely' | null {
  const linked = line.bare.replace(links, ' ');
  const words = oneSpaced(linked).trim().replace(decoration, '').trim();
  if (words === '' || words.length > longest + longestApology || words.includes('?')) return null;
  if (isScan(words) || yahooSlogan.test(words)) return 'certain';
  const core = withoutApology(words);
  if (core.length > longest) return null;
  const isLinked = linked !== line.bare;
  if (isBare(core)) return 'likely';
  const kind = readCore(core);
  return kind === 'likely' && !isLinked ? null : kind;
}

/**
 * True if a tagline also reads as something a person may ask for: `Scarica Outlook per iOS` without its link. It is a tagline
 * only at the end, below other words.
 */
export function isAskedFor({ bare }: Line): boolean {
  const words = bare.trim().replace(decoration, '');
  return bare.replace(links, ' ') === bare && (fetching.test(words) || fetchingLast.test(words));
}

function isBare(core: string): boolean {
  const [opened] = bareOpening.exec(core) ?? [];
  return (
    opened !== undefined &&
    devices.test(core) &&
    core.split(' ').length <= 7 &&
    namesProduct(core.slice(opened.length), 1)
  );
}

/** `Inviato dal mio telefono, scusate gli errori`: the text before the apology. */
function withoutApology(words: string): string {
  if (!apology.test(words)) return words;
  for (const { index, 0: mark } of words.matchAll(/[.,;:!]\s| [-–—] /gu)) {
    const tail = words.slice(index + mark.length);
    if (apology.test(tail) && apologisedFor.test(tail) && !goesOn.test(tail) && !/[.!;]\s/u.test(tail))
      return words.slice(0, index).replace(decoration, '');
  }
  return words;
}

function readCore(core: string): 'certain' | 'likely' | null {
  if (/[.!:;]\s\p{L}/u.test(core) || core.includes('@')) return null;
  if (foreign.test(core)) return core.split(' ').length <= 8 ? 'certain' : null;
  const opens = opening.exec(core);
  if (opens !== null) {
    const rest = core.slice(opens[0].length);
    if (namesProduct(rest, 1)) return 'certain';
    return core.split(' ').length <= 6 ? 'likely' : null;
  }
  const fetched = fetching.exec(core);
  if (fetched !== null) {
    const rest = core.slice(fetched[0].length).replace(/ herunter$/iu, '');
    return forSystem.test(rest) && namesProduct(rest, 2) ? 'certain' : null;
  }
  const last = verbLast.exec(core);
  return last?.[1] !== undefined && namesProduct(last[1], /^(?:von|vom|diese)\s/iu.test(core) ? 1 : 2)
    ? 'certain'
    : null;
}

/** `Inviato dallo Xiaomi di Anna`: a phone that knows its owner, or a person who lent it. */
export function mayBeTagline({ bare }: Line): boolean {
  const words = bare.replace(decoration, '');
  const opens = opening.exec(words);
  return opens !== null && words.split(' ').length <= 9 && devices.test(words.slice(opens[0].length));
}

const possessive = /^(?:mio|mia|my|mon|ma|meinem|meiner|mi|meu|minha|mijn)$/u;
const programWord = /^(?:mail|webmail|app|mobile|applicazione|application|applikation)$/u;
/** `app Xyzzy`, `WEB.DE`. */
const callsItselfOne =
  /\p{Lu}\S{1,20} (?:Mail|Webmail|App|Mobile)$|\bMi \d|(?<!\p{L})app(?:lica(?:tion|zione))? (?:di |de )?\p{Lu}\S{1,20}|(?<!\p{L})WEB\.DE$/u;

/**
 * True if a text consists of names of devices or programs. An unknown word may be a maker's or a program's name where it
 * stands as one: behind `my`, as a model in capitals, beside `Mail` or `app`. Elsewhere it may be a person's.
 */
function namesProduct(text: string, atLeast: number): boolean {
  let named = 0;
  let isOwn = false;
  const tokens = text
    .normalize('NFC')
    .split(/[\s,./|+()'’"“”-]+/u)
    .filter((token) => token !== '');
  for (const [i, token] of tokens.entries()) {
    const word = token.toLowerCase();
    if (possessive.test(word)) isOwn = true;
    if (products.has(word)) named++;
    else if (between.has(word) || /^\p{L}{0,2}\d{1,4}\p{L}{0,3}$/u.test(word)) continue;
    else if (!/^\p{Lu}/u.test(token)) return false;
    else {
      const isModel = isOwn && (named === 0 || /^[\p{Lu}\d]{2,}$/u.test(token));
      const besides = [tokens[i - 1], tokens[i + 1]].map((one) => (one ?? '').toLowerCase());
      const isProgram = besides.some((one) => programWord.test(one)) || /^(?:WEB|DE)$/u.test(token);
      if (!isModel && !isProgram) return false;
    }
  }
  if (named === 0 && callsItselfOne.test(text)) named = 1;
  return named >= atLeast;
}
