/** A mailbox as RFC 5322 §3.4 names it. */
export type Address = {
  /** decoded display name, one line; '' where there is none */
  name: string;
  /** lower-case, IDN domain in its ASCII form; the only part any decision reads */
  email: string;
};
