/**
 * What absence notices say, kind by kind, in Italian, English, French, German, Spanish, Portuguese and Dutch; for texts in
 * lower case with straight apostrophes.
 */

function saying(...phrases: string[]): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${phrases.join('|')})(?![\\p{L}\\p{N}])`, 'u');
}

/** That someone is away. */
export const absence = saying(
  String.raw`(?:sono|sarò|saro'|risulto|risulterò|siamo|saremo|è|e') (?:attualmente |al momento |momentaneamente |temporaneamente )?(?:fuori (?:sede|ufficio)|assent[ei]|in ferie|in (?:congedo|malattia|maternità|vacanza|trasferta)|chius[oi])`,
  `(?:sono|sarò) in viaggio|non lavoro più|quest[oa] (?:indirizzo|casella|account)(?: di posta| e-?mail)? non (?:è|e') (?:più )?(?:attiv|presidiat|monitorat)[oa]|non (?:sono|sarò|saro'|siamo|saremo) (?:attualmente |al momento |momentaneamente )?in (?:ufficio|sede)|fuori (?:sede|ufficio) (?:dal|fino|sino)|l'ufficio (?:è|e'|sarà|rimarrà|resterà|resta) chiuso|(?:gli )?uffici (?:sono|saranno|rimarranno|resteranno) chiusi|assente dal(?:l'ufficio)?|chiusura (?:estiva|natalizia)`,
  `(?:i am|i'm|i will be|i'll be|we are|we will be) (?:currently |presently )?(?:ooo|out (?:of (?:the )?)?office|away|off|travell?ing|(?:not|no longer) in the office|(?:on|taking) (?:\\p{L}+ )?(?:vacation|holidays?|leave))|out of (?:the )?office|(?:our|the) offices? (?:is|are|will be|remains?|will remain) closed|(?:i am|i'm|i will be) attending|no longer work(?:ing)?|this (?:mailbox|address|account) is (?:not|no longer) (?:monitored|active)|currently on (?:\\p{L}+ )?(?:vacation|holidays?|leave)`,
  `(?:je (?:suis|serai)|nous (?:sommes|serons)) (?:actuellement |en ce moment |momentanément |temporairement )?(?:absente?s?|en (?:congés?|vacances|déplacement|arrêt|rtt)(?: \\p{L}+)?|hors (?:du |de mon )?bureau|fermés?)|ne (?:suis|serai|sommes|serons) pas (?:au bureau|joignables?|disponibles?)|actuellement (?:absente?|en (?:congés?|vacances))|absente? (?:du (?:bureau|\\d)|jusqu'(?:au|à|en))|(?:notre|nos|le|les) (?:société|entreprise|bureaux?|locaux) (?:est|sont|sera|seront) fermée?s?`,
  `(?:bin ich|befinde ich mich|ich (?:bin|befinde mich|werde))(?![\\p{L}]).{0,60}?(?:i[mn] (?:\\p{L}+ )?(?:urlaub|elternzeit|mutterschutz)|abwesend|(?:nicht|außer|ausser) (?:im (?:büro|haus|hause)|haus|erreichbar|am platz|anwesend)|auf (?:dienst|geschäfts)reise|krank(?:geschrieben)?|erkrankt|unterwegs)|(?:wir sind|sind wir|(?:unser|das) (?:büro|betrieb|unternehmen) (?:ist|bleibt)).{0,60}?(?:geschlossen|im (?:betriebs)?urlaub)|betriebs(?:urlaub|ferien)|(?:derzeit|zurzeit|momentan) (?:abwesend|im urlaub|nicht im (?:büro|haus))`,
  `(?:estoy|estaré|estamos|estaremos|me encuentro|me encontraré|nos encontramos)(?![\\p{L}]).{0,40}?(?:fuera de (?:la |mi )?oficina|de (?:vacaciones|baja|viaje|permiso)|ausentes?|cerrad[oa]s)|(?:la|nuestra) (?:oficina|empresa) (?:está|estará|permanecerá) cerrada`,
  `(?:estou|estarei|encontro-me).{0,30}?(?:fora do escritório|de férias|ausente|em férias)|ik ben.{0,60}?(?:afwezig|op vakantie|niet (?:aanwezig|op kantoor|bereikbaar)|met verlof)`,
);

