import type { Locale, Words } from './words.ts';

/** The reason that no connection could be made, by the code of Node or of the IMAP library. */
export const connectionWords = {
  ECONNREFUSED: {
    it: 'lì non risponde nessuno; la porta è giusta e il server è acceso?',
    en: 'nothing listens there; is the port right and the server up?',
  },
  ENOTFOUND: {
    it: 'quel nome di host non esiste; è scritto bene?',
    en: 'that host name does not exist; is it spelt right?',
  },
  EAI_AGAIN: {
    it: 'per ora il nome non si risolve; il DNS funziona su questa macchina?',
    en: 'the name could not be looked up just now; does DNS work on this machine?',
  },
  CONNECT_TIMEOUT: {
    it: 'nessuna risposta; c’è un firewall di mezzo?',
    en: 'no answer; does a firewall stand between?',
  },
  GREETING_TIMEOUT: {
    it: 'la connessione c’è, ma il server non saluta; è una porta IMAP, con TLS per imaps://?',
    en: 'connected, but no IMAP greeting came; is that an IMAP port, with TLS for imaps://?',
  },
  ETIMEOUT: { it: 'non risponde più', en: 'it fell silent' },
  ETIMEDOUT: { it: 'non risponde più', en: 'it fell silent' },
  EPROTO: {
    it: 'su quella porta non si parla TLS; imaps:// è di solito la 993',
    en: 'no TLS is spoken on that port; imaps:// is usually on 993',
  },
} as const satisfies Record<string, Words>;

export type ConnectionTrouble = keyof typeof connectionWords;

export function isConnectionTrouble(code: string): code is ConnectionTrouble {
  return Object.hasOwn(connectionWords, code);
}

export type TlsTrouble =
  | 'other_name'
  | 'expired'
  | 'not_yet_valid'
  | 'old_protocol'
  | 'not_trusted'
  | 'plain_at_imaps'
  | 'plain_at_smtps'
  | 'tls_at_imap'
  | 'tls_at_smtp';

/** Remedies for TLS failures. */
export const tlsRemedies: Record<TlsTrouble, Words> = {
  other_name: {
    it: 'l’URL deve chiamare il server come lo chiama il suo certificato',
    en: 'the URL must name the server as its certificate does',
  },
  expired: { it: 'va rinnovato su quel server', en: 'it must be renewed on that server' },
  not_yet_valid: {
    it: 'l’orologio di questa macchina è giusto?',
    en: 'is the clock of this machine right?',
  },
  old_protocol: {
    it: 'non parla TLS 1.2 o successivo, che va attivato lì: kTicket non usa nulla di più vecchio',
    en: 'it speaks no TLS 1.2 or newer, which must be turned on there: nothing older is used',
  },
  not_trusted: {
    it: 'l’autorità di certificazione non è nota a questa macchina: indicarne il certificato in TLS_CA_FILE (PEM; se il server si certifica da sé, quello)',
    en: 'the certificate authority is not known to this machine: name its certificate in TLS_CA_FILE (PEM; of a self-signed one, that one)',
  },
  plain_at_imaps: {
    it: 'su quella porta si comincia in chiaro, mentre imaps:// vuole TLS dal primo byte: scrivere la porta di imaps://, di solito la 993',
    en: 'found plain text, expected TLS from the first byte, as imaps:// says: write the port of imaps://, usually 993',
  },
  plain_at_smtps: {
    it: 'su quella porta si comincia in chiaro, mentre smtps:// vuole TLS dal primo byte: scrivere smtp:// (STARTTLS, di solito la 587), o la porta di smtps://, di solito la 465',
    en: 'found plain text, expected TLS from the first byte, as smtps:// says: write smtp:// (STARTTLS, usually on 587), or the port of smtps://, usually 465',
  },
  tls_at_imap: {
    it: 'su quella porta TLS comincia dal primo byte, mentre imap:// vuole un saluto in chiaro: scrivere imaps://',
    en: 'found TLS from the first byte, expected a greeting in plain text, as imap:// says: write imaps://',
  },
  tls_at_smtp: {
    it: 'su quella porta TLS comincia dal primo byte, mentre smtp:// vuole un saluto in chiaro: scrivere smtps://',
    en: 'found TLS from the first byte, expected a greeting in plain text, as smtp:// says: write smtps://',
  },
};

