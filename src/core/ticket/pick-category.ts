import type { Category } from './ticket.ts';
import { nameKey } from '../letters/name-key.ts';
import { wordsOf } from '../letters/text.ts';
import { otherCategory } from '../words/words.ts';

/**
 * The category of a new ticket: the one the client named, else the first of the list one of whose keywords stands as a whole
 * word in the subject, else in the text; else *Altro*. Case and accents do not matter.
 * @param categories in the admin's order
 * @param named the category in the client's form, or null if it gives none
 */
export function pickCategory(
  categories: Category[],
  named: string | null,
  subject: string,
  text: string,
): string {
  const byName = named === null ? undefined : categories.find((c) => nameKey(c.name) === nameKey(named));
  if (byName !== undefined) return byName.name;
  for (const place of [named ?? '', subject, text]) {
    const words = ` ${wordsOf(place).join(' ')} `;
    const found = categories.find((c) => c.keywords.some((keyword) => holds(words, keyword)));
    if (found !== undefined) return found.name;
  }
  return otherCategory;
}

function holds(words: string, keyword: string): boolean {
  const key = wordsOf(keyword).join(' ');
  return key !== '' && words.includes(` ${key} `);
}
