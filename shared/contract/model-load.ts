import { z } from 'zod';
import { nullableNumber } from './common.ts';

/** A model that a run loads: the part of its time in which nothing can be measured. */
export const modelLoadSchema = z.object({
  modelId: z.string(),
  /** Wall time, ms. */
  startedAtMs: z.number(),
  /** `null` while it loads; a load that failed has ended, too. */
  endedAtMs: nullableNumber,
});
export type ModelLoad = z.infer<typeof modelLoadSchema>;
