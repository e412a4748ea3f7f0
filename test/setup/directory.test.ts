import { describe, expect, test } from 'vitest';
import { type Registered, whyNotCompany, whyNotStaff } from '../../src/setup/directory.ts';

const none: Registered = { staff: [], companies: [] };
const desk = 'desk@kybernes.example';
const ada = {
  email: 'ada@kybernes.example',
  name: 'Ada',
  aliases: ['neri@kybernes.example'],
  disabled: false,
};

const whyNot = (address: string, registered: Registered): string | null =>
  whyNotStaff({ address, role: 'clerk' }, registered, {
    others: [{ address: 'Luigi@kybernes.example', role: 'technician' }],
    desk,
  });

describe('a person has one role', () => {
  test('whether it is another of this conversation, or one of the database, by any of its addresses', () => {
    const registered: Registered = { ...none, staff: [{ ...ada, role: 'administrator' }] };
    expect(whyNot('luigi@kybernes.example', none)).toContain('is the technician already');
    expect(whyNot('Ada@kybernes.example', registered)).toContain('who counts as technician and clerk');
    expect(whyNot('neri@kybernes.example', registered)).toContain('another address of ada@');
    expect(whyNot(desk, none)).toContain('is the desk itself');
  });

  test('and may be registered with it again, or with another after the first was taken away', () => {
    expect(whyNot(ada.email, { ...none, staff: [{ ...ada, role: 'clerk' }] })).toBeNull();
    const disabled: Registered = { ...none, staff: [{ ...ada, role: 'administrator', disabled: true }] };
    expect(whyNot(ada.email, disabled)).toBeNull();
  });
});

describe('a company', () => {
  const registered: Registered = { ...none, companies: [{ name: 'Rossi S.r.l.', domains: ['rossi.it'] }] };
  const known = { registered, staff: ['ada@kybernes.example'] };

  test.each([
    ['without domain or contact', { domain: null, contact: null }, 'all of it would be held'],
    ['with a domain that everybody has', { domain: 'gmail.com', contact: null }, 'many companies'],
    ['with a domain of certified mail', { domain: 'pec.it', contact: null }, 'many companies'],
    ['with the domain of another', { domain: 'rossi.it', contact: null }, 'belongs to Rossi S.r.l. already'],
    ['with a colleague', { domain: null, contact: 'Ada@kybernes.example' }, 'staff cannot be clients'],
  ])('%s is refused', (_, reach, why) => {
    expect(whyNotCompany('Bianchi', reach, known)).toContain(why);
  });

  test('that is there already may be named again', () => {
    expect(whyNotCompany('Rossi srl', { domain: null, contact: null }, known)).toBeNull();
    expect(whyNotCompany('Rossi srl', { domain: 'rossi.it', contact: null }, known)).toBeNull();
  });
});
