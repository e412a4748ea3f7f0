import { once } from 'node:events';
import { counted } from '../core/letters/text.ts';
import { type DemoDesk, startDesk } from './desk-server.ts';
import { company, desk, deskPassword, names, pda, people } from './people.ts';
import { play, type Played } from './play.ts';
import { demoInvocation } from './program.ts';
import { heading, narrate, showText, who } from './show.ts';
import { story } from './story.ts';

/**
 * `kticket demo`: a day at the desk over real IMAP, SMTP and PostgreSQL on this machine, told as it happens and held
 * against the manual's table.
 * @param options `keep`: leaves all of it running afterwards, until the signal; `wantsEnglish`: the settings say so, and
 * a notice says that the story is Italian
 * @returns the exit code: 0 as the table says, 1 where it differs or was interrupted
 */
export async function runDemo(
  options: { keep: boolean; wantsEnglish: boolean },
  signal: AbortSignal,
): Promise<number> {
  const began = performance.now();
  narrate(
    'kTicket: a day at the desk, on this machine only. Starting PostgreSQL, a mail server and the worker …',
  );
  if (options.wantsEnglish)
    narrate(
      'LOCALE=en: the story and its mails are Italian all the same; `kticket demo --web` is in English.',
    );
  const running = await startDesk();
  try {
    if (signal.aborted) return 1;
    let number = 0;
    const played = await play(
      running,
      story,
      (one) => {
        number += 1;
        tell(number, one);
      },
      signal,
    );
    const good = sumUp(played, (performance.now() - began) / 1000);
    if (options.keep) {
      explainAccess(running);
      if (!signal.aborted) await once(signal, 'abort');
    }
    return good ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    narrate('\nInterrupted.');
    return 1;
  } finally {
    await running.close();
    narrate('Everything is stopped and removed.');
  }
}

/** Prints the outcome of a step, and the text of the first mail of each kind. */
function tell(number: number, { step, disposition, arrivals }: Played): void {
  heading(number, step.title);
  narrate(`   ${who(step.who)} writes:`);
  showText(step.writing.kind === 'button' ? `${step.writing.word}\n${step.writing.text}` : step.writing.text);
  narrate(`   → ${disposition}`, 'good');
  if (arrivals.length === 0) narrate('   nobody receives anything', 'quiet');
  const shown = new Set<string>();
  for (const { to, template, mail } of arrivals) {
    narrate(`   ✉ ${template.padEnd(20)} to ${who(to)}: ${mail.subject}`);
    if (shown.has(template)) continue;
    shown.add(template);
    showText(mail.text);
  }
}

function sumUp(played: readonly Played[], seconds: number): boolean {
  narrate();
  narrate('Held against the manual: who received what');
  for (const { step, arrivals, problems } of played) {
    const mails = counted(arrivals.length, 'mail');
    const good = problems.length === 0;
    narrate(`  ${good ? 'ok  ' : 'FAIL'}  ${step.title} (${mails})`, good ? 'good' : 'bad');
    for (const problem of problems) narrate(`          ${problem}`, 'bad');
  }
  const wrong = played.filter(({ problems }) => problems.length > 0).length;
  narrate();
  narrate(
    wrong === 0
      ? `All as the manual says, in ${seconds.toFixed(1)} s; no internal word reached a client. \`${demoInvocation} --keep\` leaves it running to try.`
      : `${wrong} of ${played.length} steps ${wrong === 1 ? 'differs' : 'differ'} from the manual.`,
  );
  return wrong === 0;
}

function explainAccess({ server, dataDirectory, mailboxUrls }: DemoDesk): void {
  narrate();
  narrate('Left running. Connect a mail program (no TLS, password login):');
  const smtp = new URL(server.smtpUrl(people.anna.email));
  narrate(`  outgoing mail for everybody   SMTP ${smtp.hostname} port ${smtp.port}, same user and password`);
  for (const name of names) {
    const { email, password } = people[name];
    const imap = new URL(server.imapUrl(email));
    narrate(
      `  ${who(name).padEnd(28)}  IMAP ${imap.hostname} port ${imap.port}  user ${email}  password ${password}`,
    );
  }
  narrate(
    `Write to ${desk.address} or ${pda.address}. Clients: anybody at ${company.domain} (${company.name}).`,
  );
  narrate('The desk itself, in another terminal:');
  narrate(`  KTICKET_DATA=${dataDirectory} npx kticket ticket list`);
  narrate(
    `  (its mailboxes: ${mailboxUrls.map((url) => url.replace(`:${deskPassword}@`, ':…@')).join(' ')}; password ${deskPassword})`,
  );
  narrate('Ctrl-C stops and removes everything.');
}