const days = String.raw`(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)`;
/** Until when. */
export const until = saying(
  String.raw`fino (?:al|all|a)|sino (?:al|all|a)|dal \S+ al|dal(?: |l')\d{1,2}|rientr(?:o|erò|ero'|iamo|eremo)|(?:torn|ritorn)(?:o|erò|ero'|eremo)|di (?:ritorno|nuovo in ufficio)|(?:a partire )?da(?:l| luned)[^.]{0,30} (?:di )?nuovo|riapr(?:iamo|iremo|irà)`,
  String.raw`until|will be back|i(?:'ll| will) (?:be )?(?:return|back)|returning|be back|back (?:on|in the office)|return (?:to the office )?on|from \S+(?: \S+)? (?:to|through) \S+`,
  String.raw`jusqu'(?:au|à|en)|de retour|(?:reviens|reviendrai|rentrerai|reprendrai|reviendrons|rentrerons)|à (?:compter|partir) du|du \S+(?: \S+)? au|à mon retour`,
  `bis (?:zum|einschließlich|voraussichtlich|mitte|ende|anfang|${days}|\\d{1,2}\\S*)|ab (?:dem |${days}).{0,30}wieder|wieder (?:da|im (?:büro|haus|einsatz)|erreichbar|zurück|anwesend|für sie|zur verfügung)|(?:kehre|komme) .{0,40}zurück|(?:bin|sind) .{0,40}zurück|vom \\S+(?: \\S+)? bis|rückkehr`,
  String.raw`hasta|regres(?:o|aré|amos|aremos)|vuelvo|volver(?:é|emos)|(?:me )?(?:re)?incorpor(?:o|aré)|de (?:vuelta|regreso)|del? \S+(?: \S+){0,2} al|a partir del`,
  String.raw`até|regresso|voltarei|tot (?:en met|\S+dag|\d)|terug`,
);

/** Whom to turn to meanwhile; a verb says so. */
export const contact = saying(
  String.raw`(?:potete|può|puo'|si può|si prega di|prego|pregasi|vi prego di|la prego di) (?:contattare|rivolger\p{L}+|scrivere|chiamare|inviare)|contattare|contattate|contatti|rivolgersi|rivolgetevi|for urgent|in urgent|if (?:it is |your \p{L}+ is )?urgent|(?:please |kindly )?contact|reach out to|direct (?:(?:any|all|your|urgent) )*\p{L}+ to`,
  String.raw`contacter|contactez|joindre|adresse[rz](?:-vous)?|vous adresser|écrire à|écrivez à`,
  String.raw`wenden sie sich|an .{1,60}wenden|kontaktieren|(?:erreichen|schreiben) sie|vertritt mich|(?:meine?|als) vertretung|vertreten (?:mich|durch|von)|steh(?:t|en) .{0,40}zur verfügung`,
  String.raw`contactar|contacte|contacten|póngase en contacto|pónganse en contacto|ponerse en contacto|diríjase|dirijanse|diríjanse|dirigirse|escribir a|contatar|neem contact op|contact opnemen`,
);
/** The same, where something else may be asked in these words. */
export const urgency = saying(
  String.raw`per (?:qualsiasi |ogni |eventuali |questioni |comunicazioni |necessità |richieste |le )*(?:urgen\p{L}+|necessità|emergenz\p{L}+)|in (?:mia|caso di) (?:assenza|urgenz\p{L}+|necessità|emergenza)|(?:mi|ci) sostituisce|se (?:(?:il messaggio|la richiesta) )?(?:(?:è|e') )?urgente`,
  String.raw`(?:pour|en cas d'|en cas de) ?(?:toute |une |les |demande |question )*(?:urgen\p{L}+|besoin|nécessité)|(?:en|pendant|durant) mon absence|me remplace`,
  String.raw`(?:in|bei|für) (?:\p{L}+ )?(?:dringende\p{L}*|eilige\p{L}*)(?: \p{L}+)?|im notfall|(?:in|während) meiner abwesenheit|in der zwischenzeit`,
  String.raw`(?:para|en caso de) (?:\p{L}+ ){0,2}(?:urgen\p{L}+|emergencia\p{L}*)|(?:en|durante) mi ausencia|em caso de urgência|bij spoed|in dringende gevallen`,
  String.raw`(?:in|during) my absence|in the meantime|for (?:emergencies|urgent matters)|if you (?:need|require) (?:immediate|urgent|further) \p{L}+|my colleagues?|(?:mon|ma|mes) collègues?|(?:mein|meine|meinen|meiner) kolleg\p{L}+|(?:mi|mis) compañer\p{L}+|(?:mio|mia|miei|nostr\p{L}+) collegh?[aeio]`,
);
/** What is done then. */
export const contactVerb = saying(
  String.raw`(?:chiam|telefon|scriv|rivolg|contatt|inoltr|invi)(?:are|ere|ate|ete|ersi|etevi|i|a)|call|phone|write|e-?mail|appele[rz]|téléphone[rz]|écri(?:re|vez)|anrufen|rufen sie|schreiben|wählen|llam(?:ar|e|en)|escrib(?:ir|a|an)|bel|mail`,
);

