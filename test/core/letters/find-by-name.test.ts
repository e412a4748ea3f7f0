import { expect, it } from 'vitest';
import { findByName } from '../../../src/core/letters/find-by-name.ts';

const staff = ['Anna De Luca', 'Bruno D’Angelo', 'Carlo Lo Presti', 'Dario Luca', 'Angela Rossi'];
const found = (said: string) => findByName(said, staff, (name) => name);

it.each([
  ['deluca', 'Anna De Luca'],
  ['De Luca', 'Anna De Luca'],
  ['anna deluca', 'Anna De Luca'],
  ['dangelo', 'Bruno D’Angelo'],
  ["d'angelo", 'Bruno D’Angelo'],
  ['D Angelo', 'Bruno D’Angelo'],
  ['lopresti', 'Carlo Lo Presti'],
  ['presti', 'Carlo Lo Presti'],
])('a name is found however its words are parted: %s', (said, name) => {
  expect(found(said)).toEqual({ certain: [name], near: [] });
});

it('two whom it fits are both found, and a name misspelt is only near', () => {
  expect(found('luca').certain).toEqual(['Anna De Luca', 'Dario Luca']);
  expect(found('rosi')).toEqual({ certain: [], near: ['Angela Rossi'] });
});
