import { describe, expect, test } from 'vitest';
import { oneOf } from '../../src/core/command-arguments.ts';
import { commandTable } from '../../src/core/command-table.ts';
import {
  buttonLabel,
  buttonSubject,
  type CommandName,
  commandLine,
  commandNames,
  commandUsage,
  helpLines,
  mayCommand,
  openWords,
  readAcceptArgument,
  readCommands,
} from '../../src/core/commands.ts';
import { commandReader } from '../../src/core/read-commands.ts';
import type { CommandSyntax } from '../../src/core/read-line.ts';
import type { Role } from '../../src/core/ticket.ts';

const read = (text: string) => readCommands({ text, subject: '' });
const inTable = commandNames.filter((name) => Object.keys(commandTable).includes(name));

/** The part of each help line before its colon. */
function usages(role: Role): (string | undefined)[] {
  return helpLines(role, 'it').map((line) => line.split(': ', 1)[0]);
}

describe('the table', () => {
  test('no two commands share a phrase or a hint', () => {
    const all = Object.entries(commandTable).flatMap(([name, e]) =>
      [e.phrases, e.lone, e.hints].flatMap(({ it, en }) => [...it, ...en].map((phrase) => [phrase, name])),
    );
    expect(new Map(all.map(([phrase]) => [phrase, 1])).size).toBe(all.length);
  });
  test('a command the desk cannot carry out yet is plain text', () => {
    for (const text of ['riaprire', 'assegnare Luigi', 'categoria Stampa', 'annulla ultimo', 'undo']) {
      expect(read(text)).toEqual({ kind: 'text', text });
    }
  });
  test('opposites are opposites of each other', () => {
    for (const [name, { opposites }] of Object.entries(commandTable)) {
      for (const other of opposites) {
        expect(Object.entries(commandTable).find(([n]) => n === other)?.[1].opposites).toContain(name);
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
    };
    for (const name of inTable) {
      for (const argument of given[name] ?? [null]) {
        const expected = { kind: 'commands', commands: [{ name, argument }], text: '' };
        expect(read(commandLine(name, argument, locale))).toEqual(expected);
        const ticket = ['take', 'close', 'note'].includes(name) ? 1042 : null;
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
    expect(() => openWords('undo', 'it')).toThrow('undo is not in the table');
  });
  test('help shows a role the commands it may give', () => {
    const shared = ['apri per EMAIL', 'elenco', 'storico #NUMERO', 'aiuto'];
    const clerk = [...shared, 'accetta NOME AZIENDA', 'rifiuta [sempre | commerciale | credenziali]'];
    expect(new Set(usages('clerk'))).toEqual(new Set([...clerk, 'conferma [sempre]']));
    expect(helpLines('technician', 'it')[0]).toMatch(/^in lavorazione: prende in carico/u);
    expect(helpLines('administrator', 'en')).toHaveLength(inTable.length);
    expect(mayCommand('clerk', 'close')).toBe(false);
    expect(mayCommand('administrator', 'close')).toBe(true);
    expect(mayCommand('administrator', 'undo')).toBe(false);
  });
});

describe('a new entry is all a new command needs', () => {
  const none = { it: [], en: [] };
  const entry = (name: CommandName, word: string, anywhere: boolean): CommandSyntax => ({
    name,
    phrases: { it: [word], en: [] },
    lone: none,
    hints: none,
    argument: anywhere
      ? oneOf({ high: { it: 'alta', en: 'high' }, low: { it: 'bassa', en: 'low' } }, false)
      : null,
    textFor: anywhere ? 'nobody' : 'client',
    canBeTakenBack: !anywhere,
    about: 'ticket',
    anywhere,
    opposites: [],
  });
  const reader = commandReader([entry('close', 'chiudere', false), entry('priority', 'priorità', true)]);
  const readWith = (text: string) => reader({ text, subject: '' });
  const close = { name: 'close', argument: null };
  const high = { name: 'priority', argument: 'high' };

  test('several command lines, then text', () => {
    expect(readWith('chiudere\npriorità alta\n\nSostituito')).toEqual({
      kind: 'commands',
      commands: [high, close],
      text: 'Sostituito',
    });
    expect(readWith('priorità: alta\nchiudere. Sostituito')).toEqual({
      kind: 'commands',
      commands: [high, close],
      text: 'Sostituito',
    });
  });
  test('an attribute line is read wherever it stands, and is no part of the text', () => {
    const expected = { kind: 'commands', commands: [high, close], text: 'Sostituito\nil rullo' };
    expect(readWith('chiudere\nSostituito\nPRIORITA ALTA\nil rullo')).toEqual(expected);
    expect(readWith('chiudere: Sostituito\nil rullo\npriorità alta')).toEqual(expected);
    expect(readWith('Ho visto il rullo\npriorità alta')).toEqual({
      kind: 'commands',
      commands: [high],
      text: 'Ho visto il rullo',
    });
  });
  test('two values of one attribute contradict each other', () => {
    expect(readWith('priorità alta\npriorità bassa').kind).toBe('contradiction');
    expect(readWith('chiudere\npriorità alta\nfatto\npriorità bassa').kind).toBe('contradiction');
  });
  test('an attribute that cannot be read is text', () => {
    expect(readWith('chiudere\npriorità assoluta al server')).toEqual({
      kind: 'commands',
      commands: [close],
      text: 'priorità assoluta al server',
    });
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
    expect(readAcceptArgument(argument)).toEqual({ company, create });
  });
});
