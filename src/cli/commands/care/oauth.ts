import { type Command, InvalidArgumentError } from 'commander';
import { email } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `oauth login` */
export function oauthCommands(program: Command, act: Action): void {
  const oauth = program
    .command('oauth')
    .description('logins for mail servers that accept no passwords')
    .helpCommand(false);

  oauth
    .command('login')
    .description('have a person consent in a browser, and save the resulting refresh token')
    .option('--user <email>', "the token's user, where several users have tokens of their own", email)
    .option('--out <file>', 'file to write; default: OAUTH_REFRESH_TOKEN_FILE')
    .option('--port <n>', 'local port for the redirect, where the provider requires a particular one', port)
    .addHelpText(
      'after',
      examples(
        'kticket oauth login',
        'kticket oauth login --user pda@example.it --out /var/lib/kticket/refresh-token',
      ),
    )
    .action(act(async () => (await import('../../actions/care/oauth.ts')).login));
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535) throw new InvalidArgumentError('Expected a port, 0 to 65535.');
  return number;
}
