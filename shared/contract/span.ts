import { z } from 'zod';

/** From `fromMs` to before `toMs`, by whole hours (UTC) in sums. */
export const spanShape = {
  fromMs: z.coerce.number<number>().default(0),
  toMs: z.coerce.number<number>().default(Number.MAX_SAFE_INTEGER),
};

/** False for a span without a moment in it: its answer would look as if nothing had been used. */
export const hasMoments = (span: { readonly fromMs: number; readonly toMs: number }): boolean =>
  span.fromMs < span.toMs;
export const noMoments = {
  path: ['toMs'],
  error: 'It must be after fromMs: before toMs and from fromMs on there is nothing',
};
