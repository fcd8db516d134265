import type { PriceSheet } from '../../shared/contract/prices.ts';

/** A price sheet of the model `demo` as a test wants it: 0.25, 0.05 and 1 EUR for a million tokens, unless given. */
export const priceSheet = (given: Partial<PriceSheet> = {}): PriceSheet => ({
  model: 'demo',
  currency: 'EUR',
  fromDay: '2026-11-01',
  promptMicro: 250_000,
  cachedMicro: 50_000,
  outputMicro: 1_000_000,
  ...given,
});
