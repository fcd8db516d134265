import type { PriceSheet } from '../contract/prices.ts';

/** Tokens by what they cost; `prompt` are those the model read, `cached` those the cache held. */
export interface PricedTokens {
  readonly prompt: number;
  readonly cached: number;
  readonly output: number;
}

const fits = (sheet: PriceSheet, model: string): boolean =>
  sheet.model.endsWith('*') ? model.startsWith(sheet.model.slice(0, -1)) : sheet.model === model;

/** A model's own name goes before a pattern, a longer pattern before a shorter, then the later day. */
const goesBefore = (a: PriceSheet, b: PriceSheet): number =>
  Number(a.model.endsWith('*')) - Number(b.model.endsWith('*')) ||
  b.model.length - a.model.length ||
  (a.fromDay < b.fromDay ? 1 : -1);

/** The sheet that holds for a model on a day (ISO, UTC). @param sheets of one currency */
export const priceOf = (sheets: readonly PriceSheet[], model: string, day: string): PriceSheet | undefined =>
  sheets.filter((sheet) => sheet.fromDay <= day && fits(sheet, model)).sort(goesBefore)[0];

/** Picos (10⁻¹² of the currency) that a millionth has: a token costs as many as a million of them cost millionths. */
export const PICO_PER_MICRO = 1_000_000n;

/** What tokens cost, exactly: picos of the sheet's currency. Tokens × price may pass 2^53, hence whole big numbers. */
export const costPico = (
  { prompt, cached, output }: PricedTokens,
  sheet: Pick<PriceSheet, 'promptMicro' | 'cachedMicro' | 'outputMicro'>,
): bigint =>
  BigInt(prompt) * BigInt(sheet.promptMicro) +
  BigInt(cached) * BigInt(sheet.cachedMicro) +
  BigInt(output) * BigInt(sheet.outputMicro);

/** Millionths of the currency, half a one up. */
export const microOf = (pico: bigint): number => Number((pico + PICO_PER_MICRO / 2n) / PICO_PER_MICRO);
