import type { Mail, TemplateName } from '../../src/core/ticket/template-views.ts';
import type { Locale } from '../../src/core/words/words.ts';
import { loadTemplates } from '../../src/templates/render.ts';
import { sampleFrame, sampleMails } from '../../src/templates/samples/samples.ts';
import { templateNames } from '../../src/templates/samples/names.ts';

/** A mail's HTML part, and what it is called where something is wrong with it. */
export type Rendered = { name: string; html: string };

export const locales = ['it', 'en'] as const satisfies readonly Locale[];

/**
 * Description of each mail, and the numbers of its samples that are worth a picture, as `kticket template preview` counts
 * them.
 */
export const pictured: Record<TemplateName, { what: string; samples: number[] }> = {
  'opened-client': {
    what: 'The client reads it when a ticket opens: the number, what was understood, what happens next.',
    samples: [1, 2],
  },
  'closed-client': {
    what: 'The client reads it when a ticket is closed: the solution first.',
    samples: [1, 2],
  },
  'opened-staff': {
    what: 'Technicians and administrators have three buttons, clerks one.',
    samples: [1, 2, 3],
  },
  'in-progress-staff': { what: 'Who took charge, and how far the work is.', samples: [2, 3] },
  'internal-note-staff': {
    what: 'What staff say to each other; the client never reads it.',
    samples: [1, 2],
  },
  'closed-staff': { what: 'Who closed a ticket, and with which words to the client.', samples: [1, 2] },
  'follow-up-staff': { what: 'The client wrote again.', samples: [1, 2] },
  'reopened-staff': {
    what: 'An answer after closing, or a colleague, opened the ticket again.',
    samples: [1, 2],
  },
  'held-staff': { what: 'A stranger wrote: who is it?', samples: [1, 2] },
  'confirm-staff': { what: 'A command came without proof: its owner is asked.', samples: [1, 6] },
  'receipt-staff': { what: 'What could not be done, and what to write instead.', samples: [1, 8] },
  'help-staff': { what: 'The commands, the open tickets, the history of one.', samples: [1, 5, 6] },
  'delivery-failed-staff': { what: 'A mail of ours did not arrive.', samples: [1, 3] },
  'declined-stranger': { what: 'The one answer a stranger may get: whom to turn to.', samples: [1, 2] },
  'quarantine-administrator': { what: 'A message that could not be handled.', samples: [1, 2] },
  'alert-administrator': { what: 'The desk does not reach its mail server.', samples: [1, 2] },
};

/** A desk that has made every setting. */
const desk = {
  timeZone: 'Europe/Rome',
  companyName: 'KYBERNES',
  commercialContact: 'commerciale@kybernes.example, 06 0000000',
  accessContact: 'accessi@kybernes.example, 06 0000000',
  remoteAssistanceUrl: 'https://kybernes.example/assistenza',
};
const templates = {
  it: loadTemplates({ ...desk, locale: 'it' }),
  en: loadTemplates({ ...desk, locale: 'en' }),
};

/** The HTML part of a mail of that desk. */
export function render(mail: Mail, locale: Locale): string {
  // what administrators are told of an outage waits for no answer
  const replyTo = mail.template === 'alert-administrator' ? null : sampleFrame.replyTo;
  return templates[locale].render(mail, { ...sampleFrame, replyTo }).html;
}

/** The samples of one template that are worth a picture, rendered; in English the first, which is laid out like the Italian. */
export function picturedMails(template: TemplateName, locale: Locale): Rendered[] {
  const { samples } = pictured[template];
  return rendered(template, locale, locale === 'it' ? samples : samples.slice(0, 1));
}

/** All mails worth a look, in both languages. */
export function everyMail(): Rendered[] {
  return locales.flatMap((locale) =>
    templateNames.flatMap((template) => rendered(template, locale, pictured[template].samples)),
  );
}

function rendered(template: TemplateName, locale: Locale, samples: readonly number[]): Rendered[] {
  const mails: Mail[] = sampleMails(template, locale);
  return samples.map((number) => {
    const mail = mails[number - 1];
    if (mail === undefined) throw new Error(`${template} has no sample ${number}`);
    return { name: `${template}, sample ${number}, ${locale}`, html: render(mail, locale) };
  });
}
