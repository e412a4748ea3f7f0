import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A server, or a browser, that is not on npm: a machine has it or not. */
type Server = { name: string; isHere(): boolean; how: string };

/** Path in Debian's packages. */
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

const versions = '/usr/lib/postgresql';
const tools = ['initdb', 'postgres', 'pg_dump', 'pg_restore', 'psql'];

/** Folder of the system's newest PostgreSQL programs, client tools included; null if there is none. */
export const postgresPrograms: string | null =
  (existsSync(versions) ? readdirSync(versions) : [])
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(versions, version, 'bin'))
    .find((folder) => tools.every((name) => existsSync(join(folder, name)))) ?? null;

/** The system's own, beside the one that every run starts. */
const systemPostgres: Server = {
  name: 'a PostgreSQL of the system',
  isHere: () => postgresPrograms !== null,
  how: 'apt-get install postgresql',
};

/** Path in Debian's package. */
export const chromiumProgram = '/usr/bin/chromium';

const chromium: Server = {
  name: 'Chromium',
  isHere: () => existsSync(chromiumProgram),
  how: 'apt-get install chromium',
};

/** True if suites that click through pages can run. */
export function chromiumAvailable(): boolean {
  return available(chromium);
}

/** True if suites that need the system's PostgreSQL and its tools can run. */
export function systemPostgresAvailable(): boolean {
  return available(systemPostgres);
}

/** True if suites that need Dovecot can run. */
export function dovecotAvailable(): boolean {
  return available(dovecot);
}

/** True if suites that need Postfix, which delivers to Dovecot, can run. */
export function postfixAvailable(): boolean {
  return available(postfix) && available(dovecot);
}

/** Line that names the suites skipped on this machine and how to enable them; null if there are none. */
export function leftOut(): string | null {
  const missing = [dovecot, postfix, systemPostgres, chromium].filter((server) => !server.isHere());
  if (missing.length === 0) return null;
  return `left out: the tests against ${missing.map(({ name, how }) => `${name} (${how})`).join(' and ')}`;
}

/** True if a server is installed. Throws if it is missing and required (KTICKET_REQUIRE_SERVERS=1, as in CI). */
function available(server: Server): boolean {
  if (server.isHere()) return true;
  if (process.env['KTICKET_REQUIRE_SERVERS'] !== '1') return false;
  throw new Error(
    `the tests against ${server.name} must run here (KTICKET_REQUIRE_SERVERS=1), but it is missing: ${server.how}`,
  );
}
