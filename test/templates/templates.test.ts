import { describe, expect, it } from 'vitest';
import { maskedFor } from '../../src/core/guard/client-guard.ts';
import type { ClientTicketView, Mail, TicketLine, TicketView } from '../../src/core/ticket/template-views.ts';
import { isMarkerLine } from '../../src/core/letters/marker.ts';
import { loadTemplates, ownTemplates, type RenderedMail } from '../../src/templates/render.ts';
import { allSampleMails, sampleFrame, sampleMails, samples } from '../../src/templates/samples/samples.ts';
import { unescapeHtml } from '../../src/demo/mailto.ts';
import type { Frame } from '../../src/templates/context.ts';
import { templateNames } from '../../src/templates/samples/names.ts';

const started = performance.now();
const loaded = {
  it: loadTemplates({
    directory: ownTemplates,
    locale: 'it',
    timeZone: 'Europe/Rome',
    companyName: 'KYBERNES',
    reopenDays: 7,
  }),
  en: loadTemplates({
    directory: ownTemplates,
    locale: 'en',
    timeZone: 'Europe/Rome',
    companyName: 'KYBERNES',
    reopenDays: 7,
  }),
};
const loadTime = (performance.now() - started) / 2;
const locales = ['it', 'en'] as const;
const unanswerable: Frame = { ...sampleFrame, replyTo: null };

const sampleTicket = (): ClientTicketView => {
  const [view] = samples('opened-client', 'it');
  if (view === undefined) throw new Error('no sample of opened-client');
  return view.ticket;
};
const openedForClient = (change: Partial<TicketView>, also: TicketLine[] = []): Mail => {
  const ticket = { ...sampleTicket(), ...change };
  return {
    template: 'opened-client',
    view: {
      ticket: {
        ...ticket,
        subject: maskedFor(ticket.subject),
        description: maskedFor(ticket.description),
      },
      also: also.map((line) => ({ ...line, subject: maskedFor(line.subject) })),
      attachments: [],
      phones: [],
      words: null,
    },
  };
};
/** The lines below the marker line. */
const opening = (text: string): string => text.split('\n').slice(2, 6).join(' ');
const everyPart = (mail: RenderedMail): string[] => [mail.subject, mail.text, mail.html];

it.each([
  [1, 'Messaggio in quarantena: 512 e un altro', 'Message in quarantine: 512 and 1 more'],
  [2, 'Messaggio in quarantena: 512 e altri 2', 'Message in quarantine: 512 and 2 more'],
])('of what a mail leaves unnamed, one is not several: %i', (count, italian, english) => {
  const subject = (locale: 'it' | 'en'): string => {
    const [view] = samples('quarantine-administrator', locale);
    if (view === undefined) throw new Error('no sample of quarantine-administrator');
    const also = view.also.slice(0, count);
    const mail: Mail = { template: 'quarantine-administrator', view: { ...view, also } };
    return loaded[locale].render(mail, sampleFrame).subject;
  };
  expect(subject('it')).toBe(italian);
  expect(subject('en')).toBe(english);
});

