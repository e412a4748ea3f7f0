import type { Locale, Words } from './words.ts';

/** A defect of one entry in an address header. */
export type AddressProblem =
  | 'unclosed'
  | 'no_closing_bracket'
  | 'more_behind_bracket'
  | 'two_addresses'
  | 'encoded_word'
  | 'no_address'
  | 'local_part'
  | 'domain'
  | 'too_long';

/** Why From names nobody. */
export type FromProblem =
  | { kind: 'no_from' }
  | { kind: 'several_froms'; count: number }
  | { kind: 'from_group' }
  | { kind: 'from_entry'; problem: AddressProblem }
  | { kind: 'from_empty' }
  | { kind: 'from_several_addresses'; count: number };

/** The limit that a mail exceeds; `most`: its value. */
export type Excess =
  | { of: 'parts' | 'depth' | 'fields' | 'fields_of_parts'; most: number }
  | { of: 'header_block'; size: number; most: number }
  | { of: 'header'; name: string; size: number; most: number }
  | { of: 'header_of_part'; excess: Excess };

/** Why a mail cannot be acted on at all, independent of its sender. */
export type Defect =
  | { kind: 'over_size' }
  | { kind: 'no_headers' }
  | { kind: 'excess'; excess: Excess }
  /** an envelope of certified mail for whose contents nobody is known to vouch (BAD-MAIL 94) */
  | { kind: 'envelope_not_believed' }
  | { kind: 'nested_groups' }
  | { kind: 'recipients'; count: number; most: number };

/** Why a mail cannot be read: a bound that reading it passed, or an error; `words` are the system's or our code's own. */
export type ReadingFailure =
  | { kind: 'too_slow'; seconds: number }
  | { kind: 'stood_still'; seconds: number }
  | { kind: 'too_much_memory'; megabytes: number }
  /** `how`: a signal or an exit code */
  | { kind: 'reader_ended'; how: string; times: 1 | 3 }
  | { kind: 'error'; words: string };

/** Why a message is kept in quarantine. */
export type QuarantineReason =
  | Defect
  | FromProblem
  | { kind: 'not_handled'; failure: ReadingFailure }
  /** `recorded`: the English reason of an earlier attempt */
  | { kind: 'not_handled_before'; recorded: string }
  | { kind: 'worker_died' }
  /** `verdict`: as it is recorded of the message */
  | { kind: 'staff_dmarc_fail'; tokenMissing: boolean; verdict: string }
  | { kind: 'token_of_former_staff'; email: string };

/** As one line. The English one is what is recorded of the message, and what scripts read. */
export function quarantineReason(reason: QuarantineReason, locale: Locale): string {
  return reasonWords(reason)[locale];
}

/** As one line, which goes on behind a colon. */
export function readingFailure(failure: ReadingFailure, locale: Locale): string {
  return failureWords(failure)[locale];
}

const addressWords: Record<AddressProblem, Words> = {
  unclosed: {
    it: 'una voce in cui virgolette, commento o parentesi non si chiudono',
    en: 'an entry with an unclosed quote, comment or bracket',
  },
  no_closing_bracket: { it: 'un indirizzo senza la > finale', en: 'an address with no closing >' },
  more_behind_bracket: {
    it: 'un indirizzo con altro testo dopo la >',
    en: 'an address with more behind its >',
  },
  two_addresses: { it: 'due indirizzi in una sola voce', en: 'two addresses in one entry' },
  encoded_word: {
    it: 'un indirizzo scritto in forma codificata (encoded word)',
    en: 'an address made by an encoded word',
  },
  no_address: { it: 'una voce che non è un indirizzo', en: 'an entry that is no address' },
  local_part: {
    it: 'un indirizzo malformato nella parte prima della @',
    en: 'an address whose part before the @ is malformed',
  },
  domain: {
    it: 'un indirizzo il cui dominio è malformato',
    en: 'an address whose domain is malformed',
  },
  too_long: {
    it: 'un indirizzo più lungo di 320 byte',
    en: 'an address longer than 320 bytes',
  },
};

