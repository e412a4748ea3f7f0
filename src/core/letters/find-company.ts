import { type CompanyName, isTelling, isTrade, readCompanyName } from './company-name.ts';
import type { Found } from './find-by-name.ts';
import { nameKey } from './name-key.ts';
import { editDistance } from './text.ts';
import { asItLooks } from './lookalike.ts';

/** Companies that are offered for one name, at most. */
const mostNear = 6;

/**
 * Looks for a company as people write its name: `rossi costruzioni srl` is `Rossi Costruzioni S.r.l.`. Certain are, and the
 * first of these that finds any decides: the name as it is registered; the same words; in another order; a part of
 * the name that tells it from others, with or without its trade (`Bianchi` for `Studio legale Bianchi`).
 * A legal form may be missing; another one is another company, and so is what has one where only a part of the name is said of
 * one without. A person's title is nobody's who has another one, nor a company's.
 * @returns several certain ones: the name fits each; `near`: only where none is certain, the likeliest first
 */
export function findCompany<T extends { name: string }>(said: string, among: readonly T[]): Found<T> {
  const key = nameKey(said);
  const asked = readCompanyName(said);
  const nothing: Found<T> = { certain: [], near: [] };
  if (asked.letters === '') return nothing;
  const candidates = among.map((one) => ({ one, key: nameKey(one.name), name: readCompanyName(one.name) }));

  const mayBe = (name: CompanyName): boolean =>
    isSameTitle(asked, name) && (!asked.isWoundUp || name.isWoundUp);
  const isForm = (name: CompanyName): boolean => name.form === asked.form && mayBe(name);
  const mayBeForm = (name: CompanyName): boolean => isSameForm(asked, name) && mayBe(name);
  const isSpelled = (name: CompanyName): boolean => asked.allLetters === name.allLetters;
  const whole: ((name: CompanyName) => boolean)[] = [
    (name) => isForm(name) && isSpelled(name),
    (name) => mayBeForm(name) && isSpelled(name),
    (name) => isForm(name) && isSpelledAlike(asked, name),
    (name) => mayBeForm(name) && isSpelledAlike(asked, name),
    (name) => mayBeForm(name) && sameWords(asked.own, name.own) && sameWords(asked.trade, name.trade),
  ];
  const registered = candidates.filter((candidate) => candidate.key === key);
  if (registered.length > 0) return { certain: registered.map(({ one }) => one), near: [] };
  // a part of a name fits each that has it: `Rieti` is no less the `ASL Rieti` than the `Comune di Rieti`
  const isPart = (name: CompanyName): boolean =>
    // what many names hold tells none of them
    mayBeForm(name) &&
    !asked.isWoundUp &&
    (asked.form === null || name.form !== null) &&
    isWithin(asked.trade, name.trade) &&
    (hasInitials(asked, name) ||
      (asked.own.join('').length > 1 && (isWithin(asked.own, name.own) || isRunOf(asked, name))));
  for (const fits of [...whole, isPart]) {
    const certain = candidates.filter(({ name }) => fits(name));
    if (certain.length > 0) return { certain: certain.map(({ one }) => one), near: [] };
  }
  const near = candidates
    .map(({ one, name }) => ({ one, likeness: likenessOf(asked, name) }))
    .filter(({ likeness }) => likeness > 0)
    .toSorted((a, b) => b.likeness - a.likeness);
  return { ...nothing, near: near.slice(0, mostNear).map(({ one }) => one) };
}

/** True if two names are spellings of one company: the same words, and the same legal form or none in both. */
export function isSameCompany(a: string, b: string): boolean {
  const [one, other] = [readCompanyName(a), readCompanyName(b)];
  return (
    one.letters !== '' && one.form === other.form && isSameTitle(one, other) && isSpelledAlike(one, other)
  );
}

/** Names of the same letters: `Rossi Costruzioni`, `RossiCostruzioni`, `A.C.M.E.` and `Acme`. */
function isSpelledAlike(a: CompanyName, b: CompanyName): boolean {
  return a.letters === b.letters || a.letters + (a.form ?? '') === b.letters + (b.form ?? '');
}

function isSameForm(asked: CompanyName, name: CompanyName): boolean {
  return (
    asked.form === null ||
    name.form === null ||
    asked.form === name.form ||
    // `BetaS.p.A.`: the form is part of a word
    asked.letters === name.letters + name.form
  );
}

/** A title is nobody's who has another; what has a legal form is no person, unless its name has that title too. */
function isSameTitle(asked: CompanyName, name: CompanyName): boolean {
  if (asked.titles.size === 0) return name.titles.size === 0 || asked.form === null || name.form !== null;
  if (name.titles.size === 0) return name.form === null || asked.form !== null;
  const isAnybody = asked.titles.has('sig') || name.titles.has('sig');
  return isAnybody || [...asked.titles].some((title) => name.titles.has(title));
}

