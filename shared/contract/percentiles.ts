import { z } from 'zod';
import { nullableNumber } from './common.ts';

/** A percentile is `null` when its distribution-free 95 % CI does not exist for this n. */
export const percentilesSchema = z.object({
  n: z.number().int(),
  p50: nullableNumber,
  p90: nullableNumber,
  p95: nullableNumber,
  p99: nullableNumber,
  /** `null`, too, in results of before it was kept. */
  p999: nullableNumber.default(null),
  max: nullableNumber,
});
export type Percentiles = z.infer<typeof percentilesSchema>;
