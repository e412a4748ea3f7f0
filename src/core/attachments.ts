/** Files beyond this many bytes in one mail are only named: most servers refuse mails over 25 MB once encoded. */
export const passedOnLimit = 15 * 1024 * 1024;

/**
 * Which of a mail's files are passed on to staff: in order, as long as they fit together.
 * @param sizes bytes of each file
 * @returns for each file whether it is passed on
 */
export function passedOn(sizes: readonly number[]): boolean[] {
  let left = passedOnLimit;
  return sizes.map((size) => {
    if (size > left) return false;
    left -= size;
    return true;
  });
}