/** What becomes of the mail. */
export const answerLater = saying(
  String.raw`(?:(?:vi|le|ti) )?risponder(?:ò|o'|emo)|(?:leggerò|leggero'|leggeremo)|legger(?:e|ò) (?:la|le|i)|accesso (?:\p{L}+ )?(?:limitato|saltuario)|non (?:ho|avrò|potrò) (?:accesso|leggere|rispondere|consultare)|al mio (?:rientro|ritorno)|(?:richieste|mail|e-?mail) (?:saranno|verranno) (?:evase|gestite|lette|lavorate)|risposta automatica|messaggio automatico|appena possibile`,
  String.raw`automatic(?:ally)? (?:reply|generated)|limited access|not (?:be )?(?:reading|checking|able to (?:read|reply|respond|answer))|(?:no|without) access to (?:my )?e-?mails?|i(?: will|'ll) (?:reply|respond|answer|get back|check)|(?:respond|reply) to your|as soon as possible|upon my return|when i (?:return|get back|am back)|(?:check|checking) (?:my )?e-?mails? (?:only )?(?:occasionally|sporadically|from time to time|rarely)`,
  String.raw`(?:répondrai|répondrons|traiterai|prendrai connaissance|lirai|consulterai)|accès (?:limité|restreint|réduit)|pas accès à (?:ma messagerie|mes (?:e-?)?mails)|(?:réponse|message) automatique|dès (?:que possible|mon retour)|(?:meilleurs|plus brefs) délais|(?:ne (?:sera|seront)|n'est|ne sont) pas (?:lus?|transférés?|traités?|consultés?|relevés?)`,
  String.raw`nach meiner (?:rückkehr|abwesenheit)|(?:werde|werden|kann) .{0,80}(?:beantworten|bearbeiten|antworten|melden|nicht lesen)|(?:wird|werden) (?:\p{L}+ )?(?:nicht|automatisch|weder) (?:\p{L}+ ){0,3}(?:weitergeleitet|gelesen|bearbeitet|abgerufen)|(?:eingeschränkt\p{L}*|keinen|begrenzt\p{L}*|sporadisch\p{L}*|unregelmäßig\p{L}*) (?:zugriff|zugang|meine (?:e-?)?mails|erreichbar)|automatische (?:antwort|nachricht|e-?mail|abwesenheits\p{L}+)|schnellstmöglich|so (?:schnell|bald) wie möglich|melde mich`,
  String.raw`no (?:puedo|podré) (?:leer|responder)|responderé|contestaré|responderemos|atenderé|a mi (?:regreso|vuelta)|acceso (?:limitado|restringido)|(?:respuesta|mensaje) automátic[oa]|lo antes posible|la mayor brevedad|resposta automática|responderei|automatisch (?:antwoord|bericht)|zo (?:snel|spoedig) mogelijk`,
);

