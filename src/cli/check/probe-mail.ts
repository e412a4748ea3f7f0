import { exchangeOnline } from '../../core/message/authentication.ts';
import type { Tokens } from '../../mail/oauth/oauth.ts';
import { openSmtp } from '../../mail/smtp/smtp.ts';
import type { Config } from '../../config/settings.ts';

/**
 * Sends a mail from the desk to one of its own addresses. It carries a forged verdict for every authserv-id that is
 * trusted or likely, marked so that it is known again.
 */
export async function sendProbe(
  config: Config,
  probe: { to: string; messageId: string; marker: string },
  tokens: Tokens,
): Promise<{ ok: true } | { ok: false; why: string }> {
  const { address } = config.desk;
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const servers = new Set([...config.trustedAuthservIds, exchangeOnline, config.smtp.host, domain]);
  const lines = [
    ...[...servers].map((server) => {
      const named = server === exchangeOnline ? '' : `${server}; `;
      return `Authentication-Results: ${named}dmarc=pass header.from=${domain} policy.kticket=${probe.marker}`;
    }),
    `From: <${address}>`,
    `To: <${probe.to}>`,
    `Message-ID: ${probe.messageId}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    'Subject: kTicket check',
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'Sent by `kticket check --send` to see how mail arrives here. It deletes this mail once it has found it.',
    '',
  ];
  const smtp = openSmtp(config.smtp, tokens);
  try {
    const sent = await smtp.send({ from: address, to: probe.to }, Buffer.from(lines.join('\r\n')));
    return sent.kind === 'accepted' ? { ok: true } : { ok: false, why: sent.text };
  } finally {
    smtp.close();
  }
}
