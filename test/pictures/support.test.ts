import { caniemail, type CanIEmailOptions, rawData } from 'caniemail';
import { expect, it } from 'vitest';
import { everyMail } from './mails.ts';

/** Mail programs by their names at caniemail.com. */
const clients: CanIEmailOptions['clients'] = [
  'outlook.windows',
  'outlook.outlook-com',
  'outlook.macos',
  'outlook.ios',
  'outlook.android',
  'gmail.*',
  'apple-mail.*',
  'thunderbird.macos',
  'samsung-email.android',
];

/** Features that some of them lack, and why the mails do without. */
const niceToHave: Record<string, string> = {
  'color-scheme CSS property': 'dark mode: the others invert colours by themselves or stay light',
  'color-scheme meta tag': 'the same',
  '@media': 'dark mode, and buttons side by side: one under the other is as good',
  '<style> element': 'holds nothing else; every element has its own style',
  'Type selector': 'the same',
  'border-radius': 'corners are square',
  'overflow-wrap': 'word-break does the same',
  '<body> element': 'its colour is also that of the table in it',
  'white-space': 'keeps together a ticket’s number, which has no space',
  'display:none': 'the preview text: elsewhere hidden by its height',
  'max-height property': 'the preview text: elsewhere hidden by display',
  overflow: 'the same',
  'table-layout': 'keeps a client’s wide table within the mail: elsewhere the mail is as wide as that',
  'aria-label attribute': 'a button of a list says alone what to do; what it is about stands above it',
};

/** Features with partial support that covers our use: each with the note that was read. */
const inPart: Record<string, string> = {
  margin: 'no negative margins; none on body and span',
  padding: 'of cells alone: that of a button’s link is its cell’s in Outlook (mso-padding-alt)',
  border: 'at most 8 pixels, and not on paragraphs',
  background: 'colours only',
  'max-width': 'of tables alone; where even those have none, the window is narrower anyway',
  'font-size': 'pixels only',
  'line-height': 'in Outlook a little more than said',
  'font-weight': 'bold or not',
  'text-align': 'left and center only',
  'dir attribute': 'on cells, not on links',
  'width attribute': 'no pictures',
  'height attribute': 'no pictures',
  'width property': 'of tables and cells alone',
  'height property': 'of cells alone',
  'align attribute': 'of cells, not of tables',
  'word-break': 'long words break, which is what it is for',
  'overflow-wrap': 'word-break does the same',
  '@media': 'of widths and colour scheme, not nested',
  '<style> element': 'in the head, before what it is for, 2 KB long',
  'Type selector': 'as with @media',
  '<body> element': 'a div in its place',
  overflow: 'hides the preview text; a client’s wide table may be moved sideways',
  '<ul>, <ol> and <dl>':
    'a client’s lists begin at any number, and are neither reversed nor numbered by hand',
  display: 'none, block and inline-block',
  'display:none': 'holds no table and no picture',
  'white-space': 'as with the style element',
  'text-decoration': 'none or as it is',
};

it('mails use what mail programs know, and are well without the rest', () => {
  // caniemail stops at a program on which nobody has tried a feature
  for (const { stats } of rawData.data) {
    stats.thunderbird = { macos: { untested: 'u' }, ...stats.thunderbird };
    stats['samsung-email'] = { android: { untested: 'u' }, ...stats['samsung-email'] };
  }
  const unknown = new Set<string>();
  const partly = new Set<string>();
  for (const { html } of everyMail()) {
    const { errors, warnings } = caniemail({ clients, html }).issues;
    for (const [client, issues] of errors)
      for (const { title } of issues) if (!(title in niceToHave)) unknown.add(`${title}: ${client}`);
    // without a note nobody has tried it
    for (const [client, issues] of warnings)
      for (const { title, notes } of issues)
        if (notes.length > 0 && !(title in inPart)) partly.add(`${title}: ${client}: ${notes.join(' ')}`);
  }
  expect({ unknown: [...unknown], partly: [...partly] }).toEqual({ unknown: [], partly: [] });
}, 60_000);