export const courtesy =
  /^(?:buon\p{L}*|gentil\p{L}*|salve|ciao|egregi\p{L}*|spett\p{L}*|cordial\p{L}*|distinti|saluti|grazie|un saluto|in fede|hello|hi|dear|thank|thanks|best|kind|regards|sincerely|bonjour|bonsoir|ch(?:er|ère)s?|madame|monsieur|mesdames|messieurs|bien (?:cordialement|à vous)|sincères|meilleures|merci|salutations|hallo|guten|sehr geehrte\p{L}*|liebe\p{L}*|mit (?:freundlich|best|herzlich)\p{L}*|freundlich\p{L}*|viele|beste|herzlich\p{L}*|vielen dank|danke|mfg|lg|vg|hola|buen[oa]s?|estimad\p{L}+|querid\p{L}+|gracias|muchas gracias|un (?:cordial )?saludo|saludos|atentamente|olá|prezad\p{L}+|obrigad\p{L}+|atenciosamente|met vriendelijke|geachte|dank|wir wünschen|frohe\p{L}*|schöne\p{L}*|joyeuses|bonnes?|felices|feliz|auguri|a presto|bis bald|à bientôt|see you|happy|merry|have a)(?![\p{L}\p{N}])/u;
/** Wherever it stands. */
export const regret = saying(
  String.raw`scus\p{L}+|disagio|comprensione|i apologi[sz]e|apologies|inconvenience|your understanding|patience|veuillez m'excuser|désagrément|compréhension|entschuldig\p{L}+|verständnis|disculp\p{L}+|molestias|comprensión|compreensão|begrip`,
);

/** That a machine has taken note, and somebody will answer. */
export const acknowledgement = saying(
  String.raw`grazie per (?:averci|avermi|aver|il (?:suo|tuo|vostro)|la (?:sua|tua|vostra))|abbiamo (?:ricevuto|preso in carico)|ho ricevuto (?:il|la)|(?:la|vi|ti) (?:ricontatt|rispond|contatt)er(?:ò|emo)|(?:la|vi) ringrazi(?:o|amo) per|rispond(?:o|iamo) (?:appena|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domani|entro)|questa (?:è una|casella)|thank you for (?:your|contacting)|we have received|we will (?:get back|reply|respond)`,
  String.raw`merci (?:pour|de) votre (?:message|e-?mail|courriel|mail)|(?:j'ai|nous avons) bien reçu|(?:vielen )?dank für ihre (?:nachricht|e-?mail|mail|anfrage)|(?:ich habe|wir haben) ihre (?:nachricht|e-?mail|mail) (?:erhalten|bekommen)|gracias por su (?:mensaje|correo|e-?mail)|hemos recibido`,
);

