import { assert, constantFrom, integer, property, record, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHeldOrders } from '../../../src/core/commands/held-list.ts';
import type { HeldOrder } from '../../../src/core/message/orders.ts';

const n = (...numbers: number[]): HeldOrder['which'] => ({ kind: 'numbers', numbers });
const others: HeldOrder['which'] = { kind: 'others' };
const all: HeldOrder['which'] = { kind: 'all' };
const reject = (which: HeldOrder['which'], argument: string | null = null): HeldOrder => ({
  which,
  name: 'reject',
  argument,
});
const accept = (which: HeldOrder['which'], argument: string | null): HeldOrder => ({
  which,
  name: 'accept',
  argument,
});

describe('orders about held mail', () => {
  it.each<[string, HeldOrder[]]>([
    [
      '1 rifiuta, 3 accetta Rossi, gli altri rifiuta sempre',
      [reject(n(1)), accept(n(3), 'Rossi'), reject(others, 'always')],
    ],
    [
      '1 rifiuta\n3 accetta Rossi S.r.l.\ngli altri: rifiuta sempre',
      [reject(n(1)), accept(n(3), 'Rossi S.r.l.'), reject(others, 'always')],
    ],
    ['1: rifiuta\n\n2) accetta 3M Italia', [reject(n(1)), accept(n(2), '3M Italia')]],
    [
      '1, 2 e 4 rifiuta; 3 accetta Bianchi, Verdi & C. S.n.c.',
      [reject(n(1, 2, 4)), accept(n(3), 'Bianchi, Verdi & C. S.n.c.')],
    ],
    ['rifiuta 1 e 2, accetta 3 Rossi', [reject(n(1, 2)), accept(n(3), 'Rossi')]],
    ['2-4 rifiuta sempre', [reject(n(2, 3, 4), 'always')]],
    ['#1 rifiuta commerciale', [reject(n(1), 'commercial')]],
    ['Buongiorno,\n1 rifiuta.\nGrazie, Carla', [reject(n(1))]],
    ['tutti rifiuta', [reject(all)]],
    ['rifiuta tutti', [reject(all)]],
    ['rifiuta sempre tutti', [reject(all, 'always')]],
    ['il resto rifiuta', [reject(others)]],
    ['1 reject, others accept Beta Ltd', [reject(n(1)), accept(others, 'Beta Ltd')]],
    ['1 rifiuta: pubblicità, 2 accetta Beta', [reject(n(1)), accept(n(2), 'Beta')]],
    ['sblocca', [{ which: null, name: 'lift', argument: null }]],
    ['2 sblocca', [{ which: n(2), name: 'lift', argument: null }]],
    ['accetta 3G Impianti', [accept(null, '3G Impianti')]],
  ])('%j', (text, orders) => {
    expect(readHeldOrders(text)).toEqual({ kind: 'orders', orders });
  });

  it.each([
    '',
    'Grazie',
    '3 Rossi',
    '1, 2, 3',
    '1 rifiuta, 2 boh',
    '1 rifiuta\nil 2 lo conosco, è il cugino di Rossi',
    'non rifiuta 1',
    'rifiuta le altre due',
    'la prima rifiuta',
    '1 rifiuta\n\nCarla\n2 rifiuta',
    '1 sblocca la stampante',
  ])('%j orders nothing', (text) => {
    expect(readHeldOrders(text).kind).toBe('unread');
  });

  it('are read back however they are put, in order', () => {
    const order = record({
      verb: constantFrom('rifiuta', 'rifiuta sempre', 'accetta Rossi S.r.l.', 'accetta Bianchi & Figli snc'),
      mark: constantFrom(' ', ': ', ') ', '. ', ' - '),
    });
    assert(
      property(
        uniqueArray(integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 6 }),
        order,
        constantFrom('\n', ', ', '; ', '\n\n'),
        (numbers, { verb, mark }, between) => {
          const read = readHeldOrders(numbers.map((each) => `${each}${mark}${verb}`).join(between));
          expect(read.kind === 'orders' && read.orders.map(({ which }) => which)).toEqual(
            numbers.map((each) => n(each)),
          );
        },
      ),
    );
  });

  it('take no time worth speaking of, whatever is written', () => {
    const began = process.cpuUsage();
    for (const part of ['1 e ', 'tutti  ', '1,', 'gli altri ', 'rifiuta ', '1-', '\n1 rifiuta'])
      readHeldOrders(part.repeat(60_000));
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(2000);
  });
});
