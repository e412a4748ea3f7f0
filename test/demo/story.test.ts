import { describe, expect, it } from 'vitest';
import { startDesk } from '../../src/demo/desk-server.ts';
import { play } from '../../src/demo/play.ts';
import { story } from '../../src/demo/story.ts';
import { startDovecotMailServer } from '../harness/dovecot-mail-server.ts';
import { serverKinds } from '../harness/imap-server.ts';

describe.each(serverKinds)('a day at the desk, mailboxes: $kind', ({ kind, missing }) => {
  it.skipIf(missing)(
    'everybody receives what the manual says, and nothing else',
    {
      timeout: 240_000,
    },
    async () => {
      const desk = await (kind === 'Dovecot' ? startDesk(startDovecotMailServer) : startDesk());
      try {
        const played = await play(desk, story, () => {}, new AbortController().signal);
        expect(played.map(({ step, problems }) => ({ title: step.title, problems }))).toEqual(
          story.map(({ title }) => ({ title, problems: [] })),
        );
        expect(await desk.server.folder('assistenza@kybernes.example', 'INBOX')).toHaveLength(0);
        expect(await desk.server.folder('assistenza@kybernes.example', 'kTicket')).toHaveLength(story.length);
      } finally {
        await desk.close();
      }
    },
  );
});
