/** Written by hand: which few words are thanks and nothing else decides whether a ticket is opened again; no library knows. */
import { withoutSignature } from './courtesy-signature.ts';
import { cleanSubject } from '../message/thread.ts';
import { normalise, oneSpaced, splitLines, withoutInvisible } from '../letters/text.ts';

/** At least one of these makes a text a courtesy; English and Italian. */
const thanks = new Set(
  (
    'grazie grz grazieee ringrazio ringraziamo ringraziandovi ringraziandola ringraziandoti ringraziamenti gentilissimo buon buona buone buoni ' +
    'gentilissima gentilissimi perfetto ottimo benissimo ok okay bene ricevuto salve ciao buongiorno buonasera ' +
    'buonanotte buonagiornata arrivederci saluti saluto auguri super bravo brava bravi bravissimi complimenti ' +
    'thanks thank thankyou thx ty cheers perfect great excellent awesome wonderful received appreciated regards bye hello hi'
  ).split(' '),
);

/** These may stand around them. */
const around = new Set(
  (
    'a accordo ad al alla alle ai agli allo anche ancora-una-volta anticipatamente anticipo assistenza attenzione ' +
    'avete aver avermi averci avervi caro cara cari care celere celerita chiaro chiarissimo cordiali cordialmente cordialita ' +
    'cortese cortesia da dal dalla dei del della dell delle di distinti disponibilita dottore dott dottoressa e ed estrema ' +
    'domenica efficienza entrambi festa feste fine gentile gentili gentilezza gia giorno giornata giovedi i il in infinite ' +
    'intervento la l laboro lavoro le lei lo lunedi lunga martedi mattinata mercoledi mille moltissime molte molto momento mattina ' +
    'natale notte nuovo anno ogni pasqua per piu pomeriggio presto professionalita pronta prontezza rapida rapidita rapido ' +
    'riscontro risposta sabato sera serata serene sereno servizio settimana sempre si sig signor signora siete sei sono staff stata stati stato subito porgo porgiamo porgere ' +
    'successiva supporto tanta tante tanti tanto team te ti tempestivita tempestivo tempestiva tutte tutti tutto un una va vada ' +
    'velocissimi velocita veloce velocissima venerdi vi voi vostra vostro vostre vostri weekend week-end lieta lieto prossima ' +
    'all and appreciate best day desk everybody everyone evening for from good have help i kind kindly lot lots lovely many morning much ' +
    'nice night prompt quick reply response sincerely so soon support the to very warm we week with you your again dear afternoon'
  ).split(' '),
);

/** Words that make a text more than a courtesy: something is still wrong, wanted or asked. */
const stops = new Set(
  (
    'ma pero tuttavia invece but however though non not no mai ancora still yet purtroppo unfortunately quando come perche ' +
    'dove chi cosa quanto quale when how why where what which who please favore error errore problema problem'
  ).split(' '),
);

const applause = Array.from('👍👏🙏😊😀🙂😃😄😁😉🎉💪🤝👌✅❤♥☺💯🥰😍🔝');

/** Office line below the name in a signature. */
const office =
  /^\s*(?:ufficio|uff\.|reparto|servizio|resp(?:onsabile|\.)|addett[oa])?\s*(?:acquisti|amministrazione|amministrativ[oa]|commerciale|vendite|contabilit[àa]|segreteria|direzione|personale|logistica|magazzino|tecnico)\s*$/gimu;
const legalForms = /(?<!\p{L})(?:s\.?r\.?l\.?s?|s\.?p\.?a|s\.?n\.?c|s\.?a\.?s)(?!\p{L})\.?/giu;

/** First names common enough to close a mail alone; normalised. */
const firstNames = new Set(
  (
    'alberto alessandra alessandro alessia andrea angela angelo anna antonella antonio arianna barbara beatrice carla ' +
    'carlo caterina chiara claudia claudio cristian cristina daniela daniele davide diego donatella elena eleonora elisa ' +
    'emanuela emanuele enrico fabio fabrizio federica federico filippo francesca francesco franco gabriele giacomo gianluca ' +
    'gianni giorgia giorgio giovanna giovanni giulia giulio giuseppe guido ilaria laura lorenzo luca lucia luigi luisa ' +
    'manuela marco maria mario marta martina massimo matteo maurizio michela michele monica nicola paola paolo patrizia piero ' +
    'pietro raffaella raffaele riccardo rita roberta roberto rosa salvatore sandro sara serena sergio silvia simona simone ' +
    'sofia stefania stefano teresa tommaso umberto valentina valeria vincenzo vittorio ' +
    'ann david james jane john mark mary michael paul peter robert sarah susan thomas'
  ).split(' '),
);

/** Titles: a full stop after one does not end a sentence. */
const titles = new Set('dott dr dssa sig sigg sra ing avv geom rag arch prof mr mrs ms'.split(' '));

