import { normalise, splitLines, withoutInvisible } from './text.ts';

/** At least one of these makes a text a courtesy; English and Italian. */
const thanks = new Set(
  (
    'grazie grz grazieee ringrazio ringraziamo ringraziandovi ringraziandola ringraziandoti ringraziamenti gentilissimo ' +
    'gentilissima gentilissimi perfetto ottimo benissimo ok okay bene ricevuto salve ciao buongiorno buonasera ' +
    'buonanotte buonagiornata arrivederci saluti saluto auguri bravo brava bravi bravissimi complimenti ' +
    'thanks thank thankyou thx ty cheers perfect great received regards bye hello hi'
  ).split(' '),
);

/** These may stand around them. */
const around = new Set(
  (
    'a ad al alla alle ai agli allo anche ancora-una-volta anticipatamente anticipo assistenza attenzione ' +
    'avete aver avermi averci avervi buon buona buone buono caro cara cari care celere celerita cordiali cordialmente cordialita ' +
    'cortese cortesia da dal dalla dei del della dell delle di distinti disponibilita dottore dott dottoressa e ed estrema ' +
    'domenica efficienza entrambi festa feste fine gentile gentili gentilezza gia giorno giornata giovedi i il in infinite ' +
    'intervento la l laboro lavoro le lei lo lunedi lunga martedi mattinata mercoledi mille moltissime molte molto momento mattina ' +
    'natale notte nuovo anno ogni pasqua per piu pomeriggio presto professionalita pronta prontezza rapida rapidita rapido ' +
    'riscontro risposta sabato sera serata serene sereno servizio settimana sempre si sig signor signora sono staff subito ' +
    'successiva supporto tanta tante tanti tanto team te ti tempestivita tempestivo tempestiva tutte tutti tutto un una ' +
    'velocissimi velocita veloce velocissima venerdi vi voi vostra vostro vostre vostri weekend week-end lieta lieto prossima ' +
    'all and best day desk everybody everyone evening for from good have help kind kindly lot lots lovely many morning much ' +
    'nice night prompt quick reply response sincerely so soon support the to very warm week with you your again dear afternoon'
  ).split(' '),
);

/** One of these, and it is more than a courtesy: something is still wrong, wanted or asked. */
const stops = new Set(
  (
    'ma pero tuttavia invece but however though non not no mai ancora still yet purtroppo unfortunately quando come perche ' +
    'dove chi cosa quanto quale when how why where what which who please favore error errore problema problem'
  ).split(' '),
);

const applause = Array.from('👍👏🙏😊😀🙂😃😄😁😉🎉💪🤝👌✅❤♥☺💯🥰😍🔝');

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

/** What mail programs write into the mail of somebody's emoji reaction; normalised. */
const reactions: readonly RegExp[] = [
  // Outlook and Gmail name the person first, Apple's Tapback comes as a verb and the text in quotation marks.
  /^(?:\P{L}*)[\p{L}\p{N} .,'-]{1,80} (?:ha reagito|ha aggiunto una reazione|reacted)(?: con \P{L}{1,20})? (?:al |alla |a |to |via |tramite )[^\n]{0,200}$/u,
  /^(?:\P{L}*)[\p{L}\p{N} .,'-]{1,80} (?:ha reagito|reacted)(?: con| with)? ?\P{L}{0,20}(?: (?:tramite|via) gmail)?$/u,
  /^(?:mi piace|non mi piace|ha messo mi piace a|piace a [\p{L} ]{1,40}|adoro|ha adorato|ha riso per|ha riso a|ha evidenziato|ha enfatizzato|liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted \P{L}{1,12} to)\s?:?\s?["«“„][^\n]*["»”]$/u,
];

/** Longer than this, in characters, nothing is a mere courtesy. */
const longest = 400;

/**
 * Whether a client's text is thanks and greetings only: then it reopens nothing and opens nothing. Fails towards `false`: any
 * word that is not known as courteous, any digit, question or file makes it a message. Names may stand at its end.
 * @param text the new text of a mail, or its subject where there is none
 * @param attachments number of files that came with it
 */
export function isCourtesy(text: string, attachments: number): boolean {
  if (attachments > 0) return false;
  if (isReaction(text)) return true;
  if (text.length > longest || /[?？\p{Nd}@]/u.test(text)) return false;
  if (isOnlyApplause(text)) return true;
  return saysOnlyThanks(text.replace(legalForms, ' '));
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
      const word = normalise(token[0]);
      const again = word === 'ancora' && thanks.has(previous);
      previous = word;
      if (again || around.has(word)) continue;
      if (thanks.has(word)) {
        thanked = true;
        continue;
      }
      if (stops.has(word) || shouted || !isCapitalised(token[0])) return false;
      const startsSentence = i === 0 || /[.!;]\s*$/u.test(line.slice(0, token.index));
      const beside = tokens[i + 1]?.[0] ?? '';
      const fullName = isCapitalised(beside) && !around.has(normalise(beside));
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
  return signs.length > 0 && signs.every((sign) => applause.includes(sign));
}

/** Whether a text is what a mail program writes for an emoji reaction: by Outlook, Gmail or Apple. */
export function isReaction(text: string): boolean {
  if (text.length > 2000) return false;
  const lines = splitLines(text)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const [first = ''] = lines;
  return (
    lines.length <= 3 &&
    lines.every((line) => line.length <= longest) &&
    reactions.some((r) => r.test(normalise(first)))
  );
}
