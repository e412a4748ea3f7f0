/**
 * Chooses the domain to send to next, so that one with a slow or dead server never delays the others.
 *
 * A few quick lanes send in parallel. A send that takes long frees its lane, and marks its domain as slow: that domain then
 * gets one mail at a time, off the lanes, until one is quick again. A send that stalls does not block its domain, since the
 * problem may be that mail's or that connection's alone. An unknown domain gets one mail at first. Sends off the lanes are
 * bounded too.
 */

/** One mail under way. */
export type Send = { readonly domain: string };

export type Lanes = {
  /** Whether another send may begin, to a domain that is not closed. */
  room(): boolean;
  /** Domains that get nothing now. */
  closed(): string[];
  /** A mail to this domain, lower-case, goes out; only where `room` and `closed` allow it. */
  begin(domain: string): Send;
  /** It has taken longer than a quick one does. */
  lasts(send: Send): void;
  /** It has taken so much longer that its domain is tried with another mail. */
  stalls(send: Send): void;
  end(send: Send): void;
  /** How many sends are under way, all of them and those on the lanes. */
  underWay(): { all: number; quick: number };
};

/** @param bounds how many sends at once: on the lanes, and all together */
export function createLanes(bounds: { quick: number; all: number }): Lanes {
  const known = new Map<string, 'quick' | 'slow'>();
  const sends = new Map<Send, 'on_lane' | 'off_lane' | 'lasting' | 'stalled'>();
  const quick = (): number => [...sends.values()].filter((place) => place === 'on_lane').length;
  return {
    room: () => quick() < bounds.quick && sends.size < bounds.all,
    closed() {
      const busy = [...sends].flatMap(([{ domain }, place]) => (place === 'stalled' ? [] : domain));
      const closed = busy.filter((domain) => known.get(domain) !== 'quick');
      // the last places are for domains that nothing bad is known of
      if (sends.size - quick() >= bounds.all - bounds.quick) {
        for (const [domain, speed] of known) if (speed === 'slow') closed.push(domain);
      }
      return [...new Set(closed)];
    },
    begin(domain) {
      const send = { domain };
      sends.set(send, known.get(domain) === 'slow' ? 'off_lane' : 'on_lane');
      return send;
    },
    lasts(send) {
      if (!sends.has(send)) return;
      sends.set(send, 'lasting');
      known.set(send.domain, 'slow');
    },
    stalls(send) {
      if (sends.has(send)) sends.set(send, 'stalled');
    },
    end(send) {
      const place = sends.get(send);
      const lasted = place === 'lasting' || place === 'stalled';
      sends.delete(send);
      const othersLast = [...sends].some(([one, where]) => one.domain === send.domain && where === 'lasting');
      if (!lasted && !othersLast) known.set(send.domain, 'quick');
    },
    underWay: () => ({ all: sends.size, quick: quick() }),
  };
}
