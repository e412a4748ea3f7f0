import { afterEach, expect, test, vi } from 'vitest';
import { printLink, printText } from '../../src/cli/terminal/print.ts';

const token = 'abcdefghijklmnopqrstuvwxyz';
const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
afterEach(() => printed.mockClear());

test('a link of ours is printed whole: a random part that looks like a reply token is none', () => {
  const link = `https://login.example/authorize?state=${token}&code_challenge=${token.toUpperCase()}`;
  printLink(new URL(link));
  expect(printed).toHaveBeenCalledExactlyOnceWith(`\n  ${link}\n\n`);
});

test('text from mails is printed without reply tokens', () => {
  printText(`ask+${token}@desk.example`);
  expect(printed).toHaveBeenCalledExactlyOnceWith('ask+…@desk.example\n');
});
