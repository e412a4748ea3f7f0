/** The process that reads mails is killed under a worker at work, at every instant and over the same mail again. */
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { dovecotAvailable } from '../harness/servers.ts';
import { openStage } from './stage.ts';

const fates = fileURLToPath(new URL('../harness/reader-fates.ts', import.meta.url));
const large = '\r\nLa stampante del piano terra non stampa.'.repeat(50_000);

test.skipIf(!dovecotAvailable())(
  'the process that reads is killed with -9 before it is ready, in the middle of mails of 2 MB and between: each opens one ticket, and none is blamed',
  { timeout: 90_000 },
  async () => {
    const stage = await openStage();
    onTestFinished(() => stage.close());
    for (let n = 0; n < 3; n += 1) await stage.traffic.open(large);
    const plan = 'starting starting starting reading reading idle reading starting';
    const worker = await stage.start({
      env: { READER_FATES: plan },
      nodeOptions: ['--import', fates],
    });
    const killed = (): string[] =>
      worker.lines().flatMap(({ level, msg }) => (level === 'node' ? [msg.replace('killed: ', '')] : []));
    do {
      await stage.traffic.open(large);
      await stage.rest();
    } while (killed().length < plan.split(' ').length);

    expect(killed().join(' ')).toBe(plan);
    const { attempts, failures } = await stage.db
      .selectFrom('message')
      .select((eb) => [eb.fn.max('attempts').as('attempts'), eb.fn.max('failures').as('failures')])
      .executeTakeFirstOrThrow();
    expect({ attempts, failures }).toEqual({ attempts: 1, failures: 0 });
    // that there is none to be had is an outage; one that ended over a mail is followed by the next
    const said = worker.lines().flatMap(({ loop, msg }) => (loop === 'deciding' ? [msg] : []));
    expect(said.length).toBeGreaterThan(0);
    expect(said).toEqual(
      said.map((_, n) => expect.stringMatching(n % 2 === 0 ? /cannot be started/u : /^works again/u)),
    );
    expect(said.length % 2).toBe(0);
    const went = worker.lines().filter(({ msg }) => msg.includes('another one goes on'));
    // one that is killed while idle may have been given the next mail before its death is known
    const kills = (fate: RegExp): number => plan.match(fate)?.length ?? 0;
    expect(went.length).toBeGreaterThanOrEqual(kills(/reading/gu));
    expect(went.length).toBeLessThanOrEqual(kills(/reading|idle/gu));
  },
);
