import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startMailServer } from '../../src/demo/mail-server.ts';
import { scratchDatabase } from '../harness/database.ts';
import { kticket } from './kticket.ts';

const noting = new URL('../harness/note-loaded.ts', import.meta.url).href;

/** the sources as they stand, whose modules have the names asked for here */
const clone = fileURLToPath(new URL('../../bin/kticket.js', import.meta.url));

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kticket-loading-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
});

/** Modules that a successful command loads: ours by their path in src, and packages. */
async function loadedBy(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ ours: string[]; packages: string[] }> {
  const file = join(directory, 'loaded');
  const ended = await kticket(args, {
    launcher: clone,
    env: { ...env, NODE_OPTIONS: `--import=${noting}`, NOTE_LOADED: file, LOG_LEVEL: 'error' },
  });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const urls = readFileSync(file, 'utf8').split('\n');
  const all = (pattern: RegExp): string[] => [
    ...new Set(urls.flatMap((url) => pattern.exec(url)?.[1] ?? [])),
  ];
  return { ours: all(/^.*\/src\/([^?]+)$/), packages: all(/^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//) };
}

/** Packages for reading, composing, fetching and sending mail. */
const mail = ['imapflow', 'nodemailer', 'libmime', 'mailauth', 'htmlparser2', 'handlebars'];
const servers = ['smtp-server', 'hoodiecrow-imap'];

describe('a command loads what it needs', () => {
  test('help needs only what reads a command line', async () => {
    for (const args of [['--help'], ['ticket', 'list', '--help'], ['--version']])
      expect((await loadedBy(args)).packages.toSorted()).toEqual(['commander', 'tldts']);
  });

  test('what lists, registers or takes in a mail needs the database, and nothing of mail', async () => {
    const { url } = await scratchDatabase();
    const file = join(directory, 'mail.eml');
    writeFileSync(file, 'From: anna@rossi.it\r\n\r\nNon stampa.\r\n');
    for (const args of [
      ['ticket', 'list'],
      ['company', 'add', 'Rossi', '--domain', 'rossi.it'],
      ['receive', file],
    ]) {
      const { packages } = await loadedBy(args, { DATABASE_URL: url });
      expect(packages).toEqual(expect.arrayContaining(['kysely', 'pg']));
      for (const name of [...mail, ...servers, 'openid-client', 'csv-parse', 'pino'])
        expect(packages).not.toContain(name);
    }
  });

  test('the desk at work needs no demo, no OAuth2 where everybody has a password, nothing of other commands', async () => {
    const server = await startMailServer();
    onTestFinished(() => server.close());
    const desk = 'assistenza@example.it';
    await server.addMailbox(desk, 'hush-hush');
    const { url } = await scratchDatabase();
    const { ours, packages } = await loadedBy(['run', '--once'], {
      DATABASE_URL: url,
      MAILBOX_URL: server.imapUrl(desk),
      SMTP_URL: server.smtpUrl(desk),
      DESK_ADDRESS: `Assistenza <${desk}>`,
    });
    expect(packages).toEqual(expect.arrayContaining(['imapflow', 'nodemailer']));
    for (const name of [...servers, 'openid-client', 'csv-parse', 'string-width', 'mailauth'])
      expect(packages).not.toContain(name);
    expect(ours.filter((path) => path.startsWith('demo/'))).toEqual([]);
    expect(ours.filter((path) => path.startsWith('cli/actions/'))).toEqual(['cli/actions/desk/run.ts']);
  });
});
