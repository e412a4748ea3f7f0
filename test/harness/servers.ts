import { existsSync } from 'node:fs';

/** A mail server that is not on npm: a machine has it or not. */
type Server = { name: string; isHere(): boolean; how: string };

/** Where Debian's packages put it. */
export const dovecotProgram = '/usr/sbin/dovecot';

const dovecot: Server = {
  name: 'Dovecot',
  isHere: () => [dovecotProgram, '/usr/lib/dovecot/lmtp'].every((file) => existsSync(file)),
  how: 'apt-get install dovecot-imapd dovecot-lmtpd',
};

/** Its master runs as root only. */
const postfix: Server = {
  name: 'Postfix',
  isHere: () =>
    ['/usr/sbin/postfix', '/usr/bin/openssl'].every((file) => existsSync(file)) && process.getuid?.() === 0,
  how: 'apt-get install postfix openssl; as root',
};

/** Whether suites that need Dovecot can run. */
export function dovecotAvailable(): boolean {
  return available(dovecot);
}

/** Whether suites that need Postfix, which hands its mail on to Dovecot, can run. */
export function postfixAvailable(): boolean {
  return available(postfix) && available(dovecot);
}

/** One line that says which suites are left out on this machine and how to get them; null: none are. */
export function leftOut(): string | null {
  const missing = [dovecot, postfix].filter((server) => !server.isHere());
  if (missing.length === 0) return null;
  return `left out: the tests against ${missing.map(({ name, how }) => `${name} (${how})`).join(' and ')}`;
}

/** Where servers must be there (KTICKET_REQUIRE_SERVERS=1, as in CI) a missing one is an error. */
function available(server: Server): boolean {
  if (server.isHere()) return true;
  if (process.env['KTICKET_REQUIRE_SERVERS'] !== '1') return false;
  throw new Error(
    `the tests against ${server.name} must run here (KTICKET_REQUIRE_SERVERS=1), but it is missing: ${server.how}`,
  );
}
