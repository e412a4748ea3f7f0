import type { OutageCause } from '../../core/words/outages.ts';

/**
 * No access token: the provider is unavailable, or refuses the grant. The message is one line without a secret; there is no
 * cause, since the library's errors may contain tokens.
 */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly kind: 'unreachable' | 'auth_refused';
  readonly outage: OutageCause;

  constructor(kind: 'unreachable' | 'auth_refused', message: string, outage: OutageCause) {
    super(message);
    this.kind = kind;
    this.outage = outage;
  }
}
