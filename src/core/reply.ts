/** A stretch of text that was cut away, and why. Line numbers count from 1 in the text before the cut. */
export type Cut = {
  reason:
    | 'quote'
    | 'attribution'
    | 'header_block'
    | 'signature'
    | 'tagline'
    | 'marker'
    | 'forwarded'
    | 'disclaimer'
    | 'html_quote';
  fromLine: number;
  toLine: number;
};

/** The original inside a forwarded mail, where one was found. */
export type Forwarded = {
  from: { name: string; email: string } | null;
  subject: string | null;
  text: string;
};

/** The new text of a mail: what its writer wrote, without what others had written before. */
export type Reply = {
  /** quotes, signature and taglines gone; command lines still in; '' where nothing is left */
  text: string;
  /** the new text with the quoted lines it answers between them kept (interleaved answers): for staff only */
  textWithContext: string;
  cuts: Cut[];
  /**
   * Whether what `text` holds is certainly the writer's own. False as soon as anything hints that a quote
   * may be left in: such text never reaches a client before its writer has seen and confirmed it.
   */
  sure: boolean;
  /** why not, in English; '' where sure */
  doubt: string;
  forwarded: Forwarded | null;
};
