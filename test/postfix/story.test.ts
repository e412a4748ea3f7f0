import { createTransport } from 'nodemailer';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startDesk } from '../../src/demo/desk-server.ts';
import { desk as queue, people } from '../../src/demo/people.ts';
import { play } from '../../src/demo/play.ts';
import { story } from '../../src/demo/story.ts';
import { startPostfixMailServer } from '../harness/postfix-mail-server.ts';
import { postfixAvailable } from '../harness/servers.ts';

describe.skipIf(!postfixAvailable())('a day at the desk, all mail through Postfix', () => {
  it('everybody receives what the manual says, and nothing else', { timeout: 240_000 }, async () => {
    const desk = await startDesk(startPostfixMailServer);
    try {
      const played = await play(desk, story, () => {}, new AbortController().signal);
      expect(played.map(({ step, problems }) => ({ title: step.title, problems }))).toEqual(
        story.map(({ title }) => ({ title, problems: [] })),
      );
      expect(await desk.server.folder(queue.address, 'INBOX')).toHaveLength(0);
      expect(await desk.server.folder(queue.address, 'kTicket')).toHaveLength(story.length);
    } finally {
      await desk.close();
    }
  });

  it('a verdict is written for who is logged in, and one that a forger wrote is taken away', async () => {
    const server = await startPostfixMailServer();
    onTestFinished(() => server.close());
    const { luigi, ada } = people;
    await server.addMailbox(ada.email, ada.password);
    const arrived: string[] = [];
    server.onDelivered(({ raw }) => arrived.push(raw.toString('latin1')));
    const send = async (url: string, headers: Record<string, string>): Promise<void> => {
      const transport = createTransport(url);
      await transport.sendMail({
        from: luigi.email,
        to: 'ada+token@kybernes.example',
        text: 'ciao',
        headers,
      });
      transport.close();
    };
    const verdict = `${server.authservId}; dmarc=pass header.from=kybernes.example`;
    await send(server.smtpUrl(), { 'Authentication-Results': verdict });
    await vi.waitFor(() => expect(arrived).toHaveLength(1), { timeout: 20_000 });
    expect(arrived[0]).not.toMatch(/^Authentication-Results:/im);
    expect(arrived[0]).toMatch(/^Delivered-To: ada\+token@kybernes\.example\r$/m);
    await send(server.smtpUrl(luigi.email), {});
    await vi.waitFor(() => expect(arrived).toHaveLength(2), { timeout: 20_000 });
    expect(arrived[1]).toContain(`Authentication-Results: ${verdict}\r\n`);
    await expect(send(server.smtpUrl(ada.email), {})).rejects.toThrow('Sender address rejected');
  });
});
