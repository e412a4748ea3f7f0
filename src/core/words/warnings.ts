import type { Locale, Words } from './words.ts';

/** A defect of a part's transfer encoding. */
export type EncodingProblem = 'unknown' | 'base64_cut' | 'no_base64';

/** Warnings about a mail, for staff and admins. */
export type Warning =
  | { kind: 'text_cut' }
  | { kind: 'letters_replaced' }
  | { kind: 'utf7' }
  | { kind: 'charset_wrong' }
  | { kind: 'unclosed' }
  | { kind: 'encrypted' }
  | { kind: 'hidden_text' }
  | { kind: 'all_quoted' }
  | { kind: 'unmarked_below' }
  | { kind: 'styles_dropped' }
  /** `attachment`: its name, or null for a part of the text */
  | { kind: 'encoding'; attachment: string | null; problem: EncodingProblem }
  /** its sender's display name holds this address of ours */
  | { kind: 'shows_our_address'; shown: string; email: string }
  /** it is a colleague's name, `name` */
  | { kind: 'shows_our_name'; name: string; email: string }
  /** its Reply-To; `company`: whose client that is, or null for nobody's */
  | { kind: 'replies_elsewhere'; to: string; company: string | null }
  /** From is an address of ours; its writer is who another header names */
  | { kind: 'written_as_us'; from: string }
  | { kind: 'imitates_our_domain'; email: string }
  /** `marker`: our line */
  | { kind: 'cut_at_marker'; marker: string };

/** As one line; names what is odd, never as the beginning of a sentence. */
export function warningInWords(warning: Warning, locale: Locale): string {
  return wordsOf(warning)[locale];
}

const encodingWords: Record<EncodingProblem, Words> = {
  unknown: {
    it: 'la codifica di trasferimento è sconosciuta',
    en: 'its transfer encoding is unknown',
  },
  base64_cut: { it: 'la codifica base64 è troncata', en: 'its base64 is cut off' },
  no_base64: { it: 'si dichiara in base64, ma non lo è', en: 'it is labelled base64 but is none' },
};

function wordsOf(warning: Warning): Words {
  switch (warning.kind) {
    case 'text_cut':
      return {
        it: 'il testo è troppo lungo: se ne legge solo l’inizio',
        en: 'its text is too long: only the beginning is read',
      };
    case 'letters_replaced':
      return {
        it: 'alcuni caratteri, che la sua codifica non prevede, sono stati sostituiti',
        en: 'characters that its charset cannot hold were replaced',
      };
    case 'utf7':
      return {
        it: 'il testo usa una codifica non più ammessa (UTF-7): al posto di alcune lettere ci sono segni tra + e -',
        en: 'it is in UTF-7, which is no longer read: some letters are signs between + and -',
      };
    case 'all_quoted':
      return {
        it: 'niente vi si distingue da ciò che cita: il testo è riportato per intero',
        en: 'nothing in it can be told from what it quotes: all of it is shown',
      };
    case 'unmarked_below':
      return {
        it: 'una parte del testo era sotto la nostra mail citata, senza segni: forse non tutto è nuovo',
        en: 'a part of its text stood below our quoted mail, which nothing marks: not all may be new',
      };
    case 'charset_wrong':
      return {
        it: 'la codifica dei caratteri che dichiara è sbagliata: è stato letto con quella vera',
        en: 'it declares a charset that its bytes contradict: it is read in the one they are in',
      };
    case 'unclosed':
      return {
        it: 'manca la fine del messaggio: potrebbe essere incompleto',
        en: 'its last MIME boundary is missing: it may be cut off',
      };
    case 'encrypted':
      return {
        it: 'il messaggio è cifrato: il testo non si può leggere',
        en: 'it is encrypted: its text cannot be read',
      };
    case 'styles_dropped':
      return {
        it: 'i suoi fogli di stile sono troppo complessi e non sono stati letti: alcune parti del testo potrebbero non essere visibili nell’originale',
        en: 'its style sheets are too costly and were not read: parts of its text may be hidden in the original',
      };
    case 'hidden_text':
      return {
        it: 'il messaggio contiene testo nascosto al lettore, che non è riportato',
        en: 'its HTML hides text from its reader: that text is left out',
      };
    case 'encoding': {
      const { attachment, problem } = warning;
      const [it, en] =
        attachment === null
          ? ['una parte del testo', 'a text part']
          : [`l’allegato ${attachment}`, `the attachment ${attachment}`];
      return { it: `${it}: ${encodingWords[problem].it}`, en: `${en}: ${encodingWords[problem].en}` };
    }
    case 'shows_our_address':
      return {
        it: `il mittente si presenta come ${warning.shown}, ma il suo indirizzo è ${warning.email}`,
        en: `its sender goes by the name of ${warning.shown}, but the address is ${warning.email}`,
      };
    case 'shows_our_name':
      return {
        it: `il mittente si chiama come ${warning.name}, che è dello staff, ma il suo indirizzo è ${warning.email}`,
        en: `its sender has the name of ${warning.name}, who is of the staff, but the address is ${warning.email}`,
      };
    case 'replies_elsewhere': {
      const { to, company } = warning;
      return {
        it: `chiede risposte a ${to}${company === null ? '' : ` (${company})`}, ma chi scrive risulta il suo mittente`,
        en: `it asks for answers at ${to}${company === null ? '' : ` (${company})`}, but its writer is taken to be its sender`,
      };
    }
    case 'written_as_us':
      return {
        it: `la mail viene da ${warning.from}, che è un nostro indirizzo: chi l’ha scritta lo dice solo la mail stessa`,
        en: `it comes from ${warning.from}, an address of ours: only the mail itself says who wrote it`,
      };
    case 'imitates_our_domain':
      return {
        it: `l’indirizzo ${warning.email} imita il dominio dell’assistenza`,
        en: `the address ${warning.email} imitates the desk’s domain`,
      };
    case 'cut_at_marker':
      return {
        it: `sotto la riga «${warning.marker}» il messaggio continua, e il seguito non è riportato; la mail è conservata per intero`,
        en: `below the line “${warning.marker}” the message goes on, and the rest is not shown; the mail is kept in full`,
      };
    default:
      throw warning satisfies never;
  }
}
