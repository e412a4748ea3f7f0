/**
 * The words that absence notices and automatic receipts are made of, in seven languages, for what only its words tell to be one.
 * A phrase of a notice may have anything beside it: `contattare Mario per le chiavi`. So every word has to be one of a notice's,
 * a name, a date, a number or an address; a single other one says something, and the mail is a person's.
 */

/** A pattern of words, each a small pattern of its own, parted by spaces. */
const oneOfThese = (words: string): string => words.trim().replaceAll(/\s+/gu, '|');

const italian = oneOfThese(String.raw`
  sono sarò saro siamo saremo sarà sara saranno è risulto risulterò resterò resteremo resteranno rimarrà
  rimarranno resterà resta fuori sede uffici ufficio dall assenz[ae] assent[ei] ferie congedo parentale
  malattia maternità paternità vacanz[ae] trasferta chius[oi] chiusura estiva natalizia festività
  attualmente momento momentaneamente temporaneamente non in al allo all alla ai agli alle dal dalle da
  del della dello dell dei delle degli di d il lo la l i gli le un una uno a ad e ed o per con su sul
  sull nel nei nella nelle nell giorn[oi] settiman[ae] or[ae] fino sino compres[oi] inclus[oi] rientro
  rientrerò rientrero rientriamo rientreremo torno tornerò tornero torneremo ritorno ritornerò riapriamo
  riapriremo riaprirà riapriranno riapertura nuovo quest[oaie] quest periodo mio mia miei mie
  nostr[oaei] su[oae] vostr[oaei] tu[oae] collegh?[aei] collaborat\p{L}+ colleghi sostituisce
  sostitut[oa] potete può puo si prega pregasi prego vi ti mi ci se contattare contattarmi contatti
  contattate rivolgersi rivolgetevi rivolgervi scrivere scrivete scrivetemi chiamare chiamate telefonare
  telefonate inviare inoltrare inviate numer[oi] telefono telefonico telefonicamente cellulare cell tel
  interno indirizz[oi] centralino reception segreteria amministrazione direzione urgen\p{L}+ qualsiasi
  qualunque ogni eventuali questioni comunicazion[ei] necessità emergenz[ae] caso richiest[ae]
  risponderò rispondero risponderemo risponderanno rispondere risposta leggerò leggero leggeremo leggere
  posta elettronica mail email e-mail messaggio? corrispondenza appena possibile quanto prima presto più
  breve automatic[ao] automaticamente generat[oa] inviat[oa] ricevut[oa] saluti cordiali cordialmente
  distinti cordialità grazie ringrazi\p{L}+ buon\p{L}* gentil\p{L}* salve ciao egregi\p{L}* spett\p{L}*
  client[ei] tutti mittente signor[ei]? sig sigg sig\.ra dott ing geom avv rag scus\p{L}+ disagio?
  comprensione ho avrò avro potrò potro posso averci avermi aver contattato scritto saluto feste fede ne
  ma quindi pertanto durante tale presente nonché che inform[oi]\p{L}* comunich?\p{L}+ pausa p v senza
  viaggio lavoro lavora ritardo potrei amministrativ[aeio] commercial[ei] tecnic(?:o|a|he|i) attiv[oa]
  presidiat[oa] monitorat[oa] account oppure pasqua pasquali natale natalizie festive altra altro altre
  riferimento fare attenzione poter impossibilitat[oa] temporanea visionare visione monitor\p{L}+
  costantemente regolarmente evas[ei] gestit[ei] lavorat[ei] verrà verranno abbiamo cui urgenze avviso
  sms whatsapp nota tramite
`);
const english = oneOfThese(String.raw`
  i m don do send further contacting need work starting attending conference training mailbox monitored
  address active notice soon prompt earliest convenience sorry who while regarding concerning at moment
  time these dates following public bank easter summer winter closure period am ll will be we re ve have
  are is our my the a an this that currently presently out of offices? ooo away off on in by to from
  until till through and or but with no not longer annual sick parental maternity paternity medical
  leave vacation holidays? travell?ing business trip closed return\p{L}* back again next week days?
  hours working available unavailable reachable reach e-?mails? inbox messages? mail check\p{L}*
  read\p{L}* occasionally sporadically rarely regularly reply respond\p{L}* response answer get possible
  quickly upon when as for any anything if your you urgent\p{L}* urgency cases? matters? issues?
  requests? enquir\p{L}+ inquir\p{L}+ assistance emergenc\p{L}+ immediate\p{L}* contact call phone write
  direct please kindly colleagues? meantime absence during help assist thanks? apologi[sz]e apologies
  inconvenience understanding patience hello hi dear best kind warm regards sincerely automat\p{L}+
  generated me us mobile tel ext number reception team support season happy merry christmas new year
  note advised inclusive mr mrs ms dr his her can may
`);
const french = oneOfThese(String.raw`
  je j suis serai nous avons sommes serons sera seront est sont absente?s? absence du de des d le la les
  l un une au aux à a en et ou ne n pas plus que qu congés? maternité paternité parental annuels?
  vacances déplacement arrêt maladie rtt formation hors bureaux? fermée?s? fermeture annuelle société
  entreprise locaux notre nos mon ma mes votre vos actuellement moment momentanément temporairement
  jusqu inclus retour reviens reviendrai rentrerai reprendrai compter partir merci bien vouloir vous
  contacter contactez joindre joignables? disponibles? adresser adressez écrire écrivez appeler appelez
  veuillez pouvez cas urgen\p{L}+ toute toutes demandes? question besoin nécessité pour collègues?
  numéro tél téléphone portable accueil standard répondrai répondrons traiterai traités? prendrai
  connaissance lirai consulterai lus? lire transférés? dès possible délais meilleurs brefs dans aurai ai
  messagerie messages? mails? e-?mails? courriels? réponse automatique\p{L}* ceci désagrément gêne
  occasionnée excuser compréhension bonjour bonsoir ch(?:er|ère)s? madame monsieur mesdames messieurs
  mme mr cordialement sincères salutations meilleures fêtes bonnes? avec durant pendant cette période
  remplace reçu sur y
`);
const german = oneOfThese(String.raw`
  ich bin mich mir wir sind uns uns\p{L}* er sie ihnen ihr\p{L}* ist bleibt wird werde werden kann
  befinde derzeit zurzeit zur zeit momentan aktuell vorübergehend im in am an ab auf bei bis zum zu vom
  von für mit nach der die das dem den des ein eine[nrm]? mein\p{L}* kein\p{L}* nicht nur und oder aber
  urlaub elternzeit mutterschutz abwesen\p{L}+ büro haus hause außer ausser erreich\p{L}+ platz anwesend
  dienstreise geschäftsreise krank\p{L}* erkrankt unterwegs betrieb\p{L}* unternehmen geschlossen wieder
  da dahin zurück kehre komme einschließlich voraussichtlich mitte ende anfang rückkehr vertret\p{L}+
  übernimmt kolleg\p{L}+ herrn? frau wenden kontaktieren schreiben rufen anrufen bitte sich
  dringend\p{L}* eilig\p{L}* notfall fällen angelegenheiten anliegen fragen fall diese[rsmn]? dies
  gerne? verfügung steht stehen unter tel telefon nummer telefonisch mobil e-?mails? mails?
  nachricht(?:en)? weitergeleitet gelesen lesen bearbeitet abgerufen beantwort\p{L}* bearbeiten
  antwort\p{L}* melde melden schnellstmöglich schnell bald wie möglich so habe automatisch\p{L}* weder
  noch erst danach hilft helfen weiter sekretariat zentrale empfang haben kürze vielen dank danke
  verständnis entschuldig\p{L}+ guten tag hallo sehr geehrte\p{L}* liebe\p{L}* damen herren
  freundlich\p{L}* grüßen? gruß viele beste herzlich\p{L}* mfg lg vg wünschen? frohe schöne feiertage
  weihnachten während meiner zwischenzeit jahr
`);
const others = oneOfThese(String.raw`
  estoy estaré estamos estaremos está estará permanecerá me nos encuentro encontramos fuera de la las el
  los lo le les mi mis su sus tu oficina vacaciones baja viaje permiso médica ausentes? ausencia
  cerrad[oa]s? empresa nuestr\p{L}+ hasta desde del al a en con y o no por para que regres\p{L}+ vuelvo
  volveré volveremos vuelta incorpor\p{L}+ partir actualmente momento caso asuntos? temas? urgen\p{L}+
  emergencia\p{L}* puede pueden favor contactar contacte contacten póng\p{L}+ poner\p{L}* contacto
  diríja\p{L}+ dirij\p{L}+ dirigirse escrib\p{L}+ llam(?:ar|e|en) responder\p{L}* contestaré atenderé
  antes posible mayor brevedad correos? electrónico e-?mails? mensajes? mensaje respuesta automátic[oa]
  puedo podré leer gracias muchas hola buen[oa]s? días tardes estimad\p{L}+ querid\p{L}+ saludos?
  cordial atentamente un una compañer\p{L}+ número teléfono disculp\p{L}+ molestias comprensión este
  esta es he recibido hemos felices fiestas estou estarei encontro escritório férias ausente até
  regresso voltarei do da ao em resposta automática contatar urgência responderei obrigad\p{L}+ ik ben
  op vakantie afwezig kantoor bereikbaar niet aanwezig verlof tot met terug bij spoed kunt u neem
  contact opnemen dringende gevallen via naar mijn het automatisch bericht antwoord vriendelijke
  groet\p{L}* zo snel spoedig mogelijk
`);
const dates = oneOfThese(String.raw`
  luned[iì] marted[iì] mercoled[iì] gioved[iì] venerd[iì] sabato domenica gennaio febbraio marzo aprile
  maggio giugno luglio agosto settembre ottobre novembre dicembre monday tuesday wednesday thursday
  friday saturday sunday january february march april may june july august september october november
  december jan feb mar apr jun jul aug sep sept oct nov dec okt dez montag dienstag mittwoch donnerstag
  freitag samstag sonntag januar februar märz mai juni juli oktober dezember lundi mardi mercredi jeudi
  vendredi samedi dimanche janvier février mars avril juin juillet août septembre octobre décembre lunes
  martes miércoles jueves viernes sábado domingo enero febrero abril mayo junio julio septiembre octubre
  noviembre diciembre segunda terça quarta quinta sexta feira janeiro fevereiro março maio junho julho
  setembro outubro novembro dezembro maandag dinsdag woensdag donderdag vrijdag zaterdag zondag maart
  mei augustus th st nd rd h inclus uhr ore
`);

