/**
 * Charsets by the names that programs give them. libmime and iconv-lite know those of IANA; vendors, databases and careless
 * programs have their own.
 */

/** Numbers of ISO 8859 by those of its Latin alphabets, which from the fifth on are not the same. */
const latin: Readonly<Record<string, string>> = {
  '0': '15',
  '5': '9',
  '6': '10',
  '7': '13',
  '8': '14',
  '9': '15',
  '10': '16',
};

/** Code pages of Windows that iconv-lite does not know by their number. */
const codePages: Readonly<Record<string, string>> = {
  '819': 'iso-8859-1',
  '1200': 'utf-16le',
  '1201': 'utf-16be',
  '10000': 'macroman',
  '10001': 'shift_jis',
  '10006': 'macgreek',
  '10007': 'maccyrillic',
  '10010': 'macromania',
  '10029': 'maccenteuro',
  '10079': 'maciceland',
  '10081': 'macturkish',
  '10082': 'maccroatian',
  '20127': 'us-ascii',
  '20866': 'koi8-r',
  '20932': 'euc-jp',
  '20936': 'gb2312',
  '20949': 'euc-kr',
  '21866': 'koi8-u',
  '50220': 'iso-2022-jp',
  '50221': 'iso-2022-jp',
  '50222': 'iso-2022-jp',
  '50225': 'iso-2022-kr',
  '51932': 'euc-jp',
  '51936': 'gb2312',
  '51949': 'euc-kr',
  '54936': 'gb18030',
  '65000': 'utf-7',
  '65001': 'utf-8',
};

const macs: readonly [RegExp, string][] = [
  [/^(?:ce|central|latin-?2|east|polish|czech|hungar|slov)/u, 'maccenteuro'],
  [/^ukrain/u, 'macukraine'],
  [/^(?:cyrillic|russian)/u, 'maccyrillic'],
  [/^greek/u, 'macgreek'],
  [/^turk/u, 'macturkish'],
  [/^iceland/u, 'maciceland'],
  [/^croat/u, 'maccroatian'],
  [/^romania/u, 'macromania'],
  [/^thai/u, 'macthai'],
  [/^japan/u, 'shift_jis'],
  [/^korea/u, 'euc-kr'],
  [/^(?:chinese)?-?simp/u, 'gbk'],
  [/^(?:chinese)?-?trad/u, 'big5'],
];

/** Names that promise no more than ASCII, or nothing: a byte above 127 says nothing against them. */
const unsaid =
  /^(?:(?:x-|us-)?ascii.{0,4}|us|ansi_x3\.?\d*.*|iso_?646.*|iso-ir-6|(?:7|8)-?bits?|binary|utf-?7|unicode-1-1-utf-7|(?:x-)?unknown(?:-(?:8|7)-?bit|-charset)?|(?:x-)?user-?defined|(?:x-)?(?:default|none|null|nil|undefined|auto\w*|_auto\w*|standard|text|plain|charset|false|true)|0)?$/u;
const ansi = /^(?:x-|ms-?|windows-?)?(?:ansi|western\w*|west-european|winlatin1)$/u;

/**
 * @param declared as written, with quotes, blanks and anything a careless program put around it, or null if none is declared
 * @returns a lower-case name that libmime knows where the charset is known at all; '' where none is declared
 */
export function charsetName(declared: string | null): string {
  if (declared === null) return '';
  const written = declared
    .slice(0, 200)
    .toLowerCase()
    .replace(/\p{Pd}/gu, '-')
    .replace(/^[\s"'(<]*(?:charset\s*=[\s"']*)?/u, '')
    // `utf 8`, `iso 8859-1`
    .replace(/^([a-z]{2,8}) (?=\d)/u, '$1-');
  const word = /^[\w:.+-]*/u.exec(written)?.[0] ?? '';
  // `it_IT.ISO-8859-1`, as locales are named
  const name = word.replace(/^[a-z]{2}_[a-z]{2}\./u, '');
  if (unsaid.test(name)) return name;
  if (/utf[-_]*0?8(?!\d)|^(?:cesu|wtf)-8$/u.test(name)) return 'utf-8';
  return macName(name) ?? isoName(name) ?? codePageName(name) ?? otherName(name);
}

/** True if the charset's name promises no more than ASCII. */
export function isUnsaid(name: string): boolean {
  return name === '' || unsaid.test(name);
}

/** True for Apple's charsets: since 1998 they have the euro sign in place of ¤, which iconv-lite's tables do not know. */
export function isMac(name: string): boolean {
  return name.startsWith('mac');
}

function macName(name: string): string | null {
  const script = /^(?:x-|cs)?mac(?:-?os|intosh)?[-_]?([a-z0-9-]*)$/u.exec(name)?.[1];
  if (script === undefined) return null;
  return macs.find(([pattern]) => pattern.test(script))?.[1] ?? 'macroman';
}

function isoName(name: string): string | null {
  const part = /8859[-_:]?(\d{1,2})(?!\d)/u.exec(name)?.[1];
  if (part !== undefined) return `iso-8859-${part}`;
  const alphabet = /^(?:cs)?(?:iso[-_]?)?(?:latin|l)[-_]?(\d{1,2})$/u.exec(name)?.[1];
  return alphabet === undefined ? null : `iso-8859-${latin[alphabet] ?? alphabet}`;
}

function codePageName(name: string): string | null {
  const digits =
    /^(?:x-|cs)?(?:ms-?)?(?:win(?:dows)?|cp|ansi|ms|ibm|code-?page|dos|oem|pc)?[-_]?0*(\d{3,5})(?!\d)/u.exec(
      name,
    );
  const page = digits?.[1];
  if (page === undefined) return null;
  const isWindows = /^(?:125\d|874|9(?:32|36|49|50))$/u.test(page);
  return codePages[page] ?? `${isWindows ? 'windows' : 'cp'}-${page}`.replace('cp-', 'cp');
}

function otherName(name: string): string {
  if (ansi.test(name)) return 'windows-1252';
  if (/^(?:uhc|ks_?x_?1001|x-ks)/u.test(name)) return 'windows-949';
  return name;
}