function reasonWords(reason: QuarantineReason): Words {
  switch (reason.kind) {
    case 'over_size':
      return {
        it: 'supera la dimensione massima (MAX_MESSAGE_MB): se ne sono lette solo le intestazioni',
        en: 'it is over the size limit (MAX_MESSAGE_MB): only its headers were read',
      };
    case 'no_headers':
      return { it: 'non ha intestazioni: non è una mail', en: 'it has no headers: this is no mail' };
    case 'excess': {
      const { it, en } = excessWords(reason.excess);
      return { it: `ha ${it}`, en: `it has ${en}` };
    }
    case 'envelope_not_believed':
      return {
        it: 'si presenta come busta di posta certificata (X-Trasporto), ma nulla lo prova: il contenuto non viene aperto',
        en: 'it says it is an envelope of certified mail (X-Trasporto), but nothing proves it: what it holds is not opened',
      };
    case 'nested_groups':
      return {
        it: 'i destinatari sono gruppi di indirizzi uno dentro l’altro',
        en: 'its recipients are address groups inside one another',
      };
    case 'recipients':
      return {
        it: `ha ${reason.count} destinatari, più di ${reason.most} (MAX_RECIPIENTS)`,
        en: `it has ${reason.count} recipients, more than ${reason.most} (MAX_RECIPIENTS)`,
      };
    case 'no_from':
      return { it: 'manca l’intestazione From', en: 'there is no From header' };
    case 'several_froms':
      return {
        it: `ci sono ${reason.count} intestazioni From, non una`,
        en: `there are ${reason.count} From headers, not one`,
      };
    case 'from_group':
      return { it: 'From è un gruppo, non un indirizzo', en: 'From is a group, not an address' };
    case 'from_entry': {
      const { it, en } = addressWords[reason.problem];
      return { it: `From contiene ${it}`, en: `From holds ${en}` };
    }
    case 'from_empty':
      return { it: 'l’intestazione From è vuota', en: 'the From header is empty' };
    case 'from_several_addresses':
      return {
        it: `From contiene ${reason.count} indirizzi, non uno`,
        en: `From names ${reason.count} addresses, not one`,
      };
    case 'not_handled': {
      const { it, en } = failureWords(reason.failure);
      return { it: `non si è potuto trattare: ${it}`, en: `could not be handled: ${en}` };
    }
    case 'not_handled_before':
      return { it: `non si è potuto trattare: «${reason.recorded}»`, en: reason.recorded };
    case 'worker_died':
      return {
        it: 'non si è potuto trattare: kTicket si è interrotto ogni volta che lo leggeva',
        en: 'could not be handled: the worker died each time it read this message',
      };
    case 'staff_dmarc_fail': {
      const { tokenMissing, verdict } = reason;
      return {
        it: `viene da un indirizzo dello staff ma non supera il controllo DMARC${tokenMissing ? ', e non ha un token valido' : ''} (verifica: «${verdict}»)`,
        en: `staff address with a DMARC failure${tokenMissing ? ' and no valid token' : ''} (${verdict})`,
      };
    }
    case 'token_of_former_staff':
      return {
        it: `usa un token di risposta di ${reason.email}, che non è più nello staff attivo`,
        en: `a reply token used by ${reason.email}, who is no longer active staff`,
      };
    default:
      throw reason satisfies never;
  }
}

/** Words for an exceeded limit. */
function excessWords(excess: Excess): Words {
  switch (excess.of) {
    case 'parts':
      return {
        it: `più di ${excess.most} parti MIME (MAX_PARTS)`,
        en: `more than ${excess.most} MIME parts (MAX_PARTS)`,
      };
    case 'depth':
      return {
        it: `parti MIME annidate oltre ${excess.most} livelli (MAX_DEPTH)`,
        en: `multiparts nested more than ${excess.most} deep (MAX_DEPTH)`,
      };
    case 'fields':
      return {
        it: `più di ${excess.most} campi d’intestazione (MAX_HEADERS)`,
        en: `more than ${excess.most} header fields (MAX_HEADERS)`,
      };
    case 'fields_of_parts':
      return {
        it: `più di ${excess.most} campi d’intestazione nelle parti MIME (MAX_HEADERS)`,
        en: `more than ${excess.most} header fields in its MIME parts (MAX_HEADERS)`,
      };
    case 'header_block':
      return {
        it: `intestazioni per ${excess.size} byte, oltre il limite di ${excess.most} (MAX_HEADER_MB)`,
        en: `a header block of ${excess.size} bytes, over the limit of ${excess.most} (MAX_HEADER_MB)`,
      };
    case 'header':
      return {
        it: `un’intestazione ${excess.name} di ${excess.size} byte, oltre il limite di ${excess.most} (MAX_HEADER_MB)`,
        en: `a ${excess.name} header of ${excess.size} bytes, over the limit of ${excess.most} (MAX_HEADER_MB)`,
      };
    case 'header_of_part': {
      const { it, en } = excessWords(excess.excess);
      return { it: `una parte MIME con ${it}`, en: `a MIME part with ${en}` };
    }
    default:
      throw excess satisfies never;
  }
}

function failureWords(failure: ReadingFailure): Words {
  switch (failure.kind) {
    case 'too_slow':
      return {
        it: `la lettura ha richiesto più di ${failure.seconds} s (MAX_READ_SECONDS)`,
        en: `reading it took longer than ${failure.seconds} s (MAX_READ_SECONDS)`,
      };
    case 'stood_still':
      return {
        it: `la lettura è rimasta ferma per ${failure.seconds} s (MAX_READ_SECONDS)`,
        en: `reading it stood still for ${failure.seconds} s (MAX_READ_SECONDS)`,
      };
    case 'too_much_memory':
      return {
        it: `la lettura ha richiesto più di ${failure.megabytes} MB di memoria (MAX_READ_MB)`,
        en: `reading it needed more than ${failure.megabytes} MB of memory (MAX_READ_MB)`,
      };
    case 'reader_ended': {
      const thrice = failure.times === 3;
      return {
        it: `il processo che lo leggeva è terminato (${failure.how})${thrice ? ', tre volte' : ''}`,
        en: `the process that read it ended (${failure.how})${thrice ? ', three times' : ''}`,
      };
    }
    case 'error':
      return { it: `errore «${failure.words}»`, en: failure.words };
    default:
      throw failure satisfies never;
  }
}
