import { emailDomain } from '../../core/address/address.ts';
import { authservName, judge } from '../../core/message/authentication.ts';
import type { AuthenticationResults } from '../../core/message/authentication-results.ts';
import type { Message } from '../../core/message/message.ts';
import type { Finding } from './finding.ts';
import type { Config } from '../../config/settings.ts';

export type Observed = {
  /** the arrived mail, our own DKIM check included */
  message: Message;
  /** mark the verdicts that the probes forged */
  markers: string[];
  /** true if a plus-address arrives under its own name */
  plusWorks: boolean;
};

/**
 * The mail's verdict, and the right settings for this server. Each probe carried a forged verdict for every
 * server that could be trusted: if that is above the server's own, its verdicts prove nothing.
 */
export function advice(config: Config, observed: Observed): Finding[] {
  const found = judgeArrival(config, observed);
  const { fooled, server, said } = found;
  return [
    verdictFinding({ fooled, server, said, trusted: new Set(config.trustedAuthservIds) }),
    settingsFinding(config, found),
  ];
}

/** The settings that depend on the server that the mail came through. */
export type ServerSettings = Record<'TRUSTED_AUTHSERV_IDS' | 'AUTHENTICITY' | 'REPLY_ADDRESSING', string>;

/** What these settings should be, and are, as they are written. */
export function serverSettings(
  config: Config,
  observed: Observed,
): { wanted: ServerSettings; set: ServerSettings } {
  return settingsOf(config, judgeArrival(config, observed));
}

type Judged = {
  /** the server whose forged verdict would be believed */
  fooled: string | null;
  server: string | null;
  said: string;
  plusWorks: boolean;
  /** the mail proves its writer */
  proven: boolean;
};

function judgeArrival(config: Config, observed: Observed): Judged {
  const { message, markers, plusWorks } = observed;
  const forged = (one: AuthenticationResults): boolean =>
    one.results.some(({ properties }) => markers.includes(properties['policy.kticket'] ?? ''));
  const trusted = new Set(config.trustedAuthservIds);
  const verdicts = message.authenticationResults.flatMap((results) => {
    const server = authservName(results);
    return server === null ? [] : [{ server, results, forged: forged(results) }];
  });
  const believed = verdicts.find(({ server }) => trusted.has(server));
  const fooled = believed?.forged === true ? believed.server : null;
  const own = fooled === null ? verdicts.find((one) => !one.forged) : undefined;
  const server = own?.server ?? null;
  const fromDomain = emailDomain(config.desk.address);
  const { result } = judge(
    { fromDomain, authenticationResults: own === undefined ? [] : [own.results], ownDkim: message.ownDkim },
    server === null ? [] : [server],
  );
  const said = own?.results.results.map((one) => `${one.method}=${one.result}`).join(' ') ?? '';
  return { fooled, server, said, plusWorks, proven: result === 'pass' };
}

function verdictFinding(
  seen: Pick<Judged, 'fooled' | 'server' | 'said'> & { trusted: Set<string> },
): Finding {
  const what = 'verdict';
  const { fooled, server, said, trusted } = seen;
  if (fooled !== null) {
    return {
      how: 'FAIL',
      what,
      words: `a forged verdict of ${fooled} arrived and would be believed: take it out of TRUSTED_AUTHSERV_IDS until the server removes forged Authentication-Results`,
    };
  }
  if (server === null) {
    return {
      how: 'ok',
      what,
      words:
        'no server gave one on a mail of the desk to itself (one from outside may carry it); without any, kTicket verifies DKIM',
    };
  }
  return trusted.has(server)
    ? { how: 'ok', what, words: `${server} says ${said}, and no forged verdict got past it` }
    : { how: 'warn', what, words: `${server} says ${said}, and is not believed yet` };
}

/** The server that gives verdicts and is not trusted yet, as a list. */
const newlyTrusted = (config: Config, { server }: Judged): string[] =>
  server === null || config.trustedAuthservIds.includes(server) ? [] : [server];

function settingsOf(config: Config, found: Judged): { wanted: ServerSettings; set: ServerSettings } {
  const kept = config.trustedAuthservIds.filter((id) => id !== found.fooled);
  return {
    wanted: {
      TRUSTED_AUTHSERV_IDS: [...kept, ...newlyTrusted(config, found)].join(' '),
      AUTHENTICITY: found.proven ? 'verified' : 'token',
      REPLY_ADDRESSING: found.plusWorks ? 'plus' : 'subject',
    },
    set: {
      TRUSTED_AUTHSERV_IDS: config.trustedAuthservIds.join(' '),
      AUTHENTICITY: config.authenticity,
      REPLY_ADDRESSING: config.replyAddressing,
    },
  };
}

/** The three settings that depend on the server, as they should be, and why. */
function settingsFinding(config: Config, found: Judged): Finding {
  const { wanted, set } = settingsOf(config, found);
  const lines = Object.entries(wanted).map(([variable, value]) => `${variable}=${value}`);
  const reasons = [
    ...(newlyTrusted(config, found).length > 0
      ? ['then run this check again, which tries whether the verdict can be forged']
      : []),
    ...(found.proven
      ? []
      : [
          'mail sent through this server proves nothing about its writer: with `verified` every command of such staff would be asked about once more, with `token` their personal reply address is enough',
        ]),
  ];
  const same = JSON.stringify(wanted) === JSON.stringify(set);
  return {
    how: same ? 'ok' : 'warn',
    what: 'settings',
    words: `${same ? 'as they should be' : 'set'} ${lines.join(', ')}${reasons.length === 0 ? '' : ` (${reasons.join('; ')})`}`,
  };
}
