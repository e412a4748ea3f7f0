import { expect, test } from 'vitest';
import { advice } from '../../src/cli/check/probe-advice.ts';
import { needs } from '../../src/config/config.ts';
import type { DkimCheck } from '../../src/core/message/authentication.ts';
import { parseMessage } from '../../src/mail/parse/parse.ts';
import type { Config } from '../../src/config/settings.ts';
import { loadConfig } from '../../src/config/load.ts';

const marker = '00c0ffee';
const forgedBy = (server: string): string =>
  `Authentication-Results: ${server}dmarc=pass header.from=example.it policy.kticket=${marker}`;
const exchange =
  'Authentication-Results: spf=pass smtp.mailfrom=example.it; dkim=pass header.d=example.it;dmarc=pass action=none header.from=example.it;compauth=pass reason=100';
const signed: DkimCheck = { signatures: [{ result: 'pass', domain: 'example.it', uncovered: null }] };
const unsigned: DkimCheck = { signatures: [] };

function config(settings: Record<string, string> = {}): Config {
  const environment = {
    MAILBOX_URL: 'imap://desk:secret@127.0.0.1:143',
    SMTP_URL: 'smtp://127.0.0.1:25',
    DESK_ADDRESS: 'Assistenza <assistenza@example.it>',
    ...settings,
  };
  const loaded = loadConfig(needs.worker, { environment, directory: '/nonexistent' });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

/** The findings about a mail that arrived with these headers. */
async function said(
  headers: string[],
  given: { settings?: Record<string, string>; ownDkim?: DkimCheck; plusWorks?: boolean } = {},
): Promise<string[]> {
  const bytes = Buffer.from([...headers, 'From: assistenza@example.it', '', 'x'].join('\r\n'));
  const message = { ...(await parseMessage(bytes)), ownDkim: given.ownDkim ?? unsigned };
  const found = advice(config(given.settings), {
    message,
    markers: [marker],
    plusWorks: given.plusWorks ?? true,
  });
  return found.map(({ how, what, words }) => `${how} ${what}: ${words}`);
}

test('a server that is not believed yet is named, with the setting that believes it', async () => {
  const [verdict, settings] = await said([
    'Authentication-Results: mx.example.it; dmarc=pass header.from=example.it',
    forgedBy('smtp.example.it; '),
  ]);
  expect(verdict).toBe('warn verdict: mx.example.it says dmarc=pass, and is not believed yet');
  expect(settings).toContain(
    'set TRUSTED_AUTHSERV_IDS=mx.example.it, AUTHENTICITY=verified, REPLY_ADDRESSING=plus (then run this check again',
  );
});

test('Exchange Online, which names no server, is named by its own word', async () => {
  const [verdict, settings] = await said([exchange, forgedBy('')]);
  expect(verdict).toContain('exchange-online says spf=pass dkim=pass dmarc=pass');
  expect(settings).toContain('TRUSTED_AUTHSERV_IDS=exchange-online, AUTHENTICITY=verified');
  const [again, same] = await said([exchange, forgedBy('')], {
    settings: { TRUSTED_AUTHSERV_IDS: 'exchange-online' },
  });
  expect(again).toContain('no forged verdict got past it');
  expect(same).toMatch(/^ok settings: as they should be/);
});

test('a forged verdict that would be believed fails, and its server is taken out of the settings', async () => {
  const trusting = { TRUSTED_AUTHSERV_IDS: 'exchange-online mx.example.it' };
  const [verdict, settings] = await said([forgedBy(''), exchange], { settings: trusting });
  expect(verdict).toMatch(/^FAIL verdict: a forged verdict of exchange-online/);
  expect(settings).toContain('set TRUSTED_AUTHSERV_IDS=mx.example.it, AUTHENTICITY=token');
});

test('where no server vouches, a DKIM signature of the desk is enough', async () => {
  const [verdict, settings] = await said([], { ownDkim: signed });
  expect(verdict).toMatch(/^ok verdict: no server gave one/);
  expect(settings).toMatch(/^ok settings: as they should be .*AUTHENTICITY=verified/);
});

test('where nothing proves the writer and plus-addresses are lost, the words say which settings do without', async () => {
  const [, settings] = await said(['Authentication-Results: mx.example.it; dmarc=none'], {
    plusWorks: false,
  });
  expect(settings).toContain('AUTHENTICITY=token, REPLY_ADDRESSING=subject');
  expect(settings).toContain('every command of such staff would be asked about once more');
});
