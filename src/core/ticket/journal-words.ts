/** What happens at a desk, in the words of its log and of `kticket log`: nothing that anybody wrote stands in them. */
import type { Disposition, OutboxState } from '../kinds.ts';
import type { TemplateName } from './template-views.ts';

/** `tone`: `good` something ended well, `bad` it wants somebody, `quiet` of little weight; `todo`: what they can do. */
export type Said = { words: string; tone: 'plain' | 'good' | 'bad' | 'quiet'; todo?: string };

/** In the reason of what no notice told anybody. */
export const nobodyTold = 'nobody told: ';

/**
 * What became of a message.
 * @param message its id, and whose it is, where the line may say so: null where no address could be read
 * @param reason in English, as the decision says it
 */
export function messageInWords(
  { id, from }: { id: number; from?: string | null },
  disposition: Disposition,
  reason: string | null,
): Said {
  const whose = from === null ? ', whose sender could not be read,' : ` of ${from}`;
  const message = `message ${id}${from === undefined ? '' : whose}`;
  const why = reason === null ? '' : `: ${reason}`;
  const wasNoticed = reason?.includes(nobodyTold) !== true;
  switch (disposition) {
    case 'pending':
      return { words: `${message} came in and waits`, tone: 'quiet' };
    case 'opened':
      return { words: `${message} opened the ticket${why}`, tone: 'plain' };
    case 'follow_up':
    case 'command':
    case 'internal_note':
      return { words: `${message} was acted on${why}`, tone: 'plain' };
    case 'refused':
      return { words: `${message} was refused${why.replace(': refused: ', ': ')}`, tone: 'bad' };
    case 'confirm_asked':
      return { words: `${message} waits for a confirmation${why}`, tone: 'bad' };
    case 'held':
      return {
        words: `${message} is held until somebody accepts or rejects its sender${why}`,
        tone: 'bad',
        todo: `${wasNoticed ? 'Answer the notice, or run' : 'Run'} kticket message accept ${id} --company NAME or kticket message reject ${id}`,
      };
    case 'rejected':
      return { words: `${message} was rejected${why}`, tone: 'quiet' };
    case 'ignored':
      return { words: `${message} was ignored${why}`, tone: 'quiet' };
    case 'bounce':
      return { words: `${message} tells of a mail that did not arrive${why}`, tone: 'quiet' };
    case 'duplicate':
      return { words: `${message} had come before${why}`, tone: 'quiet' };
    case 'quarantined':
      return {
        words: `${message} is in quarantine${why}`,
        tone: 'bad',
        todo: `To look at it: kticket message raw ${id}; to have it read again: kticket message retry ${id}`,
      };
    default:
      throw disposition satisfies never;
  }
}

/**
 * What became of a mail of ours.
 * @param mail `ids` and `to`: of all its readers to whom the same happened; `error`: the server's answer, if it refused
 */
export function mailInWords(mail: {
  ids: readonly number[];
  template: TemplateName;
  to: readonly string[];
  state: OutboxState;
  error: string | null;
}): Said {
  const { state, ids, error } = mail;
  const words = `${mailWords[mail.template]} to ${mail.to.join(', ')}`;
  const why = error === null ? '' : `: ${error.replace(/[.\s]+$/u, '')}`;
  const retry = `kticket outbox retry ${ids.join(' ')}`;
  switch (state) {
    case 'queued':
      return { words: `${words} waits to be sent`, tone: 'quiet' };
    case 'deferred':
      return { words: `${words} could not be sent yet and is tried again${why}`, tone: 'plain' };
    case 'sent':
      return { words: `${words} sent`, tone: 'quiet' };
    case 'failed':
      return {
        words: `${words} failed for good${why}`,
        tone: 'bad',
        todo: `Is the address right? To try once more: ${retry}`,
      };
    case 'cancelled':
      return { words: `${words} taken back before it was sent`, tone: 'quiet' };
    case 'awaiting_release':
      return {
        words: `${words} waits for an administrator to release it`,
        tone: 'bad',
        todo: `To send it: ${retry}`,
      };
    default:
      throw state satisfies never;
  }
}

const mailWords: Record<TemplateName, string> = {
  'opened-client': 'confirmation of opening',
  'opened-staff': 'notification of opening',
  'closed-client': 'closing mail',
  'closed-staff': 'notification of closing',
  'in-progress-staff': 'notification of who took charge',
  'internal-note-staff': 'internal communication',
  'follow-up-staff': 'what the client wrote',
  'reopened-staff': 'notification of reopening',
  'delivery-failed-staff': 'notice of a mail that did not arrive',
  'held-staff': 'notice of an unknown sender',
  'confirm-staff': 'question whether a command is theirs',
  'receipt-staff': 'receipt',
  'help-staff': 'help',
  'alert-administrator': 'alert of an outage',
  'declined-stranger': 'word to a stranger whom to ask',
  'quarantine-administrator': 'notice of a quarantined message',
};

/** Whether a name is that of a mail of ours. */
export function hasMailWords(name: string): name is TemplateName {
  return Object.hasOwn(mailWords, name);
}

/** All of it as one text; `id`: a Message-ID, which stands before what can be done. */
export function saidInFull({ words, todo }: Said, id: string | null): string {
  return `${words}${id === null ? '' : ` ${id}`}${todo === undefined ? '' : `. ${todo}`}`;
}

/** What the desk cannot do without. `name`: the mailbox, or the mail server, which is null where the log need not name it. */
export type Needed =
  | { what: 'mailbox'; name: string }
  | { what: 'smtp'; name: string | null }
  | { what: 'database' };

/** An outage begins: what fails, why, and what follows. `said`: why, without a secret. */
export function outageBegins(part: Needed, said: string): string {
  // it may begin as this line does
  const why = said
    .replace(/^the database cannot be used: /u, '')
    .replace(/[.?!\s]+$/u, (end) => (end.includes('?') ? '?' : ''));
  const stop = why.endsWith('?') ? '' : '.';
  switch (part.what) {
    case 'mailbox':
      return `mailbox ${part.name} cannot be read: ${why}${stop} New mail waits on its server; the desk keeps trying`;
    case 'smtp':
      return `mail cannot be sent${part.name === null ? '' : ` by ${part.name}`}: ${why}${stop} It waits in the outbox; the desk keeps trying`;
    case 'database':
      return `the database cannot be used: ${why}${stop} Everything waits until it is back; nothing is lost`;
    default:
      throw part satisfies never;
  }
}

/** An outage is over. `waited`: how much waited for that, or null where nobody counted. */
export function outageEnds(part: Needed, seconds: number, waited: number | null): string {
  const after = `after ${durationInWords(seconds)}`;
  const rest = waited === null ? '' : `; ${waited === 0 ? 'nothing' : waited} waited`;
  switch (part.what) {
    case 'mailbox':
      return `mailbox ${part.name} is read again ${after}${rest}`;
    case 'smtp':
      return `mail is sent again${part.name === null ? '' : ` by ${part.name}`} ${after}${rest}`;
    case 'database':
      return `the database works again ${after}${rest}`;
    default:
      throw part satisfies never;
  }
}

/** `45 s`, `12 min`, `3 h 05 min`. */
export function durationInWords(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  const rest = minutes % 60;
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${String(rest).padStart(2, '0')} min`}`;
}
