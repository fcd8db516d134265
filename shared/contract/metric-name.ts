import { z } from 'zod';

export const ladderSchema = z.enum(['engine', 'api']);

/** The metrics of docs/metrics.md, by code name. Unit in the name. */
export const metricNameSchema = z.enum([
  'prefillTps',
  'decodeTps',
  'systemTps',
  'ttftMs',
  'ttfaMs',
  'tpotMs',
  'chunkGapMs',
  'e2eMs',
  'requestsPerSecond',
]);
export type MetricName = z.infer<typeof metricNameSchema>;
