/**
 * Phrases of absence notices by kind. Each list goes through the languages in the same order: Italian, English, French, German,
 * Spanish, Portuguese, Dutch. They match text in lower case with straight apostrophes.
 */

function saying(...phrases: string[]): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${phrases.join('|')})(?![\\p{L}\\p{N}])`, 'u');
}

/** Somebody is away. */
export const absence = saying(
  "(?:sono|sarò|saro'|risulto|risulterò|siamo|saremo|è|e') " +
    '(?:attualmente |al momento |momentaneamente |temporaneamente )?' +
    '(?:fuori (?:sede|ufficio)|assent[ei]|in ferie|' +
    'in (?:congedo|malattia|maternità|vacanza|trasferta)|chius[oi])',
  '(?:sono|sarò) in viaggio|non lavoro più',
  "quest[oa] (?:indirizzo|casella|account)(?: di posta| e-?mail)? non (?:è|e') (?:più )?" +
    '(?:attiv|presidiat|monitorat)[oa]',
  "non (?:sono|sarò|saro'|siamo|saremo) (?:attualmente |al momento |momentaneamente )?in (?:ufficio|sede)",
  'fuori (?:sede|ufficio) (?:dal|fino|sino)',
  "l'ufficio (?:è|e'|sarà|rimarrà|resterà|resta) chiuso",
  '(?:gli )?uffici (?:sono|saranno|rimarranno|resteranno) chiusi',
  "assente dal(?:l'ufficio)?|chiusura (?:estiva|natalizia)",
  "(?:i am|i'm|i will be|i'll be|we are|we will be) (?:currently |presently )?" +
    '(?:ooo|out (?:of (?:the )?)?office|away|off|travell?ing|(?:not|no longer) in the office|' +
    String.raw`(?:on|taking) (?:\p{L}+ )?(?:vacation|holidays?|leave))`,
  'out of (?:the )?office',
  '(?:our|the) offices? (?:is|are|will be|remains?|will remain) closed',
  "(?:i am|i'm|i will be) attending|no longer work(?:ing)?",
  'this (?:mailbox|address|account) is (?:not|no longer) (?:monitored|active)',
  String.raw`currently on (?:\p{L}+ )?(?:vacation|holidays?|leave)`,
  '(?:je (?:suis|serai)|nous (?:sommes|serons)) ' +
    '(?:actuellement |en ce moment |momentanément |temporairement )?' +
    String.raw`(?:absente?s?|en (?:congés?|vacances|déplacement|arrêt|rtt)(?: \p{L}+)?|` +
    'hors (?:du |de mon )?bureau|fermés?)',
  'ne (?:suis|serai|sommes|serons) pas (?:au bureau|joignables?|disponibles?)',
  'actuellement (?:absente?|en (?:congés?|vacances))',
  String.raw`absente? (?:du (?:bureau|\d)|jusqu'(?:au|à|en))`,
  '(?:notre|nos|le|les) (?:société|entreprise|bureaux?|locaux) (?:est|sont|sera|seront) fermée?s?',
  String.raw`(?:bin ich|befinde ich mich|ich (?:bin|befinde mich|werde))(?![\p{L}]).{0,60}?` +
    String.raw`(?:i[mn] (?:\p{L}+ )?(?:urlaub|elternzeit|mutterschutz)|abwesend|` +
    '(?:nicht|außer|ausser) (?:im (?:büro|haus|hause)|haus|erreichbar|am platz|anwesend)|' +
    'auf (?:dienst|geschäfts)reise|krank(?:geschrieben)?|erkrankt|unterwegs)',
  '(?:wir sind|sind wir|(?:unser|das) (?:büro|betrieb|unternehmen) (?:ist|bleibt)).{0,60}?' +
    '(?:geschlossen|im (?:betriebs)?urlaub)',
  'betriebs(?:urlaub|ferien)',
  '(?:derzeit|zurzeit|momentan) (?:abwesend|im urlaub|nicht im (?:büro|haus))',
  String.raw`(?:estoy|estaré|estamos|estaremos|me encuentro|me encontraré|nos encontramos)(?![\p{L}]).{0,40}?` +
    '(?:fuera de (?:la |mi )?oficina|de (?:vacaciones|baja|viaje|permiso)|ausentes?|cerrad[oa]s)',
  '(?:la|nuestra) (?:oficina|empresa) (?:está|estará|permanecerá) cerrada',
  '(?:estou|estarei|encontro-me).{0,30}?(?:fora do escritório|de férias|ausente|em férias)',
  'ik ben.{0,60}?(?:afwezig|op vakantie|niet (?:aanwezig|op kantoor|bereikbaar)|met verlof)',
);

const days = String.raw`(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)`;
/** The end of an absence. */
export const until = saying(
  String.raw`fino (?:al|all|a)|sino (?:al|all|a)|dal \S+ al|dal(?: |l')\d{1,2}`,
  "rientr(?:o|erò|ero'|iamo|eremo)|(?:torn|ritorn)(?:o|erò|ero'|eremo)",
  'di (?:ritorno|nuovo in ufficio)',
  '(?:a partire )?da(?:l| luned)[^.]{0,30} (?:di )?nuovo',
  'riapr(?:iamo|iremo|irà)',
  "until|will be back|i(?:'ll| will) (?:be )?(?:return|back)|returning|be back",
  'back (?:on|in the office)|return (?:to the office )?on',
  String.raw`from \S+(?: \S+)? (?:to|through) \S+`,
  "jusqu'(?:au|à|en)|de retour",
  '(?:reviens|reviendrai|rentrerai|reprendrai|reviendrons|rentrerons)',
  String.raw`à (?:compter|partir) du|du \S+(?: \S+)? au|à mon retour`,
  String.raw`bis (?:zum|einschließlich|voraussichtlich|mitte|ende|anfang|${days}|\d{1,2}\S*)`,
  `ab (?:dem |${days}).{0,30}wieder`,
  'wieder (?:da|im (?:büro|haus|einsatz)|erreichbar|zurück|anwesend|für sie|zur verfügung)',
  String.raw`(?:kehre|komme) .{0,40}zurück|(?:bin|sind) .{0,40}zurück|vom \S+(?: \S+)? bis`,
  'rückkehr',
  'hasta|regres(?:o|aré|amos|aremos)|vuelvo|volver(?:é|emos)',
  String.raw`(?:me )?(?:re)?incorpor(?:o|aré)|de (?:vuelta|regreso)|del? \S+(?: \S+){0,2} al`,
  'a partir del',
  String.raw`até|regresso|voltarei|tot (?:en met|\S+dag|\d)|terug`,
);

/** A substitute to contact, named by a verb of contacting. */
export const contact = saying(
  "(?:potete|può|puo'|si può|si prega di|prego|pregasi|vi prego di|la prego di) " +
    String.raw`(?:contattare|rivolger\p{L}+|scrivere|chiamare|inviare)`,
  'contattare|contattate|contatti|rivolgersi|rivolgetevi|for urgent|in urgent',
  String.raw`if (?:it is |your \p{L}+ is )?urgent|(?:please |kindly )?contact|reach out to`,
  String.raw`direct (?:(?:any|all|your|urgent) )*\p{L}+ to`,
  String.raw`contacter|contactez|joindre|adresse[rz](?:-vous)?|vous adresser|écrire à|écrivez à`,
  'wenden sie sich|an .{1,60}wenden|kontaktieren|(?:erreichen|schreiben) sie',
  'vertritt mich|(?:meine?|als) vertretung|vertreten (?:mich|durch|von)',
  'steh(?:t|en) .{0,40}zur verfügung',
  'contactar|contacte|contacten|póngase en contacto|pónganse en contacto',
  'ponerse en contacto|diríjase|dirijanse|diríjanse|dirigirse|escribir a|contatar',
  'neem contact op|contact opnemen',
);
/** A substitute for urgent matters, in words that may also ask for something else. */
export const urgency = saying(
  'per (?:qualsiasi |ogni |eventuali |questioni |comunicazioni |necessità |richieste |le )*' +
    String.raw`(?:urgen\p{L}+|necessità|emergenz\p{L}+)`,
  String.raw`in (?:mia|caso di) (?:assenza|urgenz\p{L}+|necessità|emergenza)`,
  '(?:mi|ci) sostituisce',
  "se (?:(?:il messaggio|la richiesta) )?(?:(?:è|e') )?urgente",
  String.raw`(?:pour|en cas d'|en cas de) ?(?:toute |une |les |demande |question )*(?:urgen\p{L}+|besoin|nécessité)`,
  '(?:en|pendant|durant) mon absence|me remplace',
  String.raw`(?:in|bei|für) (?:\p{L}+ )?(?:dringende\p{L}*|eilige\p{L}*)(?: \p{L}+)?`,
  'im notfall|(?:in|während) meiner abwesenheit|in der zwischenzeit',
  String.raw`(?:para|en caso de) (?:\p{L}+ ){0,2}(?:urgen\p{L}+|emergencia\p{L}*)`,
  '(?:en|durante) mi ausencia|em caso de urgência|bij spoed|in dringende gevallen',
  '(?:in|during) my absence|in the meantime|for (?:emergencies|urgent matters)',
  String.raw`if you (?:need|require) (?:immediate|urgent|further) \p{L}+`,
  String.raw`my colleagues?|(?:mon|ma|mes) collègues?|(?:mein|meine|meinen|meiner) kolleg\p{L}+`,
  String.raw`(?:mi|mis) compañer\p{L}+|(?:mio|mia|miei|nostr\p{L}+) collegh?[aeio]`,
);
/** Verbs of contacting. */
export const contactVerb = saying(
  '(?:chiam|telefon|scriv|rivolg|contatt|inoltr|invi)(?:are|ere|ate|ete|ersi|etevi|i|a)',
  'call|phone|write|e-?mail|appele[rz]|téléphone[rz]|écri(?:re|vez)|anrufen|rufen sie',
  'schreiben|wählen|llam(?:ar|e|en)|escrib(?:ir|a|an)|bel|mail',
);

/** Fate of the mail: answered later, read rarely, not forwarded. */
export const answerLater = saying(
  "(?:(?:vi|le|ti) )?risponder(?:ò|o'|emo)|(?:leggerò|leggero'|leggeremo)",
  String.raw`legger(?:e|ò) (?:la|le|i)|accesso (?:\p{L}+ )?(?:limitato|saltuario)`,
  'non (?:ho|avrò|potrò) (?:accesso|leggere|rispondere|consultare)',
  'al mio (?:rientro|ritorno)',
  '(?:richieste|mail|e-?mail) (?:saranno|verranno) (?:evase|gestite|lette|lavorate)',
  'risposta automatica|messaggio automatico|appena possibile',
  'automatic(?:ally)? (?:reply|generated)|limited access',
  'not (?:be )?(?:reading|checking|able to (?:read|reply|respond|answer))',
  '(?:no|without) access to (?:my )?e-?mails?',
  "i(?: will|'ll) (?:reply|respond|answer|get back|check)",
  '(?:respond|reply) to your|as soon as possible|upon my return',
  'when i (?:return|get back|am back)',
  '(?:check|checking) (?:my )?e-?mails? (?:only )?(?:occasionally|sporadically|from time to time|rarely)',
  '(?:répondrai|répondrons|traiterai|prendrai connaissance|lirai|consulterai)',
  'accès (?:limité|restreint|réduit)',
  'pas accès à (?:ma messagerie|mes (?:e-?)?mails)',
  '(?:réponse|message) automatique|dès (?:que possible|mon retour)',
  '(?:meilleurs|plus brefs) délais',
  "(?:ne (?:sera|seront)|n'est|ne sont) pas (?:lus?|transférés?|traités?|consultés?|relevés?)",
  'nach meiner (?:rückkehr|abwesenheit)',
  '(?:werde|werden|kann) .{0,80}(?:beantworten|bearbeiten|antworten|melden|nicht lesen)',
  String.raw`(?:wird|werden) (?:\p{L}+ )?(?:nicht|automatisch|weder) (?:\p{L}+ ){0,3}` +
    '(?:weitergeleitet|gelesen|bearbeitet|abgerufen)',
  String.raw`(?:eingeschränkt\p{L}*|keinen|begrenzt\p{L}*|sporadisch\p{L}*|unregelmäßig\p{L}*) ` +
    '(?:zugriff|zugang|meine (?:e-?)?mails|erreichbar)',
  String.raw`automatische (?:antwort|nachricht|e-?mail|abwesenheits\p{L}+)`,
  'schnellstmöglich|so (?:schnell|bald) wie möglich|melde mich',
  'no (?:puedo|podré) (?:leer|responder)|responderé|contestaré|responderemos|atenderé',
  'a mi (?:regreso|vuelta)|acceso (?:limitado|restringido)',
  '(?:respuesta|mensaje) automátic[oa]|lo antes posible|la mayor brevedad',
  'resposta automática|responderei|automatisch (?:antwoord|bericht)',
  'zo (?:snel|spoedig) mogelijk',
);

/** Salutations, closings, thanks and good wishes, at the start of a sentence. */
export const courtesy = new RegExp(
  String.raw`^(?:${[
    String.raw`buon\p{L}*|gentil\p{L}*|salve|ciao|egregi\p{L}*|spett\p{L}*|cordial\p{L}*|distinti`,
    'saluti|grazie|un saluto|in fede|hello|hi|dear|thank|thanks|best|kind|regards',
    'sincerely|bonjour|bonsoir|ch(?:er|ère)s?|madame|monsieur|mesdames|messieurs',
    'bien (?:cordialement|à vous)|sincères|meilleures|merci|salutations|hallo|guten',
    String.raw`sehr geehrte\p{L}*|liebe\p{L}*|mit (?:freundlich|best|herzlich)\p{L}*`,
    String.raw`freundlich\p{L}*|viele|beste|herzlich\p{L}*|vielen dank|danke|mfg|lg|vg|hola`,
    String.raw`buen[oa]s?|estimad\p{L}+|querid\p{L}+|gracias|muchas gracias`,
    String.raw`un (?:cordial )?saludo|saludos|atentamente|olá|prezad\p{L}+|obrigad\p{L}+`,
    String.raw`atenciosamente|met vriendelijke|geachte|dank|wir wünschen|frohe\p{L}*|schöne\p{L}*`,
    'joyeuses|bonnes?|felices|feliz|auguri|a presto|bis bald|à bientôt|see you|happy',
    'merry|have a',
  ].join('|')})(?![\p{L}\p{N}])`,
  'u',
);
/** Apologies, anywhere in a sentence. */
export const regret = saying(
  String.raw`scus\p{L}+|disagio|comprensione|i apologi[sz]e|apologies|inconvenience`,
  "your understanding|patience|veuillez m'excuser|désagrément|compréhension",
  String.raw`entschuldig\p{L}+|verständnis|disculp\p{L}+|molestias|comprensión|compreensão`,
  'begrip',
);

/** Receipt confirmed, with an answer promised. */
export const acknowledgement = saying(
  'grazie per (?:averci|avermi|aver|il (?:suo|tuo|vostro)|la (?:sua|tua|vostra))',
  'abbiamo (?:ricevuto|preso in carico)|ho ricevuto (?:il|la)',
  '(?:la|vi|ti) (?:ricontatt|rispond|contatt)er(?:ò|emo)',
  '(?:la|vi) ringrazi(?:o|amo) per',
  'rispond(?:o|iamo) (?:appena|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domani|entro)',
  'questa (?:è una|casella)|thank you for (?:your|contacting)|we have received',
  'we will (?:get back|reply|respond)',
  'merci (?:pour|de) votre (?:message|e-?mail|courriel|mail)',
  "(?:j'ai|nous avons) bien reçu",
  '(?:vielen )?dank für ihre (?:nachricht|e-?mail|mail|anfrage)',
  '(?:ich habe|wir haben) ihre (?:nachricht|e-?mail|mail) (?:erhalten|bekommen)',
  'gracias por su (?:mensaje|correo|e-?mail)|hemos recibido',
);

const requestWords = [
  'vorre(?:i|mmo)',
  '(?<!se (?:vi |le |ti )?)serv(?:e|ono|irebbe|irebbero)',
  'occorr(?:e|ono|erebbe)|bisogna',
  '(?:ho|abbiamo|avrei|avremmo) (?:bisogno|necessità)',
  'necessit(?:o|iamo)|potreste|riuscite|riusciamo|dovreste',
  'per (?:favore|cortesia|piacere)|cortesemente|gentilmente|chied(?:o|iamo)',
  'richied(?:o|iamo)|come (?:si|faccio|posso|possiamo)',
  String.raw`non (?:riesc\p{L}+|funziona\p{L}*)`,
  '(?:mi|ci) (?:aiut|attiv|abilit|install|configur|impost|cre|cambi|sistem|prepar|serv|dat|sblocc|' +
    String.raw`controll)\p{L}*`,
  'could you|can you|(?:i|we) need|would like|how (?:do|can|to)',
  'please (?!contact|note|call|write|e-?mail|reach|be (?:advised|aware))',
  '(?:pouvez|pourriez|pourrions|pouvons|peux|pourrais)[- ](?!(?:contacter|joindre|vous adresser))' +
    '(?:vous|nous|tu|je)(?! (?:contacter|joindre|adresser|écrire|appeler))',
  "(?:j'ai|nous avons|aurais|aurions) besoin",
  String.raw`(?:je|nous) (?:voudrai[st]|souhaite\p{L}*|voudrions|demand\p{L}+)`,
  'il (?:faut|faudrait)',
  "merci (?:de|d')(?! ?(?:votre|contacter|vous adresser|bien vouloir contacter|joindre|appeler|" +
    'noter|votre compréhension))',
  "s'il vous plaît|svp|comment (?:faire|puis)",
  '(?:können|könnten|würden|kannst|könntest) (?:sie|du|ihr)' +
    '(?! (?:sich|mich|uns|gerne?|in|auch|jederzeit|bei))',
  String.raw`(?:brauch\p{L}*|benötig\p{L}*) (?:ich|wir)`,
  String.raw`(?:ich|wir) (?:brauch\p{L}*|benötig\p{L}*|möchten?|hätten?)`,
  'bitte (?!wenden|kontaktier|rufen sie (?!mich)|schreiben|beachten|an |in |sich|um (?:verständnis|ihr))',
  'wie (?:kann|mache|geht)|(?:necesit|precis)(?:o|amos)',
  '(?:podría|podrían|pueden|puede|podéis) ' +
    String.raw`(?!contactar|escribir|llamar|dirigirse|ponerse)\p{L}+r(?:me|nos|lo|la)?`,
  'quisi(?:era|éramos)|me gustaría|hace falta',
  'por favor(?!,? (?:contact|póng|dirí|escrib|llam))',
  String.raw`(?:vengan?|pasen|env[ií]en?|manden?|arreglen?|cambien?|revisen?|llámen?me)(?:me|nos|lo|la)?(?!\p{L})`,
  'cómo (?:puedo|se)|poderiam|preciso|kunnen jullie|kunt u (?!contact|terecht)',
].join('|');
/** A request: a question mark, a question word, an imperative, or words that ask. */
export const request = new RegExp(
  [
    String.raw`\?`,
    '(?:^|[,;:] )(?:chi|wer|wann|quién|cuándo|cómo|comment|who|quand) (?!i )',
    String.raw`(?:[,;] |(?<!\p{L})(?:and|so|then) )(?:please )?` +
      String.raw`(?:come|call me|send|fix|bring|visit|install|change|replace|repair)(?!\p{L})`,
    String.raw`(?<![\p{L}\p{N}])(?:${requestWords})`,
  ].join('|'),
  'u',
);

/** French and German imperatives, except those that refer the reader to somebody else. */
export const imperative = new RegExp(
  String.raw`(?:^|[,;:] |(?<!\p{L})(?:et|mais|und|aber|dann|puis|absence|zwischenzeit) )(?:${[
    String.raw`(?!(?:contact|adress|écriv|veuill|appel|téléphon|joign|assez|chez|recev|trouv|pouv)\p{L}*|vous |` +
      String.raw`nous )\p{L}{2,20}ez(?:-\p{L}+)?(?! vous)(?!\p{L})`,
    '(?!(?:wenden|kontaktieren|schreiben|beachten|erreichen|erhalten|finden|können|haben|rufen) ' +
      String.raw`)\p{L}{3,20}en sie (?!sich)`,
  ].join('|')})`,
  'u',
);

