import { expect, test } from 'vitest';
import { type OutageCause, outageInWords } from '../../../src/core/words/outages.ts';

test.each([
  [
    { kind: 'login_refused', user: 'desk', said: '535 5.7.8 Error' },
    'il server rifiuta l’accesso di desk: «535 5.7.8 Error»',
    'the server refuses the login of desk: “535 5.7.8 Error”',
  ],
  [
    { kind: 'login_refused', user: null, said: '' },
    'il server vuole un utente e una password, che SMTP_URL non ha',
    'the server wants a user and a password, and SMTP_URL has none',
  ],
  [
    { kind: 'no_connection', trouble: 'ECONNREFUSED', said: 'ECONNREFUSED' },
    'la connessione non riesce (lì non risponde nessuno; la porta è giusta e il server è acceso?): «ECONNREFUSED»',
    'the server cannot be reached (nothing listens there; is the port right and the server up?): “ECONNREFUSED”',
  ],
  [
    { kind: 'no_tls', trouble: 'expired', said: 'certificate has expired [CERT_HAS_EXPIRED]' },
    'la connessione TLS non riesce (va rinnovato su quel server): «certificate has expired [CERT_HAS_EXPIRED]»',
    'no TLS with the server (it must be renewed on that server): “certificate has expired [CERT_HAS_EXPIRED]”',
  ],
  [
    { kind: 'no_folder', folder: 'Posta', there: 'INBOX, Sent' },
    'la cartella Posta non esiste; ci sono INBOX, Sent. Scriverne una dopo l’ultima / di MAILBOX_URL',
    'there is no folder Posta; there are INBOX, Sent. Write one of them behind the last / of MAILBOX_URL',
  ],
] satisfies [OutageCause, string, string][])(
  'an outage is told in the desk’s language, and what a server said as it is: %j',
  (cause, it, en) => {
    expect(outageInWords(cause, 'it')).toBe(it);
    expect(outageInWords(cause, 'en')).toBe(en);
  },
);
