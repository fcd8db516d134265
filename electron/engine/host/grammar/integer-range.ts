/** Digits of a number without sign. */
const digitsOf = (value: number): string => Math.abs(value).toString();

const digitClass = (low: string, high: string): string => (low === high ? `"${low}"` : `[${low}-${high}]`);
const anyDigits = (count: number): string => (count === 0 ? '' : ` [0-9]{${count}}`);

/** Numbers of one length from `low` to `high`, both of that length. */
const sameLength = (low: string, high: string): string => {
  const [lowHead = '0', highHead = '9'] = [low[0], high[0]];
  const [lowRest, highRest] = [low.slice(1), high.slice(1)];
  if (lowRest === '') return digitClass(lowHead, highHead);
  if (lowHead === highHead) return `"${lowHead}" ( ${sameLength(lowRest, highRest)} )`;
  const nines = '9'.repeat(lowRest.length);
  const zeros = '0'.repeat(lowRest.length);
  const middleLow = lowRest === zeros ? Number(lowHead) : Number(lowHead) + 1;
  const middleHigh = highRest === nines ? Number(highHead) : Number(highHead) - 1;
  return [
    ...(lowRest === zeros ? [] : [`"${lowHead}" ( ${sameLength(lowRest, nines)} )`]),
    ...(middleLow <= middleHigh
      ? [`${digitClass(String(middleLow), String(middleHigh))}${anyDigits(lowRest.length)}`]
      : []),
    ...(highRest === nines ? [] : [`"${highHead}" ( ${sameLength(zeros, highRest)} )`]),
  ].join(' | ');
};

/** Longest whole number a double holds exactly has 16 digits. */
const mostDigits = 16;

/** Numbers from `low` (0 or more) up to `high`; without `high`, up to 16 digits. */
const positiveRange = (low: number, high: number | undefined): string => {
  const first = digitsOf(low);
  const last = high === undefined ? '9'.repeat(mostDigits) : digitsOf(high);
  const parts: string[] = [];
  for (let length = first.length; length <= last.length; length += 1) {
    const from = length === first.length ? first : `1${'0'.repeat(length - 1)}`;
    const to = length === last.length ? last : '9'.repeat(length);
    parts.push(sameLength(from, to));
  }
  return parts.join(' | ');
};

/** GBNF of the whole numbers from `min` to `max`, both included; `undefined`: no bound on that side. */
export const integerRange = (min: number | undefined, max: number | undefined): string => {
  const parts: string[] = [];
  if (min === undefined || min < 0) {
    const closest = max !== undefined && max < 0 ? -max : 1;
    parts.push(`"-" ( ${positiveRange(closest, min === undefined ? undefined : -min)} )`);
  }
  if (max === undefined || max >= 0) parts.push(positiveRange(Math.max(0, min ?? 0), max));
  return `( ${parts.join(' | ')} )`;
};
