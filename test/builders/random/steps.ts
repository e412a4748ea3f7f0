import { type Arbitrary, constant, constantFrom, nat, oneof, record } from 'fast-check';

const people = constantFrom('anna', 'piero', 'bruno');
const staff = constantFrom('luigi', 'marco', 'carla', 'ada');
const verdict = constantFrom('pass', 'pass', 'pass', null, 'fail' as const);
const order = constantFrom(
  'take',
  'close',
  'note',
  'typo',
  'leak',
  'quote',
  'reopen',
  'assign',
  'take_over',
  'attributes',
  'undo' as const,
);
const pick = nat(1000);

/** Any action on the desk; numbers choose among the existing items. */
export const step = oneof(
  record({ does: constant('client_writes' as const), who: people, dmarc: verdict }),
  record({
    does: constant('client_answers' as const),
    who: people,
    says: constantFrom('text', 'courtesy', 'order', 'automatic' as const),
    ticket: pick,
    dmarc: verdict,
  }),
  {
    weight: 4,
    arbitrary: record({ does: constant('staff_orders' as const), order, mail: pick, dmarc: verdict }),
  },
  record({
    does: constant('staff_without_token' as const),
    who: staff,
    order,
    ticket: pick,
    dmarc: verdict,
  }),
  record({
    does: constant('token_of_another' as const),
    who: constantFrom('luigi', 'carla', 'stranger', 'anna', 'bruno'),
    order,
    mail: pick,
  }),
  record({ does: constant('confirms' as const), mail: pick, dmarc: constantFrom('pass', null) }),
  record({ does: constant('stranger_writes' as const), who: nat(3) }),
  record({
    does: constant('answers_held' as const),
    says: constantFrom('accept', 'reject'),
    mail: pick,
  }),
  record({ does: constant('opens_for' as const), who: staff, client: people, answering: pick }),
  record({ does: constant('forwards' as const), who: staff, client: people }),
  record({ does: constant('again' as const) }),
  { weight: 2, arbitrary: record({ does: constant('takes_back' as const) }) },
  record({ does: constant('waits' as const), minutes: constantFrom(1, 61, 24 * 60, 8 * 24 * 60) }),
);
export type Step = typeof step extends Arbitrary<infer T> ? T : never;