/** `d&g` says no more than the initials of `D&G Impianti`. */
function hasInitials(asked: CompanyName, name: CompanyName): boolean {
  const said = asked.words.filter((word) => !isTrade(word) && word !== 'e').join('');
  return asked.initials !== null && asked.initials === name.initials && said === asked.initials;
}

/** Names of more words are compared word by word alone. */
const mostWords = 40;

/** True if the distinctive words stand in a name in a row, however they are parted: `larosa`, `bel mare`, `3 M`. */
function isRunOf(asked: CompanyName, name: CompanyName): boolean {
  const said = asked.words.filter((word) => !isTrade(word)).join('');
  const wanted = new Set([said, asked.own.join('')]);
  return [name.words, name.words.filter(isTelling)].some((all) => {
    const words = all.slice(0, mostWords);
    const runs = words.flatMap((_, from) =>
      words.slice(from).map((__, more) => words.slice(from, from + more + 1)),
    );
    return runs.some((run) => run.some(isTelling) && wanted.has(run.join('')));
  });
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.length > 0 === b.length > 0 && isWithin(a, b) && isWithin(b, a);
}

function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  return part.every((word) => whole.includes(word));
}

/** The similarity of two names; 0 if too low to offer. */
function likenessOf(asked: CompanyName, name: CompanyName): number {
  const [a, b] = [asItLooks(asked.letters), asItLooks(name.letters)];
  const typos = Math.min(a.length, b.length) < 5 ? 0 : Math.min(a.length, b.length) < 10 ? 1 : 2;
  const spelling = a === b || (typos > 0 && editDistance(a, b, typos) <= typos) ? 3 : 0;
  if (name.initials !== null && [asked.initials, asked.allLetters].includes(name.initials)) return 2;
  const shared = asked.own.filter((word) => name.own.some((own) => isLike(own, word)));
  if (shared.length === 0) return spelling > 0 ? spelling : isPartOf(a, b) || isPartOf(b, a) ? 1 : 0;
  const words = shared.length / Math.max(asked.own.length, name.own.length);
  const trade = asked.trade.filter((word) => name.trade.includes(word)).length;
  return spelling + words + trade / 10;
}

function isPartOf(part: string, whole: string): boolean {
  return part.length >= 5 && whole.includes(part);
}

/** The same word, one that begins or ends so, or one with a letter or two wrong. */
function isLike(own: string, said: string): boolean {
  const [a, b] = [asItLooks(own), asItLooks(said)];
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a];
  if (a === b) return a.length > 1;
  if (shorter.length >= 4 && (longer.startsWith(shorter) || longer.endsWith(shorter))) return true;
  const allowed = shorter.length < 4 ? 0 : shorter.length < 8 ? 1 : 2;
  return allowed > 0 && editDistance(a, b, allowed) <= allowed;
}

/** The company that `accetta …` names, and whether it is to be created; `anyway`: also where others are called nearly so. */
type AcceptArgument = { company: string; create: 'no' | 'yes' | 'anyway' };

/**
 * Reads the argument of `accept`: a last word `nuova` or `new` that is no part of the name asks for the company to be
 * created, with `comunque` behind it also where others are called nearly so. It is no part of the name in lower case (`Terra
 * Nuova` is a name), and after a full stop, a comma or an opening bracket, where phones write a capital by themselves
 * (`Rossi S.r.l. Nuova`).
 */
export function readAcceptArgument(argument: string): AcceptArgument {
  const said = argument.replace(/\s+/gu, ' ').trim();
  const polite =
    /(?:[.,]\s?|\s)(?:grazie(?: mille)?|per (?:favore|cortesia)|thanks|thank you|please)[.!]*$/iu;
  const asked = said.replace(polite, '');
  const insisted = /^(.*\s(?:nuov[ao]|new))\s(?:comunque|anyway)[.!]*$/iu.exec(asked)?.[1];
  const whole = insisted ?? asked;
  const flag = /^(.*?)(?:\s+(?:nuov[ao]|new)|[.,(]\s*(?:nuov[ao]|new|Nuov[ao]|New))\s*[).!]*$/su.exec(whole);
  if (flag === null || flag[1] === undefined) return { company: unquoted(whole), create: 'no' };
  const dotted = whole.charAt(flag[1].length) === '.' ? `${flag[1]}.` : flag[1];
  const company = unquoted(dotted.replace(/[\s,(]+$/u, ''));
  return company === ''
    ? { company: unquoted(whole), create: 'no' }
    : { company, create: insisted === undefined ? 'yes' : 'anyway' };
}

/** The name without quotation marks around it, and without a full stop that ends the sentence rather than `S.r.l.`. */
function unquoted(name: string): string {
  const bare = /^["'«“].+["'»”]$/u.test(name) ? name.slice(1, -1).trim() : name;
  return /(?:\.\p{L}+|\b(?:\p{L}|co|inc|ltd|corp|bros))\.$/iu.test(bare)
    ? bare
    : bare.replace(/(?<!\.)\.$/u, '');
}