const word = new RegExp(`^(?:${[italian, english, french, german, others, dates].join('|')})$`, 'u');

/** Further words of receipts, and of the sentence that says a program wrote it. */
const receiptWord = new RegExp(
  `^(?:${oneOfThese(String.raw`
  it has been opened logged apert[oa] creat[oa] assegnat[oa] inoltrat[oa] acquisit[oa]
  (?:ri)?contatt(?:erà|eremo|eranno) gestione sistema assistenza supporto servizio averci contattat[oi]
  contacter contacting contactarnos registrat[oae] pres[oae] carico preso correttamente regolarmente
  segnalazion[ei] ticket pratica riferimento protocollo nr? num operatore operatori addett[oi] personale
  entro lavorativ[ei] ricontatt\p{L}+ risponderà riceverà riceverete sarete stat[oa] conferma casella
  replicare response confirm received receipt registered created request reference case member touch
  within two three one shortly do demande confirmer accusé réception sous été enregistrée? registrad[oa]
  ha sido confirmation bonne répondre équipe anfrage eingegangen erhalten erzeugt generiert erstellt
  versendet wurde darauf antworten solicitud consulta generado responda respondan equipo pronto email
`)})$`,
  'u',
);

/** `accesso limitato`, where `per l’accesso contattare Mario` asks for something. */
const access = new RegExp(
  [
    String.raw`(?:con |possibilità di )?accesso (?:\p{L}+ )?(?:limitato|saltuario|ridotto)|non (?:ho|avrò|avro') (?:regolare )?accesso (?:alla|alle|al)(?= (?:mia )?(?:posta|casella|mail|e-?mail))|possibilità (?:limitata )?di (?=leggere|rispondere)`,
    String.raw`(?:no|without|(?:very )?(?:limited|restricted|intermittent|irregular|little|sporadic)(?: or no)?) access(?= |[.,;]|$)`,
    String.raw`accès (?:très )?(?:limité|restreint|réduit)|pas accès (?=à (?:ma|mes) )`,
    String.raw`acceso (?:muy )?(?:limitado|restringido)|(?:eingeschränkt|begrenzt|sporadisch|unregelmäßig|kein)\p{L}* (?:zugriff|zugang)(?= auf|[.,;]|$)|(?:sporadisch|unregelmäßig|eingeschränkt) (?=erreichbar|meine)`,
  ].join('|'),
  'giu',
);

