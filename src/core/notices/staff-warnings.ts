/** Warnings about a mail, for the staff who read it. */
import { addressesIn, emailDomain, normaliseEmail } from '../address/address.ts';
import { lookalikeOf } from '../letters/lookalike.ts';
import { isFreeMailDomain } from '../address/public-mail-domains.ts';
import { namesakeOf } from '../letters/lookalike.ts';
import type { Case } from '../case/case.ts';
import { queueAt } from '../case/queue.ts';
import { type Warning, warningInWords } from '../words/warnings.ts';
import { markerLine } from '../words/words.ts';

/** Each a sentence in the language of the staff. */
export function warningsOf(c: Case): string[] {
  const own = [writtenAsUs(c), ...repliesElsewhere(c), imitation(c), cutAtMarker(c), unread(c)].filter(
    (warning) => warning !== null,
  );
  return [...own, ...c.message.warnings].map((warning) => warningInWords(warning, c.policy.locale));
}

/** Contact forms and business programs write who asks into Reply-To alone (BAD-MAIL 34). */
function repliesElsewhere({ snapshot, policy }: Case): Warning[] {
  const others = snapshot.repliesGoTo.filter(({ address }) => queueAt(address.email, policy.queues) === null);
  return others.map(({ address, company }) => {
    const to = address.name === '' ? address.email : `${address.name} <${address.email}>`;
    return { kind: 'replies_elsewhere', to, company };
  });
}

function writtenAsUs({ message: { writtenAs } }: Case): Warning | null {
  return writtenAs === null ? null : { kind: 'written_as_us', from: writtenAs.email };
}

/** Its sender looks like one of us: by the address or the name in their display name, or by their domain. */
function imitation(c: Case): Warning | null {
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
  if (shown !== undefined) return { kind: 'shows_our_address', shown, email };
  if (imitates(email)) return { kind: 'imitates_our_domain', email };
  const colleague = namesakeOf(
    name,
    c.snapshot.staff.map((staff) => staff.name),
  );
  return colleague === null ? null : { kind: 'shows_our_name', name: colleague, email };
}

/** Warns of text below an unmarked copy of our mail, which may not be the writer's own. */
function unread(c: Case): Warning | null {
  const { unread: words, quotesOurs } = c.snapshot.newWords;
  return quotesOurs && words !== '' ? { kind: 'unmarked_below' } : null;
}

/** Warns of our marker line in a mail that answers nothing of ours: the text below it is not in the text shown to staff. */
function cutAtMarker(c: Case): Warning | null {
  const { reply, fullText, inReplyTo, references } = c.message;
  const { tickets, tokens } = c.snapshot;
  const named = [...tickets.byToken, ...tickets.byTag, ...tickets.byReference, ...tokens, ...inReplyTo];
  // where nothing stands above the line, and of what is passed on, the whole text is shown
  if (named.length > 0 || references.length > 0 || reply.forwarded !== null) return null;
  if (reply.textWithContext === '' || reply.guessed) return null;
  const cut = reply.cuts.find(({ reason }) => reason === 'marker');
  if (cut === undefined) return null;
  const below = fullText.split('\n').slice(cut.fromLine, cut.toLine);
  const lines = below.filter((line) => line.trim() !== '').length;
  return lines === 0 ? null : { kind: 'cut_at_marker', marker: markerLine('reply', c.policy.locale) };
}
