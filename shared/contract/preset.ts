import { z } from 'zod';
import { apiTestSchema, engineTestSchema } from './bench.ts';
import { nullableNumber } from './common.ts';

/** A named choice of tests, as the faces show it. */
export const presetSchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  engineTests: z.array(engineTestSchema),
  apiTests: z.array(apiTestSchema),
  repetitions: z.number().int(),
  /** Rough seconds per file on this machine, `null` before the first run. */
  secondsPerModel: nullableNumber,
});
export type Preset = z.infer<typeof presetSchema>;
