import { expect, it } from 'vitest';
import { startDesk } from '../../src/demo/desk-server.ts';
import { play } from '../../src/demo/play.ts';
import { story } from '../../src/demo/story.ts';

it('a day at the desk over IMAP, SMTP and an embedded PostgreSQL: everybody receives what the manual says, and nothing else', {
  timeout: 120_000,
}, async () => {
  const desk = await startDesk();
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
});
