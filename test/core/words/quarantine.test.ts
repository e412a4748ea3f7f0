import { expect, test } from 'vitest';
import { type Excess, type QuarantineReason, quarantineReason } from '../../../src/core/words/quarantine.ts';

const excess = (of: Excess): QuarantineReason => ({ kind: 'excess', excess: of });
const failed = (
  failure: Extract<QuarantineReason, { kind: 'not_handled' }>['failure'],
): QuarantineReason => ({
  kind: 'not_handled',
  failure,
});

test.each([
  [
    excess({ of: 'parts', most: 5 }),
    'it has more than 5 MIME parts (MAX_PARTS)',
    'ha più di 5 parti MIME (MAX_PARTS)',
  ],
  [
    { kind: 'envelope_not_believed' },
    'it says it is an envelope of certified mail (X-Trasporto), but nothing proves it: what it holds is not opened',
    'si presenta come busta di posta certificata (X-Trasporto), ma nulla lo prova: il contenuto non viene aperto',
  ],
  [
    excess({ of: 'header_of_part', excess: { of: 'header', name: 'subject', size: 1101, most: 1000 } }),
    'it has a MIME part with a subject header of 1101 bytes, over the limit of 1000 (MAX_HEADER_MB)',
    'ha una parte MIME con un’intestazione subject di 1101 byte, oltre il limite di 1000 (MAX_HEADER_MB)',
  ],
  [
    excess({ of: 'header_block', size: 5000, most: 4000 }),
    'it has a header block of 5000 bytes, over the limit of 4000 (MAX_HEADER_MB)',
    'ha intestazioni per 5000 byte, oltre il limite di 4000 (MAX_HEADER_MB)',
  ],
  [
    { kind: 'from_entry', problem: 'no_closing_bracket' },
    'From holds an address with no closing >',
    'From contiene un indirizzo senza la > finale',
  ],
  [
    { kind: 'staff_dmarc_fail', tokenMissing: true, verdict: 'mx.example: DMARC fail of example.it' },
    'staff address with a DMARC failure and no valid token (mx.example: DMARC fail of example.it)',
    'viene da un indirizzo dello staff ma non supera il controllo DMARC, e non ha un token valido (verifica: «mx.example: DMARC fail of example.it»)',
  ],
  [
    failed({ kind: 'too_slow', seconds: 30 }),
    'could not be handled: reading it took longer than 30 s (MAX_READ_SECONDS)',
    'non si è potuto trattare: la lettura ha richiesto più di 30 s (MAX_READ_SECONDS)',
  ],
  [
    failed({ kind: 'reader_ended', how: 'SIGKILL', times: 3 }),
    'could not be handled: the process that read it ended (SIGKILL), three times',
    'non si è potuto trattare: il processo che lo leggeva è terminato (SIGKILL), tre volte',
  ],
  [
    failed({ kind: 'error', words: 'value too long for type character varying(320)' }),
    'could not be handled: value too long for type character varying(320)',
    'non si è potuto trattare: errore «value too long for type character varying(320)»',
  ],
  [
    { kind: 'not_handled_before', recorded: 'could not be handled: no room' },
    'could not be handled: no room',
    'non si è potuto trattare: «could not be handled: no room»',
  ],
] satisfies [QuarantineReason, string, string][])(
  'what is recorded is English, what is told in Italian keeps only the words of others: %j',
  (reason, en, it) => {
    expect(quarantineReason(reason, 'en')).toBe(en);
    expect(quarantineReason(reason, 'it')).toBe(it);
  },
);
