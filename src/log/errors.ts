/** Inspection of thrown values, which are `unknown`; nothing else inspects them. */

/** The text under a name of an error, such as `response` of a mail server's error, or null if absent or empty. */
export function errorText(error: unknown, name: string): string | null {
  const found = errorField(error, name);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** Whatever an error carries under a name. */
export function errorField(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}

/** The `code` that Node, PostgreSQL and the mail libraries put on their errors, or null if it has none. */
export function codeOf(error: unknown): string | null {
  return errorText(error, 'code');
}

/** The message of an error, for use within a sentence. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return typeof error === 'object' && error !== null ? JSON.stringify(error) : String(error);
  }
  // Node tries several addresses of one name, and says nothing itself
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return error.message || (inner === undefined ? '' : messageOf(inner));
}

/** The first line of what an error says: more of a parser's or the database's could quote the mail. */
export function messageLineOf(error: unknown): string {
  return messageOf(error).split('\n', 1)[0] ?? '';
}

/** An error in as few words as there are: its code, else all of it. */
export function codeOrWords(error: unknown): string {
  return codeOf(error) ?? String(error);
}

/** True if the error says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}
