/**
 * Shows what long work is at, in one line of a terminal's standard error that is written over, and gone at its end.
 * Elsewhere nothing is shown.
 */
export function showProgress(): { at(words: string): void; end(): void } {
  const { stderr } = process;
  let shown = '';
  const show = (words: string): void => {
    if (words === shown || !stderr.isTTY) return;
    stderr.write(`\r\u{1b}[K${words}`);
    shown = words;
  };
  return { at: (words) => show(`${words} …`), end: () => show('') };
}
