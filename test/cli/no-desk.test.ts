import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kticket } from './kticket.ts';

test.each([['message'], ['ticket'], ['outbox']])(
  '%s list, where there is no desk yet, says how to begin one and begins none',
  async (what) => {
    const folder = mkdtempSync(join(tmpdir(), 'kticket-none-'));
    try {
      const data = join(folder, 'data');
      const env = { KTICKET_DATA: data };
      const told = await kticket([what, 'list'], { env });
      expect(told).toMatchObject({ code: 0, stderr: '' });
      expect(told.stdout).toContain(`There is no desk in ${data} yet.`);
      expect(told.stdout).toContain('kticket company add');
      expect(await kticket([what, 'list', '--json'], { env })).toEqual({
        code: 0,
        stdout: '[]\n',
        stderr: '',
      });
      expect(existsSync(data)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
