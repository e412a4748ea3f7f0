/** One Authentication-Results header, parsed (RFC 8601). */
export type AuthenticationResults = {
  /** lower-case; '' where the header names none (Exchange Online) */
  authservId: string;
  results: {
    method: string;
    result: string /** lower-case `ptype.property` to value, e.g. `header.from` */;
    properties: Record<string, string>;
  }[];
};

/** What our own DKIM verification found. */
export type DkimCheck = {
  signatures: {
    result: 'pass' | 'fail' | 'temperror' | 'permerror' | 'none' /** d= */;
    domain: string /** l= was used: does not count (BAD-MAIL 37) */;
    partial: boolean;
  }[];
};

/** Whether a mail is authentic for its From domain. `unsure` never acts: its writer is asked. */
export type Verdict = { result: 'pass' | 'fail' | 'none' /** for the admin */; why: string };
