/** Facts that a receiving server knows about a mail when delivering it. */
export type TraceInfo = {
  /** this server's name in its own Authentication-Results */
  authservId: string;
  /** the SMTP client's own name and address */
  heloName: string;
  remoteAddress: string;
  /** logged in: ESMTPA (RFC 3848) */
  authenticated: boolean;
  /** '' for the null sender */
  envelopeSender: string;
  /** as the sender wrote it, plus-address detail and all */
  envelopeRecipient: string;
  /** DMARC verdict on the From domain */
  verdict: 'pass' | 'fail' | 'none';
  fromDomain: string;
  at: Date;
};

/**
 * The message as the mailbox receives it: trace headers on top (RFC 5321 §4.4, RFC 8601 §5), and gone whatever
 * already claimed to be a verdict of this server, which only a forger could have written. The body is not touched.
 */
export function withTraceHeaders(raw: Buffer, arrival: TraceInfo): Buffer {
  const { header, rest } = splitHeader(raw);
  const kept = headerFields(header).filter((field) => !claimsVerdictOf(field, arrival.authservId));
  const trace = [
    `Return-Path: <${arrival.envelopeSender}>`,
    `Delivered-To: ${arrival.envelopeRecipient}`,
    `Authentication-Results: ${arrival.authservId}; dmarc=${arrival.verdict} header.from=${arrival.fromDomain}`,
    `Received: from ${arrival.heloName} ([${arrival.remoteAddress}])`,
    `\tby ${arrival.authservId} with ${arrival.authenticated ? 'ESMTPA' : 'ESMTP'}`,
    `\tfor <${arrival.envelopeRecipient}>; ${arrival.at.toUTCString().replace('GMT', '+0000')}`,
  ];
  return Buffer.concat([Buffer.from(`${trace.join('\r\n')}\r\n${kept.join('')}`, 'latin1'), rest]);
}

/** The bytes of the header block, its last line break included, and everything after it. */
function splitHeader(raw: Buffer): { header: string; rest: Buffer } {
  if (/^\r?\n/.test(raw.subarray(0, 2).toString('latin1'))) return { header: '', rest: raw };
  const ends = [raw.indexOf('\r\n\r\n'), raw.indexOf('\n\n')].filter((at) => at >= 0);
  if (ends.length === 0) return { header: raw.toString('latin1'), rest: Buffer.alloc(0) };
  const at = Math.min(...ends);
  const end = at + (raw[at] === 0x0d ? 2 : 1);
  return { header: raw.subarray(0, end).toString('latin1'), rest: raw.subarray(end) };
}

/** Header fields, each with its folded lines and line breaks (RFC 5322 §2.2.3). */
function headerFields(header: string): string[] {
  const fields: string[] = [];
  for (const line of header.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    const last = fields.length - 1;
    if (last >= 0 && /^[ \t]/.test(line)) fields[last] += line;
    else fields.push(line);
  }
  return fields;
}

function claimsVerdictOf(field: string, authservId: string): boolean {
  const value = /^authentication-results[ \t]*:([^]*)$/i.exec(field)?.[1];
  if (value === undefined) return false;
  // comments may stand before the id (RFC 8601 §2.2)
  const id = /^[\s]*(?:\([^)]*\)\s*)*"?([^\s;"]+)/.exec(value)?.[1] ?? '';
  return id.toLowerCase() === authservId.toLowerCase();
}
