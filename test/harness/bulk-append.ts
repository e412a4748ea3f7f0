import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * Appends messages to INBOX on Dovecot in one command (MULTIAPPEND, RFC 3502), many thousand a second. Text is ASCII.
 * @param server a loopback port, and who logs in there
 */
export async function bulkAppend(
  server: { port: number; user: string; password: string },
  messages: Iterable<string>,
): Promise<void> {
  const socket = connect(server.port, '127.0.0.1');
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk.toString('latin1');
  });
  const answer = async (tag: string): Promise<void> => {
    while (!said.includes(`${tag} OK`)) {
      if (new RegExp(`^${tag} (NO|BAD)`, 'm').test(said)) throw new Error(said);
      await once(socket, 'data');
    }
  };
  const send = async (text: string): Promise<void> => {
    if (!socket.write(text)) await once(socket, 'drain');
  };
  await send(`a LOGIN ${server.user} ${server.password}\r\n`);
  await answer('a');
  await send('b APPEND INBOX');
  for (const message of messages) await send(` {${message.length}+}\r\n${message}`);
  await send('\r\n');
  await answer('b');
  socket.destroy();
}
