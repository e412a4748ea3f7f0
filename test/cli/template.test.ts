import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scratchDatabase } from '../harness/database.ts';
import { kticket, onDatabase } from './kticket.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'kticket-template-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs `template …` with these settings. */
const template = (args: string[], env: Record<string, string> = {}) =>
  kticket(['template', ...args], { env });

describe('template', () => {
  test('needs no settings to list every mail and to show one with sample data', async () => {
    const [listed, shown] = await Promise.all([
      template(['list', '--json']),
      template(['preview', 'closed-client']),
    ]);
    expect(JSON.parse(listed.stdout)).toContainEqual({ name: 'closed-client', own: [], samples: 3 });
    expect(shown.stdout).toMatch(/^\[#1042\] La stampante non stampa\n/);
    expect(shown.stdout).toContain('Abbiamo sostituito il rullo');
  });

  test('list marks what is an admin’s own, the partials of each mail too, and names those that nothing uses', async () => {
    const own = join(directory, 'marked');
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(own, path)), { recursive: true });
      writeFileSync(join(own, path), text);
    };
    write('it/closed-client/subject.hbs', 'Chiuso {{ticket.subject}}');
    write('it/partials/footer.text.hbs', 'Tel. 06 000000');
    write('partials/marker.text.hbs', '{{marker}}');
    write('it/partials/footr.text.hbs', 'Tel. 06 000000');
    const listed = await template(['list', '--json'], { TEMPLATES_DIR: own });
    expect(JSON.parse(listed.stdout)).toEqual(
      expect.arrayContaining([
        {
          name: 'closed-client',
          own: ['subject', 'partials/footer.text', 'partials/marker.text'],
          samples: 3,
        },
        { name: 'closed-staff', own: ['partials/footer.text', 'partials/marker.text'], samples: 3 },
      ]),
    );
    const { stdout } = await template(['list'], { TEMPLATES_DIR: own });
    expect(stdout).toMatch(/^closed-client +subject partials\/footer\.text /mu);
    expect(stdout).toContain(`no mail uses: ${join(own, 'it/partials/footr.text.hbs')}`);
  });

  test('eject copies what an admin may change, never over what was changed; a mistake is refused with file and line', async () => {
    const own = join(directory, 'own');
    const env = { TEMPLATES_DIR: own };
    const file = join(own, 'it', 'closed-client', 'text.hbs');
    expect((await template(['eject', 'closed-client'], env)).stdout).toContain(`written  ${file}`);
    appendFileSync(file, '\nViva la pappa col pomodoro\n');
    expect((await template(['eject', 'closed-client'], env)).stdout).toContain(`kept     ${file}`);
    expect((await template(['preview', 'closed-client'], env)).stdout).toContain('col pomodoro');
    expect(await template(['check'], env)).toMatchObject({ code: 0, stdout: expect.stringContaining(own) });

    appendFileSync(file, '{{ticket.prezzo}}\n');
    const line = readFileSync(file, 'utf8').split('\n').length - 1;
    const refused = await template(['check'], env);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`${file}:${line}: unknown field "ticket.prezzo": expected one of`);
  });

  test('preview shows a ticket of the desk, in a file for the browser where asked', async () => {
    const { url } = await scratchDatabase();
    const cli = onDatabase(url);
    await cli.done('company', 'add', 'Rossi SpA', '--domain', 'rossi.it');
    const mail =
      'From: Anna <anna@rossi.it>\r\nTo: assistenza@example.it\r\nSubject: Monitor spento\r\n\r\nNon va.\r\n';
    await kticket(['receive', '-'], { env: cli.env, input: mail });
    await kticket(['run', '--once'], {
      env: {
        ...cli.env,
        MAILBOX_URL: 'none',
        SMTP_URL: 'smtp://127.0.0.1:1',
        DESK_ADDRESS: 'Assistenza <assistenza@example.it>',
      },
    });
    const shown = await template(['preview', 'opened-client', '--ticket', '1001'], cli.env);
    expect(shown.stdout).toMatch(/^\[#1001\] Monitor spento\n/);
    const file = join(directory, 'preview.html');
    await template(['preview', 'opened-client', '--ticket', '1001', '--out', file], cli.env);
    expect(readFileSync(file, 'utf8')).toMatch(/^<!DOCTYPE html>[^]*Monitor spento/);
    const nowhere = await template(['preview', 'opened-client', '--out', join(directory, 'no', 'x.html')]);
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be written: ') });
    const missing = await template(['preview', 'opened-client', '--ticket', '7'], cli.env);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no ticket #7.') });
  });

  test('a colour on which white cannot be read, and an address that is no web address, are refused', async () => {
    const refused = await template(['check'], {
      COMPANY_COLOR: '#ffcc00',
      REMOTE_ASSISTANCE_URL: 'javascript:alert(1)',
    });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('contrast of 1.5 to 1');
    expect(refused.stderr).toContain('begins with https://');
  });
});
