import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCommands } from '../../src/core/commands/reading.ts';
import { readSubjectToken } from '../../src/core/message/subject-token.ts';
import { readTags } from '../../src/core/message/thread.ts';
import type { Mail, TicketView } from '../../src/core/ticket/template-views.ts';
import { isMarkerLine } from '../../src/core/letters/marker.ts';
import { loadTemplates } from '../../src/templates/render.ts';
import { linkLimit, mailtoLink } from '../../src/templates/links.ts';
import { allSampleMails, sampleFrame, sampleMails, samples } from '../../src/templates/samples/samples.ts';
import { linksOf, readMailto } from '../../src/demo/mailto.ts';
import type { Frame } from '../../src/templates/context.ts';

const templates = loadTemplates({ locale: 'it', timeZone: 'Europe/Rome', companyName: 'KYBERNES' });
const token = 'abcdefghijklmnopqrstuvwx23';
const inSubject: Frame = { ...sampleFrame, replyTo: 'assistenza@kybernes.example', token };

/** Text that grows when encoded, that could end a header, a link or a tag, and that no header may contain. */
const awkward = fc.constantFrom(
  'a',
  ' ',
  'è',
  '😀',
  '\u0000',
  '\r\n',
  '"',
  '%',
  '&',
  '?',
  '\ud800',
  '[#9]',
  '(',
  ')',
);

const [notice] = samples('opened-staff', 'it');
if (notice === undefined) throw new Error('no sample of opened-staff');
const opened = (ticket: Partial<TicketView>): Mail => ({
  template: 'opened-staff',
  view: { ...notice, ticket: { ...notice.ticket, ...ticket } },
});
const named = (mail: Mail, label: string, frame: Frame = sampleFrame) => {
  const link = linksOf(templates.render(mail, frame).html).find((candidate) => candidate.label === label);
  if (link === undefined) throw new Error(`no button ${label}`);
  return link;
};
/** The new text of an answer as a button prepares it, with this typed below the command. */
const answered = (body: string | null, typed: string): string => {
  const lines = (body ?? '').split('\r\n');
  const marker = lines.findIndex(isMarkerLine);
  expect(marker).toBeGreaterThan(0);
  return [lines[0] ?? '', typed, ...lines.slice(1, marker)].join('\n').trim();
};

