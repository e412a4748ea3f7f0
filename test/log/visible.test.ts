import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonWithoutTokens, visible, visibleJson, visibleLines } from '../../src/log/visible.ts';
import { withoutTokens } from '../../src/core/address/reply-token.ts';

// eslint wants no control characters in patterns; they are the subject here
const obeyed = /[\p{Cc}\p{Cs}\u{202a}-\u{202e}\u{2066}-\u{2069}]/u;

describe('text of a mail on a terminal', () => {
  test('escape sequences are shown, not obeyed', () => {
    expect(visible('\u{1b}[2Jgone\u{9b}1m')).toBe(String.raw`\x1b[2Jgone\x9b1m`);
  });

  test('direction controls are shown', () => {
    expect(visible('fattura\u{202e}fdp.exe')).toBe(String.raw`fattura\u202efdp.exe`);
  });

  test('one line stays one line; several keep their line ends', () => {
    expect(visible('a\r\nb\tc')).toBe('a b c');
    expect(visibleLines('a\r\nb\rc')).toBe('a\nb\nc');
  });

  test('nothing that is obeyed gets through, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(obeyed);
        expect(visibleLines(text).replaceAll(/[\n\t]/g, '')).not.toMatch(obeyed);
      }),
    );
  });

  test('JSON means the same after it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = visibleJson(JSON.stringify(value, null, 2));
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(json.replaceAll('\n', '')).not.toMatch(obeyed);
      }),
    );
  });
});

describe('reply tokens', () => {
  const token = 'abcdefghijklmnopqrstuvwx23';

  test('are gone from addresses, links and subjects', () => {
    expect(withoutTokens(`desk+${token}@example.it`)).toBe('desk+…@example.it');
    expect(withoutTokens(`mailto:desk%2B${token.toUpperCase()}%40example.it`)).toBe(
      'mailto:desk%2B…%40example.it',
    );
    expect(withoutTokens(`[#1042] La stampante (rif. ${token})`)).toBe('[#1042] La stampante (rif. …)');
  });

  test('are gone wherever they stand by themselves, or behind a plus sign with more beside them', () => {
    expect(withoutTokens(`codice ${token}`)).toBe('codice …');
    expect(withoutTokens(`+${token}xyz`)).toBe('+…xyz');
  });

  test('other long words stay', () => {
    for (const text of [
      'precipitevolissimevolmente',
      `x${token}`,
      token.slice(1),
      'desk+stampanti@example.it',
    ])
      expect(withoutTokens(text)).toBe(text);
  });

  test('JSON is JSON after it, and the same but for them', () => {
    const spelled = ['\n', '\\', '\\n', '\u200b', '"', '\u{1f600}'].map(
      (sign) => `+${sign}${token.slice(0, 9)}${sign}${token.slice(9)}@x`,
    );
    expect(JSON.parse(jsonWithoutTokens(spelled))).toEqual(spelled.map((text) => withoutTokens(text)));
  });
});
