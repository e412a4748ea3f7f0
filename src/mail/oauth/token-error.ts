import type { OutageCause } from '../../core/words/outages.ts';

/**
 * Why there is no access token: the provider cannot be asked just now, or it refuses the grant. Its message is one
 * line without a secret; it has no cause, since the library's errors may hold tokens.
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