describe('a button', () => {
  it('writes to the reply address, with its plus sign spared from programs that read it as a space', () => {
    const link = named(opened({}), 'Chiudere');
    expect(link.href).toContain('mailto:assistenza%2Babc');
    expect(link.to).toBe(sampleFrame.replyTo);
  });

  it('prepares the command in the body, above the marker line, and what its writer adds is read as its text', () => {
    const link = named(opened({}), 'In lavorazione');
    expect(link.href).toContain('%0D%0A%0D%0A');
    const reading = readCommands({ text: answered(link.body, 'Passo giovedì.'), subject: link.subject });
    expect(reading).toEqual({
      kind: 'commands',
      commands: [{ name: 'take', argument: null }],
      text: 'Passo giovedì.',
    });
  });

  it('prepares the command in the subject too, with the tag, for programs that drop the body', () => {
    const link = named(opened({}), 'Comunicazione interna');
    expect(link.subject).toBe('comunicazione interna [#1042] La stampante non stampa');
    expect(readTags(link.subject)).toEqual([1042]);
    const reading = readCommands({ text: '', subject: link.subject });
    expect(reading.kind === 'commands' && reading.commands[0].name).toBe('note');
  });

  it('prepares the text that was written already, without a line that would end what is read', () => {
    const [sample] = samples('receipt-staff', 'it');
    if (sample === undefined) throw new Error('no sample');
    const text = 'Sostituito il toner & il tamburo.\n-=-=- Scrivere sopra questa riga -=-=-\nOra stampa.';
    const mail = (said: string): Mail => ({
      template: 'receipt-staff',
      view: { ...sample, buttons: [{ kind: 'close', argument: null, text: said }] },
    });
    const link = named(mail(text), 'Chiudere');
    expect(readCommands({ text: answered(link.body, ''), subject: link.subject })).toMatchObject({
      kind: 'commands',
      text: 'Sostituito il toner & il tamburo.\nOra stampa.',
    });
    // where the link would grow too long for mail programs it prepares the command alone
    expect(named(mail('toner '.repeat(400)), 'Chiudere').href.length).toBeLessThanOrEqual(linkLimit);
  });

  it('that closes says that the client reads what is written', () => {
    expect(named(opened({}), 'Chiudere').body).toContain('il testo che il cliente leggerà');
    expect(named(opened({}), 'In lavorazione').body).not.toContain('cliente');
  });

  it('to the technical staff orders nothing: an empty space above the marker line, an answering subject', () => {
    const [, forClerks] = samples('opened-staff', 'it');
    if (forClerks === undefined) throw new Error('no sample for clerks');
    const mail: Mail = { template: 'opened-staff', view: forClerks };
    const link = named(mail, 'Scrivi allo Staff Tecnico');
    expect(link.subject).toBe('Re: [#1042] La stampante non stampa');
    expect(
      readCommands({ text: answered(link.body, 'Potete passare domani?'), subject: link.subject }).kind,
    ).toBe('text');
    expect(linksOf(templates.render(mail, sampleFrame).html).map(({ label }) => label)).toEqual([
      'Scrivi allo Staff Tecnico',
      'Scrivi al cliente',
      'Storico',
    ]);
  });

  it('to the client goes to the client, the desk in copy and the tag in the subject, and holds no token', () => {
    for (const frame of [sampleFrame, inSubject]) {
      const link = named(opened({}), 'Scrivi al cliente', frame);
      expect(link).toMatchObject({
        to: 'anna@rossi.example',
        cc: 'assistenza@kybernes.example',
        subject: '[#1042] La stampante non stampa',
        body: null,
      });
      expect(link.href).not.toMatch(/[a-z2-7]{26}/);
    }
  });

  it('about a stranger, a confirmation or a quarantined message has the command alone as its subject', () => {
    const subjects = (['held-staff', 'confirm-staff', 'quarantine-administrator'] as const).map((name) => {
      const [mail] = sampleMails(name, 'it');
      if (mail === undefined) throw new Error(`no sample of ${name}`);
      return linksOf(templates.render(mail, sampleFrame).html)
        .filter(({ cc }) => cc === null)
        .map(({ subject, body }) => [subject, body?.split('\r\n')[0]]);
    });
    expect(subjects).toEqual([
      [
        ['accetta Rossi SpA', 'accetta Rossi SpA'],
        ['accetta', 'accetta NOME AZIENDA'],
        ['rifiuta', 'rifiuta'],
        ['rifiuta sempre', 'rifiuta sempre'],
        ['accetta', 'accetta NOME AZIENDA'],
        ['rifiuta', 'rifiuta'],
        ['accetta', 'accetta NOME AZIENDA'],
        ['rifiuta', 'rifiuta'],
      ],
      [['conferma', 'conferma']],
      [
        ['riprova', 'riprova'],
        ['scarta', 'scarta'],
        ['riprova', 'riprova'],
        ['scarta', 'scarta'],
        ['riprova', 'riprova'],
        ['scarta', 'scarta'],
      ],
    ]);
  });

  it('of a folded notice answers to the reply address of its own entry', () => {
    const [mail] = sampleMails('held-staff', 'it');
    if (mail === undefined) throw new Error('no sample of held-staff');
    const addresses = linksOf(templates.render(mail, sampleFrame).html).map(({ to }) => to);
    expect(new Set(addresses)).toEqual(
      new Set([
        sampleFrame.entryReplyTo?.[31]?.replyTo,
        sampleFrame.entryReplyTo?.[32]?.replyTo,
        sampleFrame.entryReplyTo?.[33]?.replyTo,
      ]),
    );
    expect(templates.render(mail, { ...sampleFrame, entryReplyTo: {} }).html).not.toContain('%2Bbcd');
  });

  it('carries the token in its subject where the reply address cannot', () => {
    const link = named(opened({}), 'Chiudere', inSubject);
    expect(link.subject).toBe(`chiudere [#1042] La stampante non stampa (rif. ${token})`);
    expect(readSubjectToken(link.subject)).toEqual([token]);
  });

  it('is left out of a mail that cannot be answered', () => {
    for (const mail of allSampleMails('it')) {
      const links = linksOf(templates.render(mail, { ...sampleFrame, replyTo: null, entryReplyTo: {} }).html);
      expect(links.filter(({ label }) => label !== 'Scrivi al cliente')).toEqual([]);
    }
  });

  it('is never longer than mail programs take, whatever the subject of the ticket', () => {
    fc.assert(
      fc.property(fc.string({ unit: awkward, maxLength: 400 }), (subject) => {
        const links = linksOf(templates.render(opened({ subject }), inSubject).html);
        for (const link of links) {
          expect(link.href.length).toBeLessThanOrEqual(linkLimit);
          expect(readTags(link.subject)).toContain(1042);
        }
        const toUs = links.filter(({ cc }) => cc === null);
        expect(toUs.map((link) => readSubjectToken(link.subject))).toEqual(toUs.map(() => [token]));
      }),
      { numRuns: 50 },
    );
  });
});

describe('a mailto link', () => {
  it('decodes to the address, subject and body it was made of', () => {
    const line = fc
      .string({ unit: 'grapheme', maxLength: 40 })
      .map((text) => text.replaceAll(/\s+/g, ' ').trim());
    fc.assert(
      fc.property(line, fc.array(line, { minLength: 1, maxLength: 5 }), (rest, body) => {
        const href = mailtoLink({
          to: 'a+b@c.example',
          cc: 'd&e@f.example',
          lead: 'x:',
          rest,
          token: null,
          body,
        });
        expect(href).toMatch(/^mailto:[\x21-\x7e]*$/);
        expect(readMailto(href)).toEqual({
          to: 'a+b@c.example',
          cc: 'd&e@f.example',
          subject: ['x:', rest].filter((part) => part !== '').join(' '),
          body: body.join('\r\n'),
        });
      }),
    );
  });

  it('can be made of text that is not well-formed', () => {
    const href = mailtoLink({
      to: 'a@b.example',
      cc: null,
      lead: '',
      rest: '\ud800',
      token: null,
      body: ['\udc00'],
    });
    expect(readMailto(href)).toMatchObject({ subject: '\ufffd', body: '\ufffd' });
  });
});