/** Of TLS and plain text mixed up, what there is, what the URL expects, and what to write instead. */
export function isMixUp(trouble: TlsTrouble): boolean {
  return /^(?:plain|tls)_at_/.test(trouble);
}

/** Why mail does not come in or go out. `said`: what the server, the provider or the system said, without a secret, or '' for nothing. */
export type OutageCause =
  /** `user` is null if we gave none */
  | { kind: 'login_refused'; user: string | null; said: string }
  | { kind: 'no_token'; host: string; said: string }
  | { kind: 'token_refused'; host: string; said: string }
  | { kind: 'no_refresh_token'; user: string }
  | { kind: 'no_connection'; trouble: ConnectionTrouble | null; said: string }
  | { kind: 'no_tls'; trouble: TlsTrouble; said: string }
  | { kind: 'no_starttls'; said: string }
  | { kind: 'command_refused'; said: string }
  /** `there`: the folders that there are */
  | { kind: 'no_folder'; folder: string; there: string }
  | { kind: 'filing_folder'; folder: string }
  | { kind: 'other'; said: string };

/** As one line, for the mail that tells administrators. */
export function outageInWords(cause: OutageCause, locale: Locale): string {
  const { it, en } = causeWords(cause);
  const said = 'said' in cause ? cause.said : '';
  if (said === '') return { it, en }[locale];
  return { it: `${it}: «${said}»`, en: `${en}: “${said}”` }[locale];
}

function causeWords(cause: OutageCause): Words {
  switch (cause.kind) {
    case 'login_refused':
      return cause.user === null
        ? {
            it: 'il server vuole un utente e una password, che SMTP_URL non ha',
            en: 'the server wants a user and a password, and SMTP_URL has none',
          }
        : {
            it: `il server rifiuta l’accesso di ${cause.user}`,
            en: `the server refuses the login of ${cause.user}`,
          };
    case 'no_token':
      return { it: `per ora ${cause.host} non dà un token`, en: `${cause.host} gives no token just now` };
    case 'token_refused':
      return { it: `${cause.host} rifiuta di dare un token`, en: `${cause.host} refuses to give a token` };
    case 'no_refresh_token':
      return {
        it: `non c’è un refresh token di ${cause.user}`,
        en: `there is no refresh token of ${cause.user}`,
      };
    case 'no_connection': {
      const why = cause.trouble === null ? null : connectionWords[cause.trouble];
      return {
        it: `la connessione non riesce${why === null ? '' : ` (${why.it})`}`,
        en: `the server cannot be reached${why === null ? '' : ` (${why.en})`}`,
      };
    }
    case 'no_tls': {
      const { it, en } = tlsRemedies[cause.trouble];
      return { it: `la connessione TLS non riesce (${it})`, en: `no TLS with the server (${en})` };
    }
    case 'no_starttls':
      return {
        it: 'il server non offre STARTTLS, senza cui non si spedisce fuori da questa macchina (la porta è giusta, o è una per smtps://?)',
        en: 'the server has no STARTTLS, without which nothing is sent off this machine (is the port right, or is it one for smtps://?)',
      };
    case 'command_refused':
      return { it: 'il server risponde di no a un comando', en: 'the server answers a command with no' };
    case 'no_folder':
      return {
        it: `la cartella ${cause.folder} non esiste; ci sono ${cause.there}. Scriverne una dopo l’ultima / di MAILBOX_URL`,
        en: `there is no folder ${cause.folder}; there are ${cause.there}. Write one of them behind the last / of MAILBOX_URL`,
      };
    case 'filing_folder':
      return {
        it: `MAILBOX_URL indica la cartella ${cause.folder}, dove kTicket mette ciò che ha preso; indicare quella dove arriva la posta, di solito INBOX`,
        en: `MAILBOX_URL names the folder ${cause.folder}, into which kTicket puts what it has taken in; name the folder where mail arrives, usually INBOX`,
      };
    case 'other':
      return { it: 'errore', en: 'error' };
    default:
      throw cause satisfies never;
  }
}