/** An order, at the start of a sentence: `Attivare la risposta automatica`. */
export const order = new RegExp(
  String.raw`^(?:(?:in mia assenza|nel frattempo|intanto),? )?(?:si (?:prega|chiede) di |da |(?:mi|ci) )?(?:${[
    'attiv|abilit|impost|cambi|configur|registr|aggiorn|install|sistem|modific|prepar',
    'togli|toglier|ripar|sostitui|mand|port|pass|ven|tele?fona(?=temi)|chiama(?=temi)',
    'disattiv|rimuov|metter|crea|aggiung|control|verific|predispo|ripristin',
  ].join('|')})\p{L}*(?:ar|er|ir|are|ere|ire|ate|ete|ite)(?:[lmcnt][aeio]|gli\p{L}{0,3}){0,2}(?!\p{L})`,
  'u',
);

/** A fault: something fails, is broken or stuck. */
export const trouble = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:${[
    String.raw`non (?:funziona\p{L}*|riesc\p{L}+|stampa\p{L}*|parte|va|si (?:apre|accende|collega|avvia))`,
    String.raw`error\p{L}*|guast\p{L}+`,
    '(?<!(?:per|di|of|for|any|bei|de|para|von|eventuali|urgenti|urgent|dringenden) )' +
      String.raw`(?:problem\p{L}*|problèmes?)`,
    String.raw`bloccat\p{L}+|ferm[oaie] da`,
    "(?:doesn't|does not|don't|won't|isn't|not|can't|cannot) " +
      String.raw`(?:work\p{L}*|print\p{L}*|start\p{L}*|connect|open|turn|log)`,
    String.raw`broken|stuck|crash\p{L}*`,
    String.raw`(?:funktionier\p{L}*|druck\p{L}*|geht|läuft|startet|öffnet|verbindet|bootet)(?: \p{L}+){0,2} ` +
      '(?:nicht|kaum)',
    String.raw`kaputt|defekt\p{L}*|störung\p{L}*|fehler\p{L}*`,
    String.raw`(?:ne |n')\p{L}+ (?:pas|plus|rien)` +
      '(?<!(?:suis|serai|sommes|serons|sera|seront|ai|aurai|est|sont|pourrai) (?:pas|plus|rien))',
    'en panne|bloquée?s?|cassée?s?|hors service|erreurs?',
    String.raw`no (?:funciona\p{L}*|imprime\p{L}*|arranca\p{L}*|enciende\p{L}*|va|conecta|abre)`,
    'averiad[oa]s?|avería|rot[oa]|bloquead[oa]s?|não funciona|werkt niet',
  ].join('|')})(?![\p{L}\p{N}])`,
  'u',
);
