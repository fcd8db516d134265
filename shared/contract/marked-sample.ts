import { z } from 'zod';
import { requestSampleSchema } from './bench.ts';
import { metricNameSchema } from './metric-name.ts';

/** A stored request, with the metrics in which it lies far from the other measured ones of its cell. */
export const markedSampleSchema = requestSampleSchema.extend({
  cellId: z.string(),
  outliers: z.array(metricNameSchema),
});
export type MarkedSample = z.infer<typeof markedSampleSchema>;
