/** Money is whole millionths of a currency, so that sums add up; no float comes between a text and its millionths. */
const MICRO = 1_000_000;

/** Millionths as a decimal of the currency, all six places: nothing is rounded away. */
export const formatMicro = (micro: number): string =>
  `${Math.floor(micro / MICRO)}.${String(micro % MICRO).padStart(6, '0')}`;

/** `0.25` as 250000 millionths, digit by digit; `undefined` for what is no amount with at most six decimals. */
export const readMicro = (text: string): number | undefined => {
  const [, whole, fraction = ''] = /^(\d{1,9})(?:\.(\d{1,6}))?$/u.exec(text.trim()) ?? [];
  return whole === undefined ? undefined : Number(whole + fraction.padEnd(6, '0'));
};
