import { describe, expect, test } from 'vitest';
import { commandsByName } from '../../../src/core/commands/table.ts';
import {
  buttonLabel,
  buttonSubject,
  commandLine,
  commandUsage,
  helpLines,
  mayCommand,
  openWords,
} from '../../../src/core/commands/commands.ts';
import { readCommands } from '../../../src/core/commands/reading.ts';
import { type Role, type CommandName } from '../../../src/core/kinds.ts';
import { readAcceptArgument } from '../../../src/core/letters/find-company.ts';

const read = (text: string) => readCommands({ text, subject: '' });
const inTable = [...commandsByName.keys()];

/** The part of each help line before its colon. */
function usages(role: Role): (string | undefined)[] {
  return helpLines(role, 'it').map((line) => line.split(': ', 1)[0]);
}

describe('the table', () => {
  test('no two commands share a phrase or a hint', () => {
    const all = [...commandsByName].flatMap(([name, e]) =>
      [e.phrases, e.standsAlone, e.hints].flatMap(({ it, en }) =>
        [...it, ...en].map((phrase) => [phrase, name]),
      ),
    );
    expect(new Map(all.map(([phrase]) => [phrase, 1])).size).toBe(all.length);
  });
  test('a command the desk cannot carry out yet is plain text', () => {
    for (const text of ['spostare', 'dividere', 'split']) {
      expect(read(text)).toEqual({ kind: 'text', text });
    }
  });
  test('opposites are opposites of each other', () => {
    for (const [name, { opposites }] of commandsByName) {
      for (const other of opposites) {
        expect([...commandsByName].find(([n]) => n === other)?.[1].opposites).toContain(name);
      }
    }
  });
  test.each(['it', 'en'] as const)('what a button writes is read back (%s)', (locale) => {
    const given: Partial<Record<CommandName, (string | null)[]>> = {
      accept: ['Rossi & C. S.r.l.', null],
      reject: [null, 'always', 'commercial', 'credentials'],
      confirm: [null, 'always'],
      open_for: ['anna@rossi.it'],
      history: ['1042'],
      assign: ['Luigi Verdi', 'luigi@kybernes.it', 'Maria D’Angelo'],
      category: ['Stampa', 'Posta elettronica'],
      merge: ['1042'],
      priority: ['high', 'normal', 'low'],
      time: ['45', '90', '1440'],
      mode: ['remote', 'on-site', 'phone', 'outsourcing'],
    };
    for (const name of inTable) {
      for (const argument of given[name] ?? [null]) {
        const expected = { kind: 'commands', commands: [{ name, argument }], text: '' };
        expect(read(commandLine(name, argument, locale))).toEqual(expected);
        const ticket = commandsByName.get(name)?.about === 'ticket' ? 1042 : null;
        expect(readCommands({ text: '', subject: buttonSubject(name, argument, ticket, locale) })).toEqual(
          expected,
        );
      }
    }
  });
  test('the labels of the manual', () => {
    expect(buttonLabel('take', 'it')).toBe('In lavorazione');
    expect(buttonLabel('close', 'it')).toBe('Chiudere');
    expect(buttonLabel('note', 'it')).toBe('Comunicazione interna');
    expect(buttonLabel('write_staff', 'it')).toBe('Scrivi allo Staff Tecnico');
    expect(buttonLabel('write_client', 'it')).toBe('Scrivi al cliente');
    expect(buttonLabel('reject', 'it', 'always')).toBe('Rifiuta sempre');
    expect(buttonLabel('accept', 'it', 'Rossi SpA')).toBe('Accetta Rossi SpA');
  });
  test('what buttons write first', () => {
    expect(openWords('close', 'it')).toBe('chiudere');
    expect(openWords('take', 'en')).toBe('in progress');
    expect(commandUsage('accept', 'it')).toBe('accetta NOME AZIENDA');
    expect(() => openWords('move', 'it')).toThrow('move is not in the table');
  });
  test('help shows a role the commands it may give', () => {
    const attributes = ['categoria NOME', 'priorità alta | normale | bassa'];
    const shared = [...attributes, 'apri per EMAIL', 'elenco', 'storico #NUMERO', 'aiuto'];
    const clerk = [...shared, 'accetta NOME AZIENDA', 'rifiuta [sempre | commerciale | credenziali]'];
    expect(new Set(usages('clerk'))).toEqual(new Set([...clerk, 'conferma [sempre]']));
    expect(helpLines('technician', 'it')[0]).toMatch(/^in lavorazione: prende in carico/u);
    expect(helpLines('administrator', 'en')).toHaveLength(inTable.length);
    expect(mayCommand('clerk', 'close')).toBe(false);
    expect(mayCommand('administrator', 'close')).toBe(true);
    expect(mayCommand('technician', 'undo')).toBe(true);
    expect(mayCommand('clerk', 'time')).toBe(false);
    expect(mayCommand('administrator', 'move')).toBe(false);
  });
});

