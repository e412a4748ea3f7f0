import { checkDkim, type Resolver } from './dkim.ts';
import { codeOf } from '../../log/errors.ts';

/** The result of looking up one name: its records, or the code of the error. */
export type KnownKey = { name: string; records: string[][] | string[] } | { name: string; code: string };

/** Milliseconds that all look-ups of one mail may take. */
const timeoutMs = 5_000;

/** The names under which the keys of a mail's signatures lie, each once. Looks nothing up; never rejects. */
export async function listKeys(raw: Uint8Array): Promise<string[]> {
  const names = new Set<string>();
  await checkDkim(raw, (name) => {
    names.add(name);
    return Promise.reject(new Error('only its name is asked for'));
  });
  return [...names];
}

/** Looks keys up, all at once. Never rejects: one that has not come after 5 s failed like any other look-up. */
export async function lookUpKeys(names: string[], resolver: Resolver): Promise<KnownKey[]> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<{ code: string }>((done) => {
    timer = setTimeout(() => done({ code: 'ETIMEOUT' }), timeoutMs);
  });
  const asked = names.map(async (name): Promise<KnownKey> => {
    const found = resolver(name, 'TXT').then(
      (records) => ({ records }),
      (error: unknown) => ({
        code: codeOf(error) ?? 'EUNKNOWN',
      }),
    );
    return { name, ...(await Promise.race([found, tooLate])) };
  });
  const keys = await Promise.all(asked);
  clearTimeout(timer);
  return keys;
}

/** A resolver that knows these keys and no others. */
export function resolverOf(keys: KnownKey[]): Resolver {
  return async (name) => {
    const key = keys.find((one) => one.name === name);
    if (key !== undefined && 'records' in key) return key.records;
    throw Object.assign(new Error(`no key is known under ${name}`), { code: key?.code ?? 'ETIMEOUT' });
  };
}
