declare const checked: unique symbol;

/** HTML of a stranger's that may stand in a mail of ours: what `isSafeHtml` has found to be nothing else. */
export type SafeHtml = string & { readonly [checked]: true };

/** The displayed form of a mail's HTML. */
export type RichHtml = {
  html: SafeHtml;
  /** the pictures among its writer's own words, each by the number of letters before it (`lettersOf`) */
  pictures: { name: string; after: number }[];
};

/** Pictures that may be shown, by Content-ID: under which address of ours, and by which name. */
export type Pictures = ReadonlyMap<string, { cid: string | null; name: string }>;