describe('attribute lines', () => {
  const close = { name: 'close', argument: null };
  const high = { name: 'priority', argument: 'high' };

  test('several command lines in any order, then text', () => {
    const expected = { kind: 'commands', commands: [high, close], text: 'Sostituito' };
    expect(read('chiudere\npriorità alta\n\nSostituito')).toEqual(expected);
    expect(read('priorità: alta\nchiudere. Sostituito')).toEqual(expected);
    expect(read('tempo 30m\ncategoria Stampa\nchiudere\nSostituito')).toEqual({
      kind: 'commands',
      commands: [{ name: 'time', argument: '30' }, { name: 'category', argument: 'Stampa' }, close],
      text: 'Sostituito',
    });
  });
  test('are read wherever they stand, and are no part of the text', () => {
    const expected = { kind: 'commands', commands: [high, close], text: 'Sostituito\nil rullo' };
    expect(read('chiudere\nSostituito\nPRIORITA ALTA\nil rullo')).toEqual(expected);
    expect(read('chiudere: Sostituito\nil rullo\npriorità alta')).toEqual(expected);
    expect(read('chiudere\nSostituito\npriorità alta, il rullo')).toEqual({
      ...expected,
      text: 'Sostituito\nil rullo',
    });
    expect(read('Ho visto il rullo\npriorità alta')).toEqual({
      kind: 'commands',
      commands: [high],
      text: 'Ho visto il rullo',
    });
  });
  test('two values of one attribute contradict each other', () => {
    expect(read('priorità alta\npriorità bassa').kind).toBe('contradiction');
    expect(read('chiudere\npriorità alta\nfatto\npriorità bassa').kind).toBe('contradiction');
    expect(read('categoria Stampa\ncategoria Rete').kind).toBe('contradiction');
  });
  test('what only begins like one is text', () => {
    expect(read('chiudere\npriorità assoluta al server')).toEqual({
      kind: 'commands',
      commands: [close],
      text: 'priorità assoluta al server',
    });
    expect(read('Tempo permettendo passo domani').kind).toBe('text');
  });
  test.each([
    'chiudere\nSostituito\ntemppo 30m',
    'chiudere\nSostituito\ntempo 30',
    'chiudere\nSostituito\npriorità altissima',
    'chiudere\nSostituito\ncategora Stampa',
    'chiudere\nSostituito il rullo. Tempo 30m.',
  ])('badly written in a text for the client: its writer is asked: %j', (text) => {
    expect(read(text).kind).toBe('unsure');
  });
  test('a command as the last word below them is asked about', () => {
    expect(read('tempo 30m\nSostituito il rullo.\nchiudere')).toMatchObject({
      kind: 'unsure',
      guesses: ['close'],
    });
  });
});

describe('tempo DURATA', () => {
  test.each([
    ['45m', 45],
    ['45 m', 45],
    ['45min', 45],
    ['45 minuti', 45],
    ['45’', 45],
    ['1h', 60],
    ['1 h', 60],
    ['2h', 120],
    ['1h30', 90],
    ['1h30m', 90],
    ['1h 30m', 90],
    ['1 ora', 60],
    ['un’ora', 60],
    ["un'ora e mezza", 90],
    ['un ora e mezza', 90],
    ['un’ora e un quarto', 75],
    ['2 ore e mezza', 150],
    ['due ore', 120],
    ['1 ora e 30 minuti', 90],
    ['1 ora e 20', 80],
    ['mezz’ora', 30],
    ['mezzora', 30],
    ['tre quarti d’ora', 45],
    ['un quarto d’ora', 15],
    ['1,5 ore', 90],
    ['1.5h', 90],
    ['0,25 h', 15],
    ['90 minuti', 90],
    ['1:30', 90],
    ['0:45', 45],
    ['trenta minuti', 30],
    ['half an hour', 30],
    ['an hour and a half', 90],
    ['1 hour 30 minutes', 90],
    ['2 hours', 120],
    ['４５ｍ', 45],
  ])('%s', (written, minutes) => {
    const expected = { kind: 'commands', commands: [{ name: 'time', argument: String(minutes) }] };
    expect(read(`tempo ${written}`)).toMatchObject({ ...expected, text: '' });
    expect(read(`Tempo: ${written}. Sostituito`)).toMatchObject({ ...expected, text: 'Sostituito' });
  });
  test('a full stop that shortens a word ends nothing', () => {
    expect(read('tempo 45 min.')).toMatchObject({ commands: [{ name: 'time', argument: '45' }], text: '' });
  });
  test.each(['45', '1.30', '3 giorni', 'molto', '1:75', '-45m', '45m o 50m'])('%s is none', (written) => {
    expect(read(`tempo ${written}`).kind).not.toBe('commands');
  });
});

describe('accetta NOME AZIENDA', () => {
  test.each([
    ['Rossi SpA', 'Rossi SpA', false],
    ['Rossi & C. S.r.l.', 'Rossi & C. S.r.l.', false],
    ['Rossi S.r.l. nuova', 'Rossi S.r.l.', true],
    ['Rossi S.r.l. Nuova', 'Rossi S.r.l.', true],
    ['Rossi SpA, nuova', 'Rossi SpA', true],
    ['Rossi SpA (nuova)', 'Rossi SpA', true],
    ['Rossi SpA nuova.', 'Rossi SpA', true],
    ['Acme Ltd. new', 'Acme Ltd.', true],
    ['Studio nuovo', 'Studio', true],
    ['Terra Nuova', 'Terra Nuova', false],
    ['Terra Nuova nuova', 'Terra Nuova', true],
    ['Nuova Tecnica', 'Nuova Tecnica', false],
    ['nuova', 'nuova', false],
    ['"Rossi SpA"', 'Rossi SpA', false],
    ['Rossi Impianti.', 'Rossi Impianti', false],
    ['Fratelli Rossi & Co.', 'Fratelli Rossi & Co.', false],
    ['  Rossi   SpA ', 'Rossi SpA', false],
  ])('%j', (argument, company, create) => {
    expect(readAcceptArgument(argument)).toEqual({ company, create: create ? 'yes' : 'no' });
  });
});
