/** What to do about each, by Node's code or OpenSSL's words; the first that fits counts. */
const remedies: [RegExp, string][] = [
  [/altname/i, 'the URL must name the server as its certificate does'],
  [/has[ _]expired/i, 'it must be renewed on that server'],
  [/not[ _]yet[ _]valid/i, 'is the clock of this machine right?'],
  [
    /unsupported[ _]protocol|protocol[ _]version/i,
    'it speaks no TLS 1.2 or newer, which must be turned on there: nothing older is used',
  ],
  [/cert|self[-_]signed|unable_to/i, 'an own certificate authority is named in NODE_EXTRA_CA_CERTS'],
];

/**
 * What to do where TLS is what failed; null: it is something else.
 * @param said the error's code and message
 */
export function tlsRemedy(said: string): string | null {
  return remedies.find(([trouble]) => trouble.test(said))?.[1] ?? null;
}
