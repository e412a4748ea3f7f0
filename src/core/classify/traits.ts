/** The features that determine the kind of a message. */
export type Traits = {
  /** every value of a header, topmost first, by lower-case name; unfolded */
  header: (name: string) => string[];
  /** lower-case media type of the whole message, and its parameters */
  contentType: string;
  parameters: Record<string, string>;
  /** lower-case media types of all parts */
  partTypes: string[];
  /** bare address of From; null where it names nobody */
  from: string | null;
  /** From as it stands, decoded */
  fromText: string;
  /** decoded */
  subject: string;
  /** the new text, quotes gone */
  text: string;
  /** all of the text */
  whole: string;
  /** METHOD of its calendar part (RFC 5546 §1.4), upper-case, or null if it has none */
  calendarMethod: string | null;
  /** it has In-Reply-To or References */
  answers: boolean;
};
