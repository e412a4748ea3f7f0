import type { PhoneNumber } from '../letters/phone.ts';

/** The fields of the manual's form as a client filled them in (Apri TICKET, points 1–4); null if absent. */
export type ClientForm = {
  name: string | null;
  /** lower-case */
  email: string | null;
  phone: string | null;
  /** as written; whether there is such a category is not asked here */
  category: string | null;
  /** all lines that are no field, and the phone number; the whole text if there is no form */
  description: string;
};

/** A picture in a mail's HTML, by the number of lines of the text above it. */
export type PlacedPicture = { name: string; below: number };

/** Opening of a ticket: a client's new text, or what a mail without any forwards. */
export type Opening = ClientForm & {
  /** places of its pictures in `description`, top down; none if the text names them itself */
  pictures: PlacedPicture[];
};

/** A client's phone number, and its place in their mail: the form, or the likely signature. */
export type Phone = PhoneNumber & { from: 'form' | 'signature' };

/** The kind of a text that asks for nothing. */
export type Gist = {
  /** thanks and greetings, and nothing else */
  thanks: boolean;
  /** "it works now", and nothing else */
  works: boolean;
  /** another desk's receipt for a mail of ours (BAD-MAIL 87) */
  receipt: boolean;
  /** no word of it says anything but what receipts and absence notices do */
  wholly: boolean;
};

/** The text of a mail that is in no mail of ours. */
export type NewWords = {
  /** text shown to staff, in addition to the text below our marker line; '' if it only quotes ours */
  text: string;
  /** words below a quote without a visible end that are in no mail of ours; '' for none */
  unread: string;
  /** the quote is one of our mails, so that `unread` is certainly no part of it */
  quotesOurs: boolean;
  /** gist of all new text, above a quote and below it; null if it has no word */
  gist: Gist | null;
};
