import { ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { oneLine } from '../../core/letters/clean.ts';
import { TokenError } from './token-error.ts';
import type { OAuthSettings } from '../../config/settings.ts';
import { errorText, codeOf } from '../../log/errors.ts';

/** Errors that pass by themselves (RFC 6749 §4.1.2.1; `slow_down`: RFC 8628 §3.5). */
const passing = new Set(['temporarily_unavailable', 'server_error', 'slow_down']);

/** Remedies for errors of the token endpoint (RFC 6749 §5.2, OpenID Connect Core §3.1.2.6, Microsoft's own). */
const remedies: Record<string, string> = {
  invalid_grant:
    'the consent has expired or was withdrawn: `kticket oauth login` asks for a new one, with which the desk goes on',
  interaction_required: 'a person has to log in again: `kticket oauth login`',
  login_required: 'a person has to log in again: `kticket oauth login`',
  consent_required:
    'the permissions lack consent: an administrator grants it in the provider’s console, or `kticket oauth login`',
  invalid_client:
    'check OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET; a secret that has expired is made anew in the provider’s console',
  unauthorized_client:
    'the app is unknown there or may not do this: check OAUTH_CLIENT_ID, OAUTH_TENANT and the app’s permissions',
  invalid_scope: 'check OAUTH_SCOPE and the app’s permissions',
};

/** The same by Microsoft's error numbers, which are more specific than the error's name. */
const microsoftRemedies: [RegExp, string][] = [
  [
    /AADSTS7000222/,
    'the secret has expired: make a new one in the Entra admin center and set OAUTH_CLIENT_SECRET',
  ],
  [/AADSTS7000215/, 'set OAUTH_CLIENT_SECRET to the secret’s value, not to its id'],
  [
    /AADSTS(700016|90002|900023)/,
    'check OAUTH_CLIENT_ID and OAUTH_TENANT: the app or the tenant is not found',
  ],
];

const otherwise = 'the settings OAUTH_… do not suit the provider; `kticket check` tries them';

/**
 * The meaning of a failed request to the token endpoint.
 * @param secrets texts that the provider may repeat and nobody may read
 */
export async function toTokenError(
  error: unknown,
  settings: OAuthSettings,
  grant: string,
  secrets: string[],
): Promise<TokenError> {
  const { host } = new URL(settings.tokenUrl);
  const answer = await answerOf(error);
  if (answer === null) {
    return new TokenError(
      'unreachable',
      `${host} cannot be asked for a token (${grant}): ${networkWords(error)}`,
      { kind: 'no_token', host, said: networkWords(error) },
    );
  }
  const said = answer.error === null ? `HTTP ${answer.status}` : oneLineOf(answer, secrets);
  if (answer.status >= 500 || answer.status === 429 || passing.has(answer.error ?? '')) {
    return new TokenError('unreachable', `${host} gives no token just now (${grant}): ${said}`, {
      kind: 'no_token',
      host,
      said,
    });
  }
  const remedy =
    answer.error === null
      ? 'is that its token endpoint?'
      : (microsoftRemedies.find(([pattern]) => pattern.test(said))?.[1] ??
        remedies[answer.error] ??
        otherwise);
  return new TokenError('auth_refused', `${host} refuses the ${grant}: ${said}; ${remedy}`, {
    kind: 'token_refused',
    host,
    said,
  });
}

/** The endpoint's answer: its status and, if it is an OAuth2 error, that error. */
type Answer = { status: number; error: string | null; description: string };

async function answerOf(thrown: unknown): Promise<Answer | null> {
  if (thrown instanceof ResponseBodyError) {
    return { status: thrown.status, error: thrown.error, description: thrown.error_description ?? '' };
  }
  if (thrown instanceof WWWAuthenticateChallengeError) {
    // the library reads no further than the header, and the error stands in the body
    const body: unknown = await thrown.response.json().catch(() => null);
    return {
      status: thrown.status,
      error: errorText(body, 'error'),
      description: errorText(body, 'error_description') ?? '',
    };
  }
  if (thrown instanceof ClientError && thrown.cause instanceof Response) {
    const { status } = thrown.cause;
    return { status, error: status === 200 ? 'its answer holds no token' : null, description: '' };
  }
  if (thrown instanceof ClientError && thrown.code === 'OAUTH_INVALID_RESPONSE') {
    return { status: 200, error: 'its answer holds no token', description: '' };
  }
  return null;
}

/** Microsoft adds ids and a time for its own support staff. */
const forSupport = /\s*Trace ID: .*$/s;

function oneLineOf({ error, description }: Answer, secrets: string[]): string {
  const words = description.replace(forSupport, '').trim();
  const whole = secrets
    .filter((secret) => secret !== '')
    .reduce(
      (text, secret) => text.replaceAll(secret, '…'),
      words === '' ? (error ?? '') : `${error}: ${words}`,
    );
  return oneLine(whole).slice(0, 400);
}

/** Node's reason for a failed connection: the innermost cause. */
function networkWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ClientError && error.code === 'OAUTH_TIMEOUT') return 'no answer in time';
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  if (inner instanceof Error) return networkWords(inner);
  return oneLine(error.message || (codeOf(error) ?? error.name)).slice(0, 300);
}
