/** Money is whole millionths of a currency, so that sums add up; no float comes between a text and its millionths. */
const MICRO = 1_000_000;

/** Millionths as a decimal of the currency, all six places: nothing is rounded away. */
export const formatMicro = (micro: number): string =>
  `${Math.floor(micro / MICRO)}.${String(micro % MICRO).padStart(6, '0')}`;

/** The same without zeros at its end, as people type it: `0.25`, `2400`. */
export const plainMicro = (micro: number): string => formatMicro(micro).replace(/\.?0+$/u, '');

/** `0.25` as 250000 millionths, digit by digit; `undefined` for what is no amount with at most six decimals. */
export const readMicro = (text: string): number | undefined => {
  const [, whole, fraction = ''] = /^(\d{1,9})(?:\.(\d{1,6}))?$/u.exec(text.trim()) ?? [];
  return whole === undefined ? undefined : Number(whole + fraction.padEnd(6, '0'));
};

const PICO_PLACES = 12;

/** Picos (10⁻¹²) as a decimal of the currency, all twelve places: the contract's `amount`. */
export const formatPico = (pico: bigint): string => {
  const digits = String(pico).padStart(PICO_PLACES + 1, '0');
  return `${digits.slice(0, -PICO_PLACES)}.${digits.slice(-PICO_PLACES)}`;
};

/** Picos of the contract's `amount`, which has all twelve places. */
export const readPico = (amount: string): bigint => BigInt(amount.replace('.', ''));

/** An `amount` for people: nothing is rounded away, but of zeros at its end only six places stay. */
export const formatAmount = (amount: string): string => amount.replace(/0{1,6}$/u, '');
