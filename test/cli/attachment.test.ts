import { bytesKept, wordsKept } from '../builders/outbox.ts';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliDesk, startCliDesk, workOnce } from './desk.ts';
import { kticket } from './kticket.ts';

let desk: CliDesk;
let folder: string;
const part = (name: string, content: string): string =>
  [
    '--b',
    `Content-Type: application/pdf; name="${name}"`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename="${name}"`,
    '',
    Buffer.from(content).toString('base64'),
    '',
  ].join('\r\n');

beforeAll(async () => {
  [desk, folder] = await Promise.all([startCliDesk(), mkdtemp(join(tmpdir(), 'kticket-files-'))]);
  const input = [
    'From: Anna <anna@rossi.example>',
    'To: assistenza@desk.example',
    'Subject: I contratti',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'In allegato.',
    part('../../contratto.pdf', 'uno'),
    part('contratto.pdf', 'due'),
    part('listino.pdf', `MZ${'\0'.repeat(300)}`),
    '--b--',
    '',
  ].join('\r\n');
  await kticket(['receive', '-'], { env: desk.env, input });
  await workOnce(desk.env);
});
afterAll(async () => {
  await Promise.all([desk.stop(), rm(folder, { recursive: true, force: true })]);
});

describe('attachment', () => {
  test('list names what came, as it really is', async () => {
    expect(await desk.cli.json('attachment', 'list', '1001')).toMatchObject([
      { id: 1, filename: 'contratto.pdf', contentType: 'application/pdf', size: 3 },
      { id: 2, filename: 'contratto.pdf' },
      { id: 3, filename: 'listino.pdf', contentType: 'application/x-executable' },
    ]);
  });

  test('save writes all of them under safe names, none over another, for nobody else to read', async () => {
    const said = await desk.cli.done('attachment', 'save', '1001', '--to', folder);
    const paths = ['contratto.pdf', 'contratto (2).pdf', 'listino.pdf'].map((name) => join(folder, name));
    expect(said.trimEnd().split('\n')).toEqual(paths);
    expect(await Promise.all(paths.slice(0, 2).map((path) => readFile(path, 'utf8')))).toEqual([
      'uno',
      'due',
    ]);
    expect((await stat(paths[0] ?? '')).mode & 0o777).toBe(0o600);
    await desk.cli.done('attachment', 'save', '1001', '--id', '2', '--to', folder);
    expect(await readFile(join(folder, 'contratto (3).pdf'), 'utf8')).toBe('due');
  });

  test('what is not there is refused in words', async () => {
    expect(await desk.cli.refused('attachment', 'save', '1001', '--id', '9')).toContain('has no file 9');
    expect(await desk.cli.refused('attachment', 'save', '7')).toContain('#7');
    const to = join(folder, 'nowhere');
    expect(await desk.cli.refused('attachment', 'save', '1001', '--to', to)).toContain(
      `There is no folder ${to}`,
    );
  });

  test('save goes on past a file that cannot be written, says so at the end, and shortens long names', async () => {
    const { db } = desk.scratch;
    const rename = (id: number, filename: string) =>
      db.updateTable('attachment').set({ filename }).where('id', '=', id).execute();
    await rename(1, 'nowhere/contratto.pdf');
    await rename(2, `${'漢'.repeat(116)}.pdf`);
    const to = await mkdtemp(join(folder, 'to-'));
    const save = () => kticket(['attachment', 'save', '1001', '--to', to], { env: desk.env });
    for (const files of [2, 4]) {
      expect(await save()).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^file 1, nowhere\/contratto\.pdf, cannot be written: .+\n$/u),
      });
      const names = await readdir(to);
      expect(names).toHaveLength(files);
      expect(names.filter((name) => /^漢{70,}(?: \(2\))?\.pdf$/u.test(name))).toHaveLength(files / 2);
    }
    await Promise.all([rename(1, 'contratto.pdf'), rename(2, 'contratto.pdf')]);
  });

  test('a program that calls itself a PDF is named in the notice, and does not go along', async () => {
    const rows = await desk.scratch.db.selectFrom('outbox').select(['template', 'id']).execute();
    const notices = rows.filter(({ template }) => template === 'opened-staff');
    expect(notices).toHaveLength(2);
    for (const { id } of notices) {
      const { text } = await wordsKept(desk.scratch.db, id);
      expect(text).toContain('listino.pdf');
      expect(text).toContain('kticket attachment save');
      const sent = (await bytesKept(desk.scratch.db, id)).toString('latin1');
      expect(sent).toContain('filename=contratto.pdf');
      expect(sent).not.toContain('filename=listino.pdf');
    }
  });
});
