import { type Command, InvalidArgumentError } from 'commander';
import { email } from '../../terminal/arguments.ts';
import { examples } from '../../terminal/examples.ts';
import type { Action } from '../../terminal/outcome.ts';

/** `oauth login` */
export function oauthCommands(program: Command, act: Action): void {
  const oauth = program
    .command('oauth')
    .description('logins at mail servers that take no passwords')
    .helpCommand(false);

  oauth
    .command('login')
    .description('let a person consent in a browser, and keep the refresh token that comes of it')
    .option('--user <email>', 'of whom it is, where several users have tokens of their own', email)
    .option('--out <file>', 'where it goes; without this, where OAUTH_REFRESH_TOKEN_FILE says')
    .option(
      '--port <n>',
      'the port on this machine to return to, where the provider wants a certain one',
      port,
    )
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
