/** Written by hand: prom-client counts in the process. These values are counted in the database and only need formatting. */
import type { Sign } from './state.ts';
import type { AuditTotals } from '../store/reports/audit.ts';
import type { Vitals } from '../store/reports/health.ts';

type Sample = { labels?: Record<string, string>; value: number | null };

/**
 * The desk's metrics in Prometheus' text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). A metric
 * without a value has no line.
 */
export function metricsOf(
  signs: readonly Sign[],
  vitals: Vitals,
  counts: AuditTotals & { tickets: Record<string, number> },
): string {
  return [
    gauge('kticket_healthy', '1: every line of /healthz is well.', [
      { value: signs.some(({ how }) => how === 'FAIL') ? 0 : 1 },
    ]),
    gauge(
      'kticket_messages',
      'Incoming messages by what became of them.',
      by('disposition', counts.incoming),
    ),
    gauge('kticket_outgoing_mails', 'Outgoing mails by their state.', by('state', counts.outgoing)),
    gauge('kticket_tickets', 'Tickets by their state.', by('state', counts.tickets)),
    gauge(
      'kticket_mailbox_last_read_age_seconds',
      'Since a mailbox was last read with success.',
      vitals.mailboxes.map(({ name, lastRead }) => ({ labels: { mailbox: name }, value: lastRead })),
    ),
    gauge(
      'kticket_smtp_last_sent_age_seconds',
      'Since a mail server last took a mail.',
      vitals.smtp.map(({ name, lastSent }) => ({ labels: { server: name }, value: lastSent })),
    ),
    gauge('kticket_oldest_waiting_message_age_seconds', 'For how long the oldest undecided message waits.', [
      { value: vitals.oldestWaiting ?? 0 },
    ]),
    gauge('kticket_oldest_due_mail_age_seconds', 'For how long the mail due longest has been due.', [
      { value: vitals.oldestDue ?? 0 },
    ]),
    gauge('kticket_mail_held', '1: mail is held after a backup came back.', [
      { value: vitals.held === null ? 0 : 1 },
    ]),
  ].join('');
}

function by(label: string, counts: Record<string, number>): Sample[] {
  return Object.entries(counts).map(([name, value]) => ({ labels: { [label]: name }, value }));
}

function gauge(name: string, help: string, samples: Sample[]): string {
  const lines = samples.flatMap(({ labels = {}, value }) => {
    const set = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return value === null ? [] : [`${name}${set.length === 0 ? '' : `{${set.join(',')}}`} ${value}`];
  });
  return `${[`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines].join('\n')}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
