import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { clientId, startTokenEndpoint, type TokenEndpoint } from '../harness/token-endpoint.ts';
import { kticket, launcher } from './kticket.ts';

const user = 'desk@example.it';

let endpoint: TokenEndpoint;
let directory: string;
let file: string;
beforeEach(async () => {
  endpoint = await startTokenEndpoint();
  directory = await mkdtemp(join(tmpdir(), 'kticket-login-'));
  file = join(directory, 'refresh-token');
  return async () => {
    await endpoint.close();
    await rm(directory, { recursive: true });
  };
});

const settings = () => ({
  OAUTH_PROVIDER: 'custom',
  OAUTH_TOKEN_URL: endpoint.tokenUrl,
  OAUTH_AUTHORIZE_URL: endpoint.authorizeUrl,
  OAUTH_CLIENT_ID: clientId,
  OAUTH_REFRESH_TOKEN_FILE: file,
});

type Started = {
  child: ChildProcessWithoutNullStreams;
  /** the address it asks to be opened */
  asked: URL;
  ended: Promise<{ code: number | null; printed: string }>;
};

/** Starts a login and waits until it says what to open. */
async function start(...args: string[]): Promise<Started> {
  const child = spawn(process.execPath, [launcher, 'oauth', 'login', ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, ...settings() },
  });
  let printed = '';
  const asked = new Promise<URL>((found) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        const url = /^ {2}(http\S+)$/m.exec(printed)?.[1];
        if (url !== undefined && printed.includes('paste it here')) found(new URL(url));
      });
    }
  });
  const ended = once(child, 'close').then(([code]) => ({ code: Number(code), printed }));
  return { child, asked: await asked, ended };
}

/** Response of the provider, with which the browser returns. */
function answer(asked: URL): URL {
  const redirectUri = asked.searchParams.get('redirect_uri') ?? '';
  const back = new URL(redirectUri);
  const challenge = asked.searchParams.get('code_challenge') ?? '';
  back.searchParams.set('code', endpoint.code(user, { challenge, redirectUri }));
  back.searchParams.set('state', asked.searchParams.get('state') ?? '');
  back.searchParams.set('iss', 'https://login.example.it');
  return back;
}

describe('a login', () => {
  test('by a browser on this machine writes a token only its owner can read, and shows no secret', async () => {
    const { asked, ended } = await start('--user', user);
    expect(asked.searchParams.get('login_hint')).toBe(user);
    const page = await fetch(answer(asked));
    expect(await page.text()).toContain('may be closed');
    const { code, printed } = await ended;
    expect(printed).toContain(file);
    expect(printed).not.toContain('hush');
    expect(code).toBe(0);
    expect(await readFile(file, 'utf8')).toMatch(/^desk@example\.it=refresh-hush-\d+\n$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('by a browser elsewhere: the address it ended at is pasted; other users’ tokens stay', async () => {
    await writeFile(file, 'pda@example.it=kept');
    const { child, asked, ended } = await start('--user', user);
    child.stdin.write(`${answer(asked).href}\n`);
    expect(await ended).toMatchObject({ code: 0 });
    expect(await readFile(file, 'utf8')).toMatch(
      /^pda@example\.it=kept\ndesk@example\.it=refresh-hush-\d+\n$/,
    );
  });

  test('takes no answer to another login', async () => {
    const { asked, ended } = await start();
    const forged = answer(asked);
    forged.searchParams.set('state', 'another');
    expect((await fetch(forged)).status).toBe(400);
    expect((await fetch(answer(asked))).status).toBe(200);
    expect(await ended).toMatchObject({ code: 0 });
  });

  test('that the person refuses ends with the provider’s words, and nothing is written', async () => {
    const { asked, ended } = await start();
    const back = answer(asked);
    back.searchParams.delete('code');
    back.searchParams.set('error', 'access_denied');
    back.searchParams.set('error_description', 'The user has cancelled');
    await fetch(back);
    expect(await ended).toMatchObject({
      code: 1,
      printed: expect.stringContaining('access_denied: The user has cancelled'),
    });
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });
});

describe('before anybody logs in', () => {
  test('all that is missing is said at once', async () => {
    const ended = await kticket(['oauth', 'login'], { env: { OAUTH_PROVIDER: 'custom' } });
    expect(ended.code).toBe(2);
    for (const name of ['OAUTH_CLIENT_ID', 'OAUTH_TOKEN_URL', 'OAUTH_AUTHORIZE_URL']) {
      expect(ended.stderr).toContain(`  ${name}\n`);
    }
  });

  test('a file that cannot be written is refused', async () => {
    const env = { ...settings(), OAUTH_REFRESH_TOKEN_FILE: join(directory, 'no', 'where') };
    expect(await kticket(['oauth', 'login'], { env })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('its folder does not exist'),
    });
    const { OAUTH_REFRESH_TOKEN_FILE: _, ...nowhere } = settings();
    expect(await kticket(['oauth', 'login'], { env: nowhere })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--out'),
    });
  });
});
