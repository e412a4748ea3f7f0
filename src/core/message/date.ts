const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Minutes east of UTC of the zone names RFC 5322 §4.3 still knows; any other name means UTC there. */
const zones: Record<string, number> = {
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
};

const dateTime =
  /^(?:[a-z]{2,9}\s*,?\s+)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s-]+(\d{2,4})\s+(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2}))?\s*(?:([+-])(\d{2}):?(\d{2})|([a-z]{1,5}))?/iu;

/**
 * Reads a Date header (RFC 5322 §3.3, with the obsolete forms of §4.3).
 * @returns null if it names no existing moment; never a guess by local time
 */
export function parseMailDate(value: string): Date | null {
  const found = dateTime.exec(
    value
      .replace(/\([^()]*\)/gu, ' ')
      .trim()
      .slice(0, 100),
  );
  if (found === null) return null;
  const [, day, monthName, yearText, hour, minute, second, sign, zoneHours, zoneMinutes, zoneName] = found;
  const month = months.indexOf((monthName ?? '').toLowerCase());
  const shortYear = Number(yearText);
  const length = (yearText ?? '').length;
  // two digits: 00–49 is this century, three digits count from 1900 (RFC 5322 §4.3)
  const year = length === 4 ? shortYear : shortYear + (length === 2 && shortYear < 50 ? 2000 : 1900);
  const offset =
    sign === undefined
      ? (zones[(zoneName ?? '').toUpperCase()] ?? 0)
      : (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === '-' ? -1 : 1);
  if (month < 0 || Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 60) return null;
  const local = new Date(
    Date.UTC(year, month, Number(day), Number(hour), Number(minute), Number(second ?? 0)),
  );
  // Date.UTC turns 31 February into March instead of refusing it
  if (local.getUTCDate() !== Number(day) && Number(second ?? 0) < 60) return null;
  return new Date(local.getTime() - offset * 60_000);
}
