/** The label of a line: the writer's own, or why it was cut. */
export type Label =
  | 'own'
  | 'quote'
  | 'attribution'
  | 'header_block'
  | 'signature'
  | 'tagline'
  | 'marker'
  | 'forwarded'
  | 'disclaimer'
  | 'html_quote'
  | 'below_marker'
  | 'banner';

/** A stretch of text that was cut away, and why. Line numbers count from 1 in the text before the cut. */
export type Cut = {
  reason: Exclude<Label, 'own'>;
  fromLine: number;
  toLine: number;
};

/** The original inside a forwarded mail, where one was found. */
export type Forwarded = {
  from: { name: string; email: string } | null;
  subject: string | null;
  text: string;
  /** it came as a file of its own beside what its forwarder wrote */
  attached?: true;
};

/** The new text of a mail: its writer's own, without earlier text by others. */
export type Reply = {
  /**
   * quotes, signature and taglines gone; command lines still in; '' where the mail has no word. Where nothing would be left it is
   * what the mail quotes, or all of it (`guessed`). For staff
   */
  text: string;
  /** the new text with the quoted lines it answers between them kept (interleaved answers): for staff only */
  textWithContext: string;
  /**
   * The text up to the first sign of a quote, of a signature or of our marker line, and nothing after it. The only
   * text that may reach a client, and only where `sure`
   */
  strict: string;
  cuts: Cut[];
  /** nothing in `text` could be told as new: it is shown, and never read as a command */
  guessed: boolean;
  /**
   * True if `strict` is certainly the writer's own and complete. False at any hint that a quote may be left in or an answer
   * left out: such text reaches a client only once its writer has confirmed it.
   */
  sure: boolean;
  /** why not, in English; '' where sure */
  doubt: string;
  /** the HTML hides text from its reader (BAD-MAIL 61) outside its quotes; such text commands nothing */
  hiddenText: boolean;
  /**
   * The quote as it stands, with its attribution; '' if it quotes a mail of ours. In a mail that answers nothing of ours,
   * staff have never seen it.
   */
  quoted: string;
  /**
   * The writer's text below our marker line but outside the quote that contains it, interleaved with the lines it answers; ''
   * for none. It is shown, and never read as a command.
   */
  below: string;
  /** it is in a button's draft, with no quote below the marker line: if there is no text above, it is the answer */
  belowDraft: boolean;
  /** text below our marker line that nothing marks as a quote, or in quote marks without an attribution; '' for none */
  unmarked: string;
  /**
   * part of `text` that its writer indented as programs indent quotes, but nothing marks as a quote: it commands nothing until
   * its writer has confirmed it; '' for none
   */
  indented: string;
  /** such text is left out of all fields, and nothing else in the mail says it */
  leavesOut: boolean;
  /** its style sheets were dropped as too costly: what they hide is unknown */
  unstyled: boolean;
  /** the HTML has more lines than are read */
  htmlCut: boolean;
  /** body that the fields were read from */
  source: 'text' | 'html';
  /** the whole text of that body before any cut; lines in `cuts` count in it */
  whole: string;
  forwarded: Forwarded | null;
};
