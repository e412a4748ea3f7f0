import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { hanging, layOut } from '../../src/cli/terminal/layout.ts';

const columns = ['id', 'received', 'from', 'subject', 'state', 'reason'];
const at = new Date('2026-11-24T09:49:12Z');
const rows = [
  [1, at, 'anna.rossi@rossi-costruzioni.example', 'La stampante non stampa più', 'opened', 'from a client'],
  [20, at, 'tanaka@tokyo.example', '印刷機が動きません 😭 至急お願いします', 'held', null],
];
const laid = (width: number): string[] => {
  const { head, rows: lines } = layOut(columns, rows, width);
  return [head.join('  '), ...lines.flatMap(({ cells, below }) => [cells.join('  '), below])];
};

describe('a table', () => {
  it('is never wider than its terminal, wide letters counted twice, and its columns stay aligned', () => {
    for (const width of [70, 80, 100, 120, 200]) {
      for (const line of laid(width)) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      const starts = [rows[0], rows[1]].map((_, i) => {
        const { cells } = layOut(columns, rows, width).rows[i] ?? { cells: [] };
        return stringWidth(cells.slice(0, 4).join('  '));
      });
      expect(starts[0]).toBe(starts[1]);
    }
  });

  it('shows everything where there is room, and numbers at the right', () => {
    expect(laid(200)[1]).toBe(
      ' 1  2026-11-24T09:49:12Z  anna.rossi@rossi-costruzioni.example  La stampante non stampa più' +
        '             opened  from a client',
    );
  });

  it('gives up seconds and then hours before it cuts words short, and moves the last words below their row', () => {
    expect(laid(80)).toEqual([
      'ID  RECEIVED           FROM              SUBJECT           STATE   REASON',
      ' 1  2026-11-24 09:49Z  anna.rossi@ross…  La stampante no…  opened  from a client',
      '',
      '20  2026-11-24 09:49Z  tanaka@tokyo.ex…  印刷機が動きま…   held    -',
      '',
    ]);
    const [head, first, below] = laid(70);
    expect(head).not.toContain('REASON');
    expect(first).toContain('  2026-11-24 09:49Z  ');
    expect(below).toBe('    from a client');
  });

  it('that no terminal shows is cut nowhere, and a very long cell sets no other row apart', () => {
    const lists = [
      ['x'.repeat(300), at],
      ['y', at],
    ];
    const { rows: lines } = layOut(['subject', 'at'], lists, Number.POSITIVE_INFINITY);
    expect(lines.map(({ cells }) => cells)).toEqual([
      ['x'.repeat(300), '2026-11-24T09:49:12Z'],
      ['y'.padEnd(60), '2026-11-24T09:49:12Z'],
    ]);
  });
});

describe('a long line', () => {
  it('stands below a lead that leaves it less than half of the width, and beside it where it fits', () => {
    const lead = '2026-11-24T09:49:12Z  #1001    ';
    expect(hanging(lead, 'notification to luigi.verdi@kybernes.example', 50)).toBe(
      '2026-11-24T09:49:12Z  #1001\n    notification to luigi.verdi@kybernes.example',
    );
    expect(hanging(lead, 'opened', 50)).toBe(`${lead}opened`);
  });

  it('is broken between words, further lines below the first word', () => {
    expect(hanging('text:  ', 'La stampante non stampa da stamattina', 30)).toBe(
      'text:  La stampante non stampa\n       da stamattina',
    );
  });

  it('is broken within a word that no line holds: an address, or a language without spaces', () => {
    const lines = hanging('  ', `${'あ'.repeat(30)} fine`, 22).split('\n');
    expect(lines).toEqual([`  ${'あ'.repeat(10)}`, `  ${'あ'.repeat(10)}`, `  ${'あ'.repeat(10)}`, '  fine']);
  });

  it('keeps the spaces it begins with', () => {
    expect(hanging('', '    if (a) b', 80)).toBe('    if (a) b');
  });
});