describe.each(locales)('every template in %s', (locale) => {
  it.each(templateNames)('%s renders every sample, and nothing in it is left open', (name) => {
    const mails = sampleMails(name, locale);
    expect(mails.length).toBeGreaterThan(0);
    for (const mail of mails) {
      for (const frame of [sampleFrame, unanswerable]) {
        const rendered = loaded[locale].render(mail, frame);
        for (const part of everyPart(rendered)) {
          expect(part).not.toMatch(/undefined|\[object |\bNaN\b|\{\{|\}\}|Invalid Date/);
          expect(part.trim()).not.toBe('');
        }
        expect(rendered.html).toContain(`<html lang="${locale}">`);
        // The text part never shows what only HTML needs.
        expect(rendered.text).not.toMatch(/&(?:amp|lt|gt|quot|#x?[0-9a-f]+);|<\/?(?:td|p|br|strong)\b/);
        expect(rendered.text).not.toMatch(/\n{3}|[ \t]\n(?<!\n-- \n)/);
      }
    }
  });

  it('fits into what Gmail shows, and has no picture without an alt text', () => {
    for (const mail of allSampleMails(locale)) {
      const { html } = loaded[locale].render(mail, sampleFrame);
      expect(Buffer.byteLength(html)).toBeLessThan(102 * 1024);
      expect(html).not.toMatch(/<img(?![^>]*\balt=)/);
    }
  });

  it('has a sentence of its own for every problem, reason to hold and reason to ask', () => {
    for (const name of ['receipt-staff', 'held-staff', 'confirm-staff'] as const) {
      const told = sampleMails(name, locale).map((mail) =>
        opening(loaded[locale].render(mail, sampleFrame).text),
      );
      expect(new Set(told).size).toBe(told.length);
    }
  });
});

describe('the subject', () => {
  it('is the same for all mails of a ticket', () => {
    const ticket = sampleTicket();
    const subjects = allSampleMails('it').flatMap((mail) => {
      const about = 'ticket' in mail.view ? mail.view.ticket : null;
      return about?.number === ticket.number ? [loaded.it.render(mail, sampleFrame).subject] : [];
    });
    expect(subjects.length).toBeGreaterThan(15);
    expect(new Set(subjects)).toEqual(new Set(['[#1042] La stampante non stampa']));
  });

  it('is one line without control characters, at most 200 characters long', () => {
    const mail = openedForClient({
      subject: `a\r\nBcc: x@evil.example\u0000\u001b[31m\u202egnp.exe ${'è'.repeat(500)}`,
    });
    const { subject } = loaded.it.render(mail, sampleFrame);
    expect(subject).toMatch(/^\[#1042\] a Bcc: x@evil\.example\[31mgnp\.exe è+…$/);
    expect(Array.from(subject)).toHaveLength(200);
  });

  it('carries the token at its end where the reply address cannot', () => {
    const token = 'abcdefghijklmnopqrstuvwx23';
    const { subject } = loaded.it.render(openedForClient({}), { ...sampleFrame, token });
    expect(subject).toBe(`[#1042] La stampante non stampa (rif. ${token})`);
  });
});

describe('the marker line', () => {
  it('comes first in every mail that can be answered, in no other', () => {
    for (const locale of locales) {
      for (const mail of allSampleMails(locale)) {
        const marked = (frame: Frame): boolean[] => {
          const { text, html } = loaded[locale].render(mail, frame);
          return [isMarkerLine(text.split('\n')[0] ?? ''), unescapeHtml(html).includes('>=== ')];
        };
        const client = mail.template === 'opened-client' || mail.template === 'closed-client';
        const answerable = mail.template !== 'declined-stranger';
        expect(marked(sampleFrame)).toEqual([answerable, answerable]);
        expect(marked(unanswerable)).toEqual([client, client]);
      }
    }
  });
});

describe('data', () => {
  const hostile = '{{7*7}} {{#each x}} ${1} <script>alert(1)</script> "><img src=x onerror=y> & \'';

  it('of a mail is printed as it is: no template in it runs, no HTML in it lives', () => {
    const mail = openedForClient({
      subject: hostile,
      description: hostile,
      category: hostile,
      requester: { name: hostile, email: 'anna@rossi.example' },
    });
    const { subject, text, html } = loaded.it.render(mail, sampleFrame);
    expect(subject).toContain('{{7*7}} {{#each x}} ${1} <script>alert(1)</script>');
    expect(text).toContain(`    ${hostile}`);
    expect(html).not.toMatch(/<script|<img/);
    expect(html).toContain('{{7*7}} {{#each x}} ${1} &lt;script&gt;');
  });

  it('keeps its line breaks and its indentation, set off from our own words', () => {
    const mail = openedForClient({ description: '\r\nprima\r\n\r\n  seconda\rterza\u0000\u0007' });
    const { text, html } = loaded.it.render(mail, sampleFrame);
    expect(text).toContain('\n\n    prima\n\n      seconda\n    terza\n\n');
    expect(html).toContain('>prima<br><br>\u00a0\u00a0seconda<br>terza</td>');
  });

  it('that turns the direction of writing loses that power', () => {
    const { text, html } = loaded.it.render(
      openedForClient({ description: 'foto\u202egpj.exe' }),
      sampleFrame,
    );
    expect(text).toContain('fotogpj.exe');
    expect(html).toContain('fotogpj.exe');
  });

  it('of any length makes a mail that Gmail shows whole; the text part goes further', () => {
    const mail = openedForClient({ description: `${'"'.repeat(1_000_000)}\nfine` });
    const { text, html } = loaded.it.render(mail, sampleFrame);
    expect(Buffer.byteLength(html)).toBeLessThan(102 * 1024);
    expect(html).toContain('il messaggio originale è conservato per intero');
    expect(text.length).toBeGreaterThan(100_000);
    expect(text.length).toBeLessThan(110_000);
  });

  it('of a flood lists every number, though not every subject', () => {
    const also = Array.from({ length: 480 }, (_, i) => ({ number: 2000 + i, subject: 'ò'.repeat(150) }));
    const { text, html } = loaded.it.render(openedForClient({}, also), sampleFrame);
    expect(Buffer.byteLength(html)).toBeLessThan(102 * 1024);
    for (const { number } of also) {
      expect(html).toContain(`[#${number}]`);
      expect(text).toContain(`[#${number}]`);
    }
  });
});

describe('dates', () => {
  it('are told in the language and the time zone of the desk', () => {
    const mail: Mail = {
      template: 'closed-client',
      view: { ticket: sampleTicket(), also: [], solution: null, phones: [] },
    };
    expect(loaded.it.render(mail, sampleFrame).text).toContain('martedì 24 novembre 2026, 10:49');
    expect(loaded.en.render(mail, sampleFrame).text).toMatch(/Tuesday,? 24 November 2026, 10:49/);
    const tokyo = loadTemplates({ locale: 'it', timeZone: 'Asia/Tokyo', companyName: 'KYBERNES' });
    expect(tokyo.render(mail, sampleFrame).text).toContain('martedì 24 novembre 2026, 18:49');
  });
});

/** Letters and digits alone, in lower case: what line ends, labels in capitals and punctuation leave. */
function lettersIn(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

describe('a client', () => {
  it('reads the solution before anything else, and how long an answer reopens the ticket', () => {
    const [solved] = sampleMails('closed-client', 'it');
    if (solved === undefined) throw new Error('no sample of closed-client');
    const { text, html } = loaded.it.render(solved, sampleFrame);
    for (const part of [text, html]) {
      expect(part).toMatch(/rullo di trascinamento[^]*La stampante non stampa[^]*entro 7 giorni/);
    }
  });

  it.each(locales)('reads the same in the text and in the HTML, and a greeting at the end: %s', (locale) => {
    for (const template of ['opened-client', 'closed-client'] as const) {
      for (const mail of sampleMails(template, locale)) {
        const { text, html } = loaded[locale].render(mail, sampleFrame);
        const [body = '', signature] = text.split('\n-- \n');
        expect(signature).toBeDefined();
        expect(body.trimEnd()).toMatch(/\n(?:Cordiali saluti|Kind regards)$/);
        const seen = lettersIn(unescapeHtml(html.replace(/<style>[^]*<\/style>|<[^>]*>/gu, '')));
        for (const line of body.split('\n').slice(1)) expect(seen).toContain(lettersIn(line));
      }
    }
  });

  it('reads no category that says nothing, the files that came, and no marker line but the first', () => {
    const other = loaded.it.render(openedForClient({ category: 'Altro' }), sampleFrame);
    for (const part of [other.text, other.html]) expect(part).not.toMatch(/Categoria|Altro|Allegati/);
    const [sample] = sampleMails('opened-client', 'it');
    if (sample === undefined) throw new Error('no sample of opened-client');
    expect(loaded.it.render(sample, sampleFrame).text).toMatch(/^Allegati:   \S.* \(\d+[^)]*\)/m);
    const quoting = loaded.it.render(
      openedForClient({ description: 'Buongiorno\n> === Scrivere sopra questa riga ===\nNon stampa.' }),
      sampleFrame,
    );
    expect(quoting.text.split('\n').filter(isMarkerLine)).toHaveLength(1);
    expect(quoting.text).toContain('    Non stampa.');
  });

  it('is told how to come back where answers reopen nothing', () => {
    const [solved] = sampleMails('closed-client', 'it');
    if (solved === undefined) throw new Error('no sample of closed-client');
    const never = loadTemplates({ locale: 'it', timeZone: 'Europe/Rome', companyName: 'K', reopenDays: 0 });
    expect(never.render(solved, sampleFrame).text).toContain('apriremo una nuova richiesta collegata');
  });
});

describe('a queue with its own name, telephone and words', () => {
  const queue = { address: 'pda@kybernes.example', name: 'Assistenza PDA' };
  const phones = [{ written: '06 555 0100', dial: '065550100' }];

  it('signs what its clients read, and can be called from both mails', () => {
    const ticket = { ...sampleTicket(), queue };
    const mails: Mail[] = [
      {
        template: 'opened-client',
        view: { ticket, also: [], attachments: [], phones, words: 'Dalle 8 alle 18.' },
      },
      { template: 'closed-client', view: { ticket, also: [], solution: null, phones } },
    ];
    for (const mail of mails) {
      const { text, html } = loaded.it.render(mail, sampleFrame);
      expect(html).toContain('>KYBERNES · Assistenza PDA</td>');
      expect(html).toContain('<a href="tel:065550100"');
      expect(text).toMatch(/Oppure telefoni: 06 555 0100\n[^]*-- \nKYBERNES · Assistenza PDA\n$/);
    }
    const [opened] = mails;
    if (opened === undefined) throw new Error('no mail');
    const { text, html } = loaded.it.render(opened, sampleFrame);
    expect(text).toContain('\nDalle 8 alle 18.\n');
    expect(html).toContain('>Dalle 8 alle 18.</p>');
  });

  it('that has none of it leaves nothing behind', () => {
    const { text, html } = loaded.it.render(openedForClient({}), sampleFrame);
    expect(`${text}${html}`).not.toMatch(/telefoni|tel:/);
  });
});

describe('rendering', () => {
  it('compiles nothing: a mail takes a small part of the time that loading takes', () => {
    const mails = allSampleMails('it');
    const start = performance.now();
    for (const mail of mails) loaded.it.render(mail, sampleFrame);
    const each = (performance.now() - start) / mails.length;
    expect(each).toBeLessThan(loadTime / 20);
  });
});
