/** The part of punycode.js 2.3 that is used; the package brings no types of its own. */
declare module 'punycode.js/punycode.es6.js' {
  /** Throws a RangeError where what follows `xn--` encodes nothing. */
  export function toUnicode(domain: string): string;
}
