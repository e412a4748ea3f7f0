/** What is odd about a mail, as the staff who read it are told. */
import { addressesIn, emailDomain, normaliseEmail } from './address.ts';
import { lookalikeOf } from './lookalike.ts';
import { isFreeMailDomain } from './providers.ts';
import { markerLine } from './marker.ts';
import type { Case } from './outcome.ts';
import type { Locale } from './words.ts';

/** Each a sentence in the language of the staff. */
export function warningsOf(c: Case): string[] {
  const { locale } = c.policy;
  const own = [imitation(c), cutAtMarker(c)].filter((warning) => warning !== null);
  return [...own, ...c.message.warnings.map((warning) => inWords(warning, locale))];
}

/** Its sender looks like one of us: by the address in their display name, or by their domain. */
function imitation(c: Case): string | null {
  const { from } = c.message;
  if (!from.ok) return null;
  const { name, email } = from.address;
  const ours = [
    ...c.snapshot.staff.flatMap((staff) => [staff.email, ...staff.aliases]),
    ...c.policy.queues.map(({ address }) => address),
  ];
  if (ours.includes(email)) return null;
  const domains = ours.map(emailDomain).filter((domain) => !isFreeMailDomain(domain));
  const imitates = (address: string): boolean => lookalikeOf(emailDomain(address), domains) !== null;
  const shown = addressesIn(name).find((written) => {
    const address = normaliseEmail(written);
    if (address === null || address === email || emailDomain(address) === emailDomain(email)) return false;
    return ours.includes(address) || domains.includes(emailDomain(address)) || imitates(address);
  });
  if (shown !== undefined) {
    return c.policy.locale === 'it'
      ? `il mittente si presenta come ${shown}, ma il suo indirizzo è ${email}`
      : `its sender goes by the name of ${shown}, but the address is ${email}`;
  }
  if (!imitates(email)) return null;
  return c.policy.locale === 'it'
    ? `l’indirizzo ${email} imita il dominio dell’assistenza`
    : `the address ${email} imitates the desk’s domain`;
}

/** A mail that answers nothing of ours holds our marker line: what stands below is not in the text that staff are shown. */
function cutAtMarker(c: Case): string | null {
  const { reply, fullText, inReplyTo, references } = c.message;
  const { tickets, tokens } = c.snapshot;
  const named = [...tickets.byToken, ...tickets.byTag, ...tickets.byReference, ...tokens, ...inReplyTo];
  // where nothing stands above the line, and of what is passed on, the whole text is shown
  if (named.length > 0 || references.length > 0 || reply.textWithContext === '' || reply.forwarded !== null)
    return null;
  const cut = reply.cuts.find(({ reason }) => reason === 'marker');
  if (cut === undefined) return null;
  const below = fullText.split('\n').slice(cut.fromLine, cut.toLine);
  const lines = below.filter((line) => line.trim() !== '').length;
  if (lines === 0) return null;
  const line = markerLine('reply', c.policy.locale);
  return c.policy.locale === 'it'
    ? `sotto la riga «${line}» il messaggio continua, e il seguito non è riportato; la mail è conservata per intero`
    : `below the line “${line}” the message goes on, and the rest is not shown; the mail is kept in full`;
}

/** How the reading of a mail's parts says that something was wrong, in Italian. What stands before `: ` names the part. */
const italian: Record<string, string> = {
  'its text is too long: only the beginning is read': 'il testo è troppo lungo: se ne legge solo l’inizio',
  'characters that its charset cannot hold were replaced':
    'alcuni caratteri, che la sua codifica non prevede, sono stati sostituiti',
  'it is in UTF-7, which is no longer read: some letters are signs between + and -':
    'il testo usa una codifica non più ammessa (UTF-7): al posto di alcune lettere ci sono segni tra + e -',
  'its last MIME boundary is missing: it may be cut off':
    'manca la fine del messaggio: potrebbe essere incompleto',
  'it is encrypted: its text cannot be read': 'il messaggio è cifrato: il testo non si può leggere',
  'not certified: an anomaly envelope of certified mail':
    'non certificato: è una busta di anomalia della PEC',
  'its HTML hides text from its reader: that text is left out':
    'il messaggio contiene testo nascosto al lettore, che non è riportato',
  'its transfer encoding is unknown': 'la codifica di trasferimento è sconosciuta',
  'its base64 is cut off': 'la codifica base64 è troncata',
  'it is labelled base64 but is none': 'si dichiara in base64, ma non lo è',
};

function inWords(warning: string, locale: Locale): string {
  if (locale === 'en') return warning;
  const whole = italian[warning];
  if (whole !== undefined) return whole;
  const [, part, problem = ''] = /^(.*): ([^:]+)$/su.exec(warning) ?? [];
  const said = italian[problem];
  if (part === undefined || said === undefined) return warning;
  const attachment = /^the attachment (.*)$/su.exec(part)?.[1];
  return `${attachment === undefined ? 'una parte del testo' : `l’allegato ${attachment}`}: ${said}`;
}
