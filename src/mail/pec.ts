import type { Defect, Excess } from '../core/quarantine-words.ts';
import type { Warning } from '../core/warning-words.ts';
import type { Content } from './content.ts';
import { readContent } from './content.ts';
import type { ParseLimits } from './limits.ts';

/** What a mail says, once an envelope of certified mail is opened. */
export type Opened = { content: Content; warnings: Warning[]; defect: Defect | null };

/**
 * Opens the envelope of Italian certified mail (`X-Trasporto: posta-certificata`): the message inside,
 * `postacert.eml`, speaks; the envelope's From (`Per conto di: …`) is the provider's. Any other mail stays as it is.
 * Whether the provider's signature holds is not judged here.
 */
export function openCertified(envelope: Content, limits: ParseLimits): Opened {
  const transport = envelope.headers.get('x-trasporto')?.[0]?.trim().toLowerCase();
  if (envelope.defect !== null || transport === undefined)
    return { content: envelope, warnings: [], defect: null };
  const inner = envelope.attachments.find(
    ({ contentType, filename }) =>
      contentType === 'message/rfc822' || filename.toLowerCase() === 'postacert.eml',
  );
  if (transport !== 'posta-certificata') {
    // an anomaly envelope carries a mail of the ordinary kind, whose sender nobody certifies (BAD-MAIL 93)
    const content = inner === undefined ? envelope : readContent(inner.content, limits);
    return {
      content,
      warnings: [{ kind: 'uncertified' }],
      defect: inside(content.defect),
    };
  }
  if (inner === undefined) {
    return {
      content: envelope,
      warnings: [],
      defect: { kind: 'no_certified_mail' },
    };
  }
  const content = readContent(inner.content, limits);
  const defect: Defect | null =
    content.headers.size === 0 ? { kind: 'certified_without_headers' } : inside(content.defect);
  return { content, warnings: [], defect };
}

function inside(excess: Excess | null): Defect | null {
  return excess === null ? null : { kind: 'excess_inside', excess };
}
