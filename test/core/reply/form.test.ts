import { describe, expect, test } from 'vitest';
import { readForm } from '../../../src/core/reply/form.ts';
import { pickCategory } from '../../../src/core/ticket/pick-category.ts';

const readClientForm = (text: string) => readForm(text).form;
const empty = { name: null, email: null, phone: null, category: null };

describe('the form of the manual', () => {
  test('all its fields', () => {
    const text =
      'Nominativo: Anna Rossi\nE-mail: Anna@Rossi.it\nProblematica: Stampa\nDescrizione: La stampante non stampa.\nDa ieri.';
    expect(readClientForm(text)).toEqual({
      name: 'Anna Rossi',
      email: 'anna@rossi.it',
      phone: null,
      category: 'Stampa',
      description: 'La stampante non stampa.\nDa ieri.',
    });
  });
  test.each([
    ['NOMINATIVO : Anna Rossi', { name: 'Anna Rossi' }],
    ['*Nominativo:* Anna Rossi', { name: 'Anna Rossi' }],
    ['• Nome e Cognome: Anna Rossi', { name: 'Anna Rossi' }],
    ['Nominativo：Anna Rossi', { name: 'Anna Rossi' }],
    ['Tipo di problema: Stampa', { category: 'Stampa' }],
    ['Categoria: Stampa', { category: 'Stampa' }],
    ['Category: Printing', { category: 'Printing' }],
    [
      'Nominativo: Anna\nemail: anna@rossi.it <mailto:anna@rossi.it>',
      { name: 'Anna', email: 'anna@rossi.it' },
    ],
    ['Nominativo: Anna\nE-mail: anna chiocciola rossi', { name: 'Anna', email: null }],
    ['Nominativo:\nAnna Rossi\n\nProblematica:\nStampa', { name: 'Anna Rossi', category: 'Stampa' }],
  ])('%j', (text, fields) => {
    expect(readClientForm(text)).toEqual({ ...empty, ...fields, description: '' });
  });
  test('a greeting above and text below belong to the description', () => {
    const form = readClientForm(
      'Buongiorno,\n\nNominativo: Anna\nProblematica: Stampa\n\nnon stampa più.\n\nSaluti',
    );
    expect(form).toEqual({
      ...empty,
      name: 'Anna',
      category: 'Stampa',
      description: 'Buongiorno,\n\n\nnon stampa più.\n\nSaluti',
    });
  });
  test('the phone number stays in the description: a ticket has no other place for it', () => {
    const form = readClientForm('Nominativo: Anna\nTelefono: 06 1234\nDescrizione: non stampa');
    expect(form).toEqual({
      ...empty,
      name: 'Anna',
      phone: '06 1234',
      description: 'Telefono: 06 1234\nnon stampa',
    });
  });
  test('the signature below the description is no form', () => {
    const form = readClientForm(
      'Nominativo: Anna\nDescrizione: non stampa\n\nRossi SpA\nTel: 06 1234\nE-mail: info@rossi.it',
    );
    expect(form).toEqual({
      ...empty,
      name: 'Anna',
      description: 'non stampa\n\nRossi SpA\nTel: 06 1234\nE-mail: info@rossi.it',
    });
  });
  test('a field given twice counts once, and nothing of it is lost', () => {
    const form = readClientForm('Nominativo: Anna\nNominativo: Bruno\nDescrizione: non stampa');
    expect(form).toEqual({ ...empty, name: 'Anna', description: 'Nominativo: Bruno\nnon stampa' });
  });
});

describe('prose is not misread', () => {
  test.each([
    'La stampante non stampa',
    'Buongiorno,\nnon stampa.\n\nAnna Rossi\nTel: 06 1234\nE-mail: anna@rossi.it',
    'Nome: stampante2\nnon risponde',
    'E-mail: non ne ricevo più da ieri',
    'Ho letto quanto segue\nuno\ndue\ntre\nCategoria: bruciata',
    'Il mio nominativo: lo avete già',
    'Descrizione del guasto\nnon stampa',
    'Errore: 0x51',
    '',
  ])('%j', (text) => {
    expect(readClientForm(text)).toEqual({ ...empty, description: text });
  });
  test('linear time', () => {
    const start = performance.now();
    for (const text of [
      'Nominativo: a\n'.repeat(70_000),
      `Nominativo${' '.repeat(500_000)}x`,
      'a: '.repeat(300_000),
    ])
      readClientForm(text);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('the category of a ticket', () => {
  const categories = [
    { name: 'Stampa', keywords: ['stampante', 'toner', 'carta inceppata'] },
    { name: 'Rete', keywords: ['wi-fi', 'internet', 'perché'] },
    { name: 'Posta elettronica', keywords: ['outlook'] },
    { name: 'Altro', keywords: [] },
  ];
  test.each([
    ['stampa', '', '', 'Stampa'],
    ['POSTA  ELETTRONICA', '', '', 'Posta elettronica'],
    ['Rete', 'La stampante', 'toner', 'Rete'],
    ['la mia stampante', '', '', 'Stampa'],
    ['boh', 'Outlook non parte', 'la stampante', 'Posta elettronica'],
    [null, 'La STAMPANTE non va', 'internet', 'Stampa'],
    [null, 'Aiuto', 'Da ieri il Wi-Fi non va', 'Rete'],
    [null, 'perche no', '', 'Rete'],
    [null, 'Carta\ninceppata', '', 'Stampa'],
    [null, 'stampanti', 'nulla', 'Altro'],
    [null, 'ristampante', '', 'Altro'],
    ['boh', '', '', 'Altro'],
  ])('named %j, subject %j, text %j: %s', (named, subject, text, expected) => {
    expect(pickCategory(categories, named, subject, text)).toBe(expected);
  });
  test('a new database knows none but Altro', () => {
    expect(pickCategory([], 'Stampa', 'stampante', 'toner')).toBe('Altro');
  });
});
