import { existsSync } from 'node:fs';

/** A mail server that is not on npm: a machine has it or not. */
type Server = { name: string; files: string[]; how: string };

/** Where Debian's packages put it. */
export const dovecotProgram = '/usr/sbin/dovecot';

const dovecot: Server = {
  name: 'Dovecot',
  files: [dovecotProgram, '/usr/lib/dovecot/lmtp'],
  how: 'apt-get install dovecot-imapd dovecot-lmtpd',
};

const servers = [dovecot];

/** Whether suites that need Dovecot can run. */
export function dovecotAvailable(): boolean {
  return available(dovecot);
}

/** One line that says which suites are left out on this machine and how to get them; null: none are. */
export function leftOut(): string | null {
  const missing = servers.filter((server) => !isInstalled(server));
  if (missing.length === 0) return null;
  return `left out: the tests against ${missing.map(({ name, how }) => `${name} (${how})`).join(' and ')}`;
}

/** Where servers must be there (KTICKET_REQUIRE_SERVERS=1, as in CI) a missing one is an error. */
function available(server: Server): boolean {
  if (isInstalled(server)) return true;
  if (process.env['KTICKET_REQUIRE_SERVERS'] !== '1') return false;
  throw new Error(
    `the tests against ${server.name} must run here (KTICKET_REQUIRE_SERVERS=1), but it is missing: ${server.how}`,
  );
}

function isInstalled({ files }: Server): boolean {
  return files.every((file) => existsSync(file));
}