/** Words that ask for something. */
export const request =
  /\?|(?:^|[,;:] )(?:chi|wer|wann|quién|cuándo|cómo|comment|who|quand) (?!i )|(?:[,;] |(?<!\p{L})(?:and|so|then) )(?:please )?(?:come|call me|send|fix|bring|visit|install|change|replace|repair)(?!\p{L})|(?<![\p{L}\p{N}])(?:vorre(?:i|mmo)|(?<!se (?:vi |le |ti )?)serv(?:e|ono|irebbe|irebbero)|occorr(?:e|ono|erebbe)|bisogna|(?:ho|abbiamo|avrei|avremmo) (?:bisogno|necessità)|necessit(?:o|iamo)|potreste|riuscite|riusciamo|dovreste|per (?:favore|cortesia|piacere)|cortesemente|gentilmente|chied(?:o|iamo)|richied(?:o|iamo)|come (?:si|faccio|posso|possiamo)|non (?:riesc\p{L}+|funziona\p{L}*)|(?:mi|ci) (?:aiut|attiv|abilit|install|configur|impost|cre|cambi|sistem|prepar|serv|dat|sblocc|controll)\p{L}*|could you|can you|(?:i|we) need|would like|how (?:do|can|to)|please (?!contact|note|call|write|e-?mail|reach|be (?:advised|aware))|(?:pouvez|pourriez|pourrions|pouvons|peux|pourrais)[- ](?!(?:contacter|joindre|vous adresser))(?:vous|nous|tu|je)(?! (?:contacter|joindre|adresser|écrire|appeler))|(?:j'ai|nous avons|aurais|aurions) besoin|(?:je|nous) (?:voudrai[st]|souhaite\p{L}*|voudrions|demand\p{L}+)|il (?:faut|faudrait)|merci (?:de|d')(?! ?(?:votre|contacter|vous adresser|bien vouloir contacter|joindre|appeler|noter|votre compréhension))|s'il vous plaît|svp|comment (?:faire|puis)|(?:können|könnten|würden|kannst|könntest) (?:sie|du|ihr)(?! (?:sich|mich|uns|gerne?|in|auch|jederzeit|bei))|(?:brauch\p{L}*|benötig\p{L}*) (?:ich|wir)|(?:ich|wir) (?:brauch\p{L}*|benötig\p{L}*|möchten?|hätten?)|bitte (?!wenden|kontaktier|rufen sie (?!mich)|schreiben|beachten|an |in |sich|um (?:verständnis|ihr))|wie (?:kann|mache|geht)|(?:necesit|precis)(?:o|amos)|(?:podría|podrían|pueden|puede|podéis) (?!contactar|escribir|llamar|dirigirse|ponerse)\p{L}+r(?:me|nos|lo|la)?|quisi(?:era|éramos)|me gustaría|hace falta|por favor(?!,? (?:contact|póng|dirí|escrib|llam))|(?:vengan?|pasen|env[ií]en?|manden?|arreglen?|cambien?|revisen?|llámen?me)(?:me|nos|lo|la)?(?!\p{L})|cómo (?:puedo|se)|poderiam|preciso|kunnen jullie|kunt u (?!contact|terecht))/u;

/** Imperatives of French and German, but for those that send to somebody else. */
export const imperative =
  /(?:^|[,;:] |(?<!\p{L})(?:et|mais|und|aber|dann|puis|absence|zwischenzeit) )(?:(?!(?:contact|adress|écriv|veuill|appel|téléphon|joign|assez|chez|recev|trouv|pouv)\p{L}*|vous |nous )\p{L}{2,20}ez(?:-\p{L}+)?(?! vous)(?!\p{L})|(?!(?:wenden|kontaktieren|schreiben|beachten|erreichen|erhalten|finden|können|haben|rufen) )\p{L}{3,20}en sie (?!sich))/u;

/** A sentence that begins with one of these is an order: `Attivare la risposta automatica`. */
export const order =
  /^(?:(?:in mia assenza|nel frattempo|intanto),? )?(?:si (?:prega|chiede) di |da |(?:mi|ci) )?(?:attiv|abilit|impost|cambi|configur|registr|aggiorn|install|sistem|modific|prepar|togli|toglier|ripar|sostitui|mand|port|pass|ven|tele?fona(?=temi)|chiama(?=temi)|disattiv|rimuov|metter|crea|aggiung|control|verific|predispo|ripristin)\p{L}*(?:ar|er|ir|are|ere|ire|ate|ete|ite)(?:[lmcnt][aeio]|gli\p{L}{0,3}){0,2}(?!\p{L})/u;

/** What fails. */
export const trouble =
  /(?<![\p{L}\p{N}])(?:non (?:funziona\p{L}*|riesc\p{L}+|stampa\p{L}*|parte|va|si (?:apre|accende|collega|avvia))|error\p{L}*|guast\p{L}+|(?<!(?:per|di|of|for|any|bei|de|para|von|eventuali|urgenti|urgent|dringenden) )(?:problem\p{L}*|problèmes?)|bloccat\p{L}+|ferm[oaie] da|(?:doesn't|does not|don't|won't|isn't|not|can't|cannot) (?:work\p{L}*|print\p{L}*|start\p{L}*|connect|open|turn|log)|broken|stuck|crash\p{L}*|(?:funktionier\p{L}*|druck\p{L}*|geht|läuft|startet|öffnet|verbindet|bootet)(?: \p{L}+){0,2} (?:nicht|kaum)|kaputt|defekt\p{L}*|störung\p{L}*|fehler\p{L}*|(?:ne |n')\p{L}+ (?:pas|plus|rien)(?<!(?:suis|serai|sommes|serons|sera|seront|ai|aurai|est|sont|pourrai) (?:pas|plus|rien))|en panne|bloquée?s?|cassée?s?|hors service|erreurs?|no (?:funciona\p{L}*|imprime\p{L}*|arranca\p{L}*|enciende\p{L}*|va|conecta|abre)|averiad[oa]s?|avería|rot[oa]|bloquead[oa]s?|não funciona|werkt niet)(?![\p{L}\p{N}])/u;