/** A person as a mail program names one: up to four words with a capital, or an address. */
const person = String.raw`(?:(?:\p{Lu}[\p{L}\p{M}.'’-]*\s){1,4}|\S+@\S+\s)`;
const sign = String.raw`[^\p{L}\p{N}\s]{1,12}`;
/** Text that mail programs send for an emoji reaction: Outlook and Gmail, then Apple. */
const reactions: readonly RegExp[] = [
  new RegExp(
    `^(?:${sign}\\s+)?${person}(?:ha (?:reagito|aggiunto una reazione)|reacted)(?:(?: con| with)? ${sign})?` +
      `(?: (?:al|a un|to your|to this|to the|to a)(?: tuo| suo)? (?:messaggio|message|e-?mail)| (?:tramite|via) Gmail)?[:.]?$`,
    'u',
  ),
  new RegExp(
    `^(?:(?:ha messo )?mi piace(?: a)?|(?:ha )?adorato|adoro|ha riso (?:a|per)|(?:ha )?evidenziato|(?:ha )?enfatizzato|` +
      `liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted ${sign} to|ha reagito ${sign} a)\\s?:?\\s?["«“„].*["»”]$`,
    'iu',
  ),
];

/** Longer than this, in characters, nothing is a mere courtesy. */
const longest = 400;

/**
 * True if a client's text is only thanks and greetings, which reopen and open nothing. Errs towards `false`: any word that is
 * not known as courteous, any digit or question makes it a message; whoever decides asks about files. Names and a signature
 * may follow.
 * @param whole the new text of a mail, or its subject if there is none
 */
export function isCourtesy(whole: string): boolean {
  if (isReaction(whole)) return true;
  const text = withoutSignature(whole);
  if (text.length > longest) return false;
  // A subject may stand here; its marks say nothing.
  const said = (splitLines(text.trim()).length === 1 ? cleanSubject(text) : text)
    .replace(/grazie\s1000\b/giu, 'grazie')
    // the word alone asks for it
    .replace(/\b(?:(?:vostro|suo|tuo)\s|l['’])aiuto\b/giu, '');
  if (/[?？\p{Nd}@]/u.test(said)) return false;
  if (isOnlyApplause(said)) return true;
  return saysOnlyThanks(said.replace(office, '').replace(legalForms, ' '));
}

/** Every word is courteous, or part of a name; at least one is thanks or a greeting. */
function saysOnlyThanks(text: string): boolean {
  const shouted = text === text.toUpperCase();
  let thanked = false;
  let names = 0;
  let previous = '';
  for (const line of splitLines(text)) {
    const tokens = Array.from(line.matchAll(/[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*/gu));
    for (const [i, token] of tokens.entries()) {
      const word = normalise(token[0]).replace(/^(?:l|d|un|dell|all|dall|nell|sull)'/u, '');
      const before = previous;
      previous = word;
      const again = word === 'ancora' && thanks.has(before);
      if (again || around.has(word)) continue;
      if (thanks.has(word)) {
        thanked = true;
        continue;
      }
      if (stops.has(word) || shouted || !isCapitalised(token[0])) return false;
      const startsSentence =
        i === 0 || (/[.!;]\s*$/u.test(line.slice(0, token.index)) && !titles.has(before));
      const beside = tokens[i + 1]?.[0] ?? '';
      const fullName =
        isCapitalised(beside) && ![thanks, around, stops].some((words) => words.has(normalise(beside)));
      // "Grazie. Richiamatemi." asks for something; a name alone must be one, or stand on a line of its own.
      if (
        startsSentence &&
        !fullName &&
        !firstNames.has(word) &&
        (tokens.length > 1 || asksWithItsEnding(word))
      )
        return false;
      names += 1;
    }
  }
  return thanked && names <= 6;
}

function isCapitalised(word: string): boolean {
  return /^(?:\p{Lu}|\p{Lu}\p{L}*)$/u.test(word);
}

/** `richiamatemi`, `chiamateci`, `fatelo`, `venite`. */
function asksWithItsEnding(word: string): boolean {
  return /(?:[aei]te|(?:[aei]te|ar|er|ir)(?:mi|ci|lo|la|li|le)|ami|aci)$/u.test(word);
}

/** A few signs of applause and nothing else. */
function isOnlyApplause(text: string): boolean {
  const signs = Array.from(withoutInvisible(text).replace(/[\s.!,]+|\p{Emoji_Modifier}/gu, ''));
  return signs.length > 0 && signs.every((one) => applause.includes(one));
}

/** True if a text is a mail program's for an emoji reaction: Outlook, Gmail or Apple. */
export function isReaction(text: string): boolean {
  if (text.length > 5000) return false;
  const visible = withoutInvisible(text).trim();
  const [first = ''] = splitLines(visible);
  // Apple quotes what was reacted to in the same sentence; Outlook sets the original below, after a colon.
  const whole = oneSpaced(visible);
  return [first.endsWith(':') ? first : whole, whole].some(
    (sentence) => sentence.length <= longest && reactions.some((reaction) => reaction.test(sentence)),
  );
}
