import { z } from 'zod';
import { sha256Schema } from './common.ts';
import { loadRunSchema, loadSampleSchema, loadTickSchema } from './load.ts';

export const loadReportFormatSchema = z.enum(['html', 'pdf', 'markdown', 'csv', 'json', 'jsonl']);
export type LoadReportFormat = z.infer<typeof loadReportFormatSchema>;

export const loadReportInputSchema = z.object({
  loadId: z.string(),
  format: loadReportFormatSchema,
  /** Names of the host and the user, and whole paths; off unless asked. */
  includeHost: z.boolean().default(false),
});
export type LoadReportInput = z.infer<typeof loadReportInputSchema>;

/** The content of a report of a load run, the same for every format. */
export const loadReportContentSchema = z.object({
  schema: z.literal('dyno-load-report-1'),
  /** Dyno that wrote the report; the run carries the version that measured it. */
  writtenBy: z.object({ dynoVersion: z.string(), metricsVersion: z.number().int() }),
  /** `null` unless asked for. */
  host: z.object({ name: z.string(), user: z.string() }).nullable(),
  run: loadRunSchema,
  samples: z.array(loadSampleSchema.extend({ stage: z.number().int() })),
  ticks: z.array(loadTickSchema),
  caveats: z.array(z.string()),
});
export type LoadReportContent = z.infer<typeof loadReportContentSchema>;

export const loadReportSchema = loadReportContentSchema.extend({
  /** SHA-256 over the canonical JSON (sorted keys, no white space) of all other fields. */
  contentHash: sha256Schema,
});
export type LoadReport = z.infer<typeof loadReportSchema>;
