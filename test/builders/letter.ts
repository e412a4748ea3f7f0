/** A mail as its writer's server would hand it over, but for what only some tests set. */
export type Letter = {
  from: string;
  to?: string;
  cc?: string;
  subject?: string;
  text?: string;
  /** of the receiving server; null: it says nothing */
  dmarc?: 'pass' | 'fail' | null;
  /** null: no Message-ID */
  id?: string | null;
  inReplyTo?: string;
  headers?: string[];
  /** its Date; by default, when its desk was opened, or when it is sent; null for none */
  date?: Date | null;
};