const writtenInGerman =
  /(?<![\p{L}])(?:ich|wir|sie|ihre?|der|die|das|dem|den|ist|und|im|für|mein\p{L}*)(?![\p{L}])/iu;
const beforeGermanName =
  /^(?:herrn?|frau|kolleg\p{L}+|vertretung|an|von|durch|ist|übernimmt|und|name|dr|bei|grüßen?|gruß)$/u;
/** Behind one of these stands a thing: `la VPN`, `per Outlook`. */
const beforeThing =
  /^(?:il|lo|l|i|gli|un|uno|una|per|the|our|my|for|les?|une|nos|pour|el|los|mis?|para|su|sul|sulla|nel|nella|del|della)$/u;

/**
 * @param written a sentence as written
 * @param isReceipt true if words of receipts count too
 * @returns true if it contains only words of notices, names behind one of them, dates, numbers and addresses
 */
export function isOfNoticeWords(written: string, isReceipt = false): boolean {
  const isGerman = writtenInGerman.test(written);
  const tokens = written
    .normalize('NFC')
    .replaceAll('’', "'")
    .replace(access, ' ')
    .replace(/\S+@\S+|https?:\/\/\S+|www\.\S+/gu, ' ')
    .split(/[^\p{L}\p{N}-]+|(?<=\p{L})-(?=\p{Lu})|(?<!\p{L})-|-(?!\p{L})/u)
    .filter((token) => token !== '');
  let isAfterName = false;
  return tokens.every((token, index) => {
    const lower = token.toLowerCase();
    const before = (tokens[index - 1] ?? '').toLowerCase();
    const isNumber = /^\d[\d-]*(?:°|º|er|th|st|nd|rd|h|\.)?$/u.test(token);
    const isWord = isNumber || word.test(lower) || (isReceipt && receiptWord.test(lower));
    const isName =
      !isWord &&
      /^\p{Lu}/u.test(token) &&
      index > 0 &&
      (isAfterName || (isGerman ? beforeGermanName.test(before) : !beforeThing.test(before)));
    isAfterName = isName;
    return isWord || isName;
  });
}
