import { isCourtesy } from './courtesy.ts';
import { withoutSignature } from './courtesy-signature.ts';
import { normalise } from '../letters/text.ts';

/** Longer than this, in characters, a text says more than that it works. */
const longest = 300;

/** May stand before and after the words themselves, without a mark between. */
const courteous = String.raw`(?:grazie(?: mille| ancora| a tutti| infinite)?|ok|okay|si|perfetto|ottimo|bene|benissimo|thanks|thank you|many thanks|yes|great|perfect)`;
const since = String.raw`(?:ora|adesso|finalmente|now|finally)`;
const how = String.raw`(?:bene|benissimo|perfettamente|correttamente|regolarmente|di nuovo|tutto|again|fine|well|perfectly|great)`;
const confirming = String.raw`(?:(?:ti |vi |le )?conferm(?:o|iamo)(?: che)?|i confirm(?: that)?|we confirm(?: that)?)`;

/** Whole clauses that say that the trouble is over, normalised; words of doubt or of something else are in none of them. */
const clauses = [
  String.raw`(?:e )?(?:tutto )?(?:${since} )?(?:tutto )?(?:funziona|funzionano)(?: ${how}| ${since})*`,
  // the thing itself, by one word, and not one of several: "la stampante ora funziona"
  String.raw`(?:(?:il|la|lo|the) |l['’])(?!altr|prim|second|other|first|sol[oa])[a-z]{3,20} ${since} (?:funziona|works|is working)(?: ${how})*`,
  String.raw`${since} (?:tutto )?(?:va|stampa|parte|si accende|si collega|e ok|e a posto|e risolto)(?: ${how})*`,
  String.raw`(?:e )?tutto (?:a posto|ok|in ordine|risolto|sistemato)(?: ${since})?`,
  String.raw`(?:il )?(?:(?:problema|guasto) )?(?:e (?:stato )?)?risolto(?: ${since})?`,
  String.raw`(?:abbiamo|ho) risolto(?: tutto)?`,
  String.raw`(?:that|this) (?:fixed|solved) it|the (?:problem|issue) (?:is|has been) (?:solved|fixed|resolved)`,
  String.raw`(?:potete|puoi|si puo|puo|per me potete|per me si puo) (?:pure )?chiudere(?: pure)?(?: il ticket)?`,
  String.raw`chiudete(?: pure)?(?: il ticket)?`,
  String.raw`(?:it |everything |all )?(?:${since} )?(?:works|is working|is fixed|is ok|is fine)(?: ${how}| ${since})*`,
  String.raw`(?:all (?:good|fixed|set)|fixed|problem solved|solved|working)(?: ${since})?`,
  String.raw`you (?:can|may) close(?: it| the ticket| this)?`,
].join('|');
const worksNow = new RegExp(
  `^(?:${courteous} )*(?:${confirming} ?)?(?:(?<=^|\\s)(?:${clauses}))(?: ${courteous})*$`,
  'u',
);
const confirmed = new RegExp(`^(?:${courteous} )*${confirming}(?: ${courteous})*$`, 'u');

/**
 * True if a client's text says that it works now, possibly with thanks, and nothing else: `Ora funziona, grazie`. It does not
 * reopen a closed ticket; on an open one the technicians are notified. Errs towards `false`, as `isCourtesy` does: any other
 * clause, question or digit makes it a message.
 * @param whole the new text of a mail
 */
export function saysItWorks(whole: string): boolean {
  const text = withoutSignature(whole);
  if (text.length > longest || /[?？\p{Nd}@]/u.test(text)) return false;
  let works = false;
  // Read as thanks, such a clause leaves a courtesy or it does not.
  const asThanks = text
    .split(/([.!,;:…\n\r–—]+)/u)
    .map((part) => {
      const clause = normalise(part.replace(/[^\p{L}\p{M}\p{N}'’\s]+/gu, ' '));
      if (!worksNow.test(clause)) return confirmed.test(clause) ? 'grazie' : part;
      works = true;
      return 'grazie';
    })
    .join('');
  return works && isCourtesy(asThanks);
}
