import { nameKey } from '../letters/name-key.ts';
import { oneSpaced, splitLines, withoutInvisible } from '../letters/text.ts';
import type { ClientForm } from '../message/client-words.ts';

type Field = Exclude<keyof ClientForm, 'description'> | 'description';

/** Labels of the form's fields. `sure`: written in forms only, unlike the `Tel:` of a signature. */
const labels: { field: Field; sure: boolean; words: RegExp }[] = [
  { field: 'name', sure: true, words: /^(?:nominativo|nome e cognome|richiedente)$/u },
  { field: 'name', sure: false, words: /^(?:nome|name)$/u },
  {
    field: 'email',
    sure: false,
    words: /^(?:e-?mail|mail|posta elettronica|indirizzo e-?mail|indirizzo mail)$/u,
  },
  {
    field: 'phone',
    sure: false,
    words: /^(?:telefono|tel|cellulare|cell|recapito|recapito telefonico|phone)$/u,
  },
  {
    field: 'category',
    sure: true,
    words: /^(?:problematica|tipo di problema|tipo di problematica|tipo problema|problem type)$/u,
  },
  { field: 'category', sure: true, words: /^(?:categoria|category)$/u },
  { field: 'description', sure: true, words: /^(?:descrizione|descrizione del problema|description)$/u },
];
const label = /^\s*[*_•-]*\s*(\p{L}[\p{L} -]{2,30}?)\s*[*_]*\s*[:：]\s*[*_]*\s*(.*)$/u;
const email = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}.-]{1,255}\.\p{L}{2,}/iu;
/** Most lines from the top within which a single field counts as a form. */
const top = 3;

type FieldLine = { field: Field; sure: boolean; value: string };

/**
 * The fields of the manual's form in a client's mail: lines such as `Nominativo: Anna Rossi`. Prose is not misread: there must
 * be two such fields, or one in the first lines, and one of them must be of a kind that no signature holds. What is no field is
 * description; so is the phone number, which a ticket has no place of its own for.
 * @param text the new text of the mail
 * @returns `above`: of each line of the text, and of its end, how many lines of the description stand above it
 */
export function readForm(text: string): { form: ClientForm; above: number[] } {
  const lines = splitLines(text);
  const fields = lines.map(fieldOf);
  const first = fields.findIndex((f) => f !== null);
  const given = new Set(fields.flatMap((f) => (f === null ? [] : [f.field])));
  const higher = lines.slice(0, Math.max(first, 0)).filter((line) => line.trim() !== '').length;
  const isForm = fields.some((f) => f?.sure === true) && (given.size >= 2 || higher < top);
  const form: ClientForm = { name: null, email: null, phone: null, category: null, description: text };
  if (!isForm) return { form, above: [...lines.keys(), lines.length] };

  const description: string[] = [];
  const above: number[] = [];
  let described = false;
  let told = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const field = fields[i] ?? null;
    above[i] = description.length;
    // Below the description stand signatures, with an E-mail and a Tel of their own.
    if (
      field === null ||
      (told && !field.sure) ||
      (field.field !== 'description' && form[field.field] !== null)
    ) {
      description.push(line);
      if (described && line.trim() !== '') told = true;
      continue;
    }
    if (field.field === 'description') {
      described = true;
      told = told || field.value !== '';
      description.push(field.value);
      continue;
    }
    // A form set as a table arrives with each value on the line below its label.
    const below = lines[i + 1]?.trim() ?? '';
    const isBelow = field.value === '' && below !== '' && (fields[i + 1] ?? null) === null;
    const value = isBelow ? below : field.value;
    if (field.field === 'phone') description.push(isBelow ? `${line.trim()} ${value}` : line);
    if (isBelow) above[++i] = description.length;
    form[field.field] = valueOf(field.field, value);
  }
  above.push(description.length);
  // blank lines above the first word go
  const blank = Math.max(
    0,
    description.findIndex((line) => line.trim() !== ''),
  );
  return {
    form: { ...form, description: description.join('\n').trim() },
    above: above.map((count) => Math.max(0, count - blank)),
  };
}

function fieldOf(line: string): FieldLine | null {
  if (line.length > 2000) return null;
  const parts = label.exec(withoutInvisible(line));
  const name = nameKey(parts?.[1] ?? '');
  const known = name === '' ? undefined : labels.find(({ words }) => words.test(name));
  return known === undefined
    ? null
    : { field: known.field, sure: known.sure, value: (parts?.[2] ?? '').trim() };
}

function valueOf(field: Field, value: string): string | null {
  if (field === 'email') return email.exec(value)?.[0].toLowerCase() ?? null;
  const line = oneSpaced(value).trim();
  return line === '' || line.length > 200 ? null : line;
}
