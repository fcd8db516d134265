import { z } from 'zod';
import { timelinePointSchema } from './bench-tick.ts';
import { benchRunSchema, ladderSchema, repetitionSchema, requestSampleSchema } from './bench.ts';
import { nullableNumber, sha256Schema } from './common.ts';
import { factGroupSchema, fullComparisonSchema, importFormatSchema, importedRunSchema } from './imports.ts';

export const reportFormatSchema = z.enum([
  'html',
  'pdf',
  'markdown',
  'csv',
  'json',
  'jsonl',
  'llama-bench-md',
  'llama-bench-csv',
  'llama-bench-json',
  'llama-bench-jsonl',
  'llama-bench-sql',
]);
export type ReportFormat = z.infer<typeof reportFormatSchema>;

export const reportInputSchema = z.object({
  /** One run, or several side by side; imported ones too. */
  runIds: z.array(z.string()).min(1),
  baseModelId: z.string().optional(),
  format: reportFormatSchema,
  /** Names of the host and the user, and whole paths; off unless asked. */
  includeHost: z.boolean().default(false),
});
export type ReportInput = z.infer<typeof reportInputSchema>;

export const reportFileSchema = z.object({
  fileName: z.string(),
  mimeType: z.string(),
  encoding: z.enum(['utf8', 'base64']),
  text: z.string(),
});
export type ReportFile = z.infer<typeof reportFileSchema>;

export const changeSchema = z.object({
  group: factGroupSchema,
  /** The model it holds for; `null` = the whole run. */
  model: z.string().nullable(),
  name: z.string(),
  a: z.string().nullable(),
  b: z.string().nullable(),
});
export type Change = z.infer<typeof changeSchema>;

export const deltaSchema = z.object({
  model: z.string(),
  ladder: ladderSchema,
  test: z.string(),
  metric: z.string(),
  unit: z.string(),
  a: z.number(),
  b: z.number(),
  nA: z.number().int().nullable(),
  nB: z.number().int().nullable(),
  /** b over a. */
  ratio: z.number(),
  low: nullableNumber,
  high: nullableNumber,
  /** `null` where no verdict is legal; `reason` says why. */
  verdict: z.enum(['better', 'worse', 'not-distinguishable']).nullable(),
  /** Why there is no verdict, or none but `not-distinguishable`, where more is to be said than that the test finds nothing. */
  reason: z.string().nullable(),
  /** Difference that equal arms show on the machine of a or b, the larger one, as a share; `null` = none measured. */
  floor: nullableNumber.default(null),
});
export type Delta = z.infer<typeof deltaSchema>;

const diffSourceSchema = z.object({
  title: z.string(),
  /** Of the run, or of the imported file. */
  id: z.string(),
  atMs: nullableNumber,
  kind: z.enum(['measured', 'imported']),
});

/** What changed from a to b, causes first, then the figures. */
export const reportDiffSchema = z.object({
  a: diffSourceSchema,
  b: diffSourceSchema,
  changes: z.array(changeSchema),
  deltas: z.array(deltaSchema),
  /** Measured on one side only. */
  unmatched: z.array(z.string()),
  /** What the reader must know, e.g. that a file was changed after it was written. */
  remarks: z.array(z.string()),
});
export type ReportDiff = z.infer<typeof reportDiffSchema>;

/** A file: by its text from a browser, by its path from the machine itself (any size that fits in memory). */
export const sourceFileSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), fileName: z.string(), text: z.string() }),
  z.object({ type: z.literal('path'), path: z.string() }),
]);
export type SourceFile = z.infer<typeof sourceFileSchema>;

/** A run of this host, or a report file of Dyno (HTML or JSON), possibly from another machine. */
export const diffSideSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run'), runId: z.string() }),
  ...sourceFileSchema.options,
]);
export type DiffSide = z.infer<typeof diffSideSchema>;

export const reportedRunSchema = z.object({
  run: benchRunSchema,
  /** By cell id, warm-ups included. */
  repetitions: z.record(z.string(), z.array(repetitionSchema)),
  samples: z.array(requestSampleSchema.extend({ cellId: z.string() })),
  timeline: z.array(timelinePointSchema),
});
export type ReportedRun = z.infer<typeof reportedRunSchema>;

/** The content of a report, the same for every format. */
export const reportContentSchema = z.object({
  schema: z.literal('dyno-report-2'),
  /** Dyno that wrote the report; the runs carry the versions that measured them. */
  writtenBy: z.object({ dynoVersion: z.string(), metricsVersion: z.number().int() }),
  /** `null` unless asked for. */
  host: z.object({ name: z.string(), user: z.string() }).nullable(),
  runs: z.array(reportedRunSchema),
  imported: z.array(importedRunSchema),
  comparison: fullComparisonSchema,
  /** Where the report holds exactly two runs. */
  diff: reportDiffSchema.nullable(),
  caveats: z.array(z.string()),
});
export type ReportContent = z.infer<typeof reportContentSchema>;

export const reportSchema = reportContentSchema.extend({
  /** SHA-256 over the canonical JSON (sorted keys, no white space) of all other fields. */
  contentHash: sha256Schema,
});
export type Report = z.infer<typeof reportSchema>;

export const verificationSchema = z.object({
  fileName: z.string(),
  format: z.enum(['html', 'markdown', 'csv', 'json', 'jsonl']),
  /** `valid` when everything that is covered is as it was written. */
  verdict: z.enum(['valid', 'changed']),
  checks: z.array(
    z.object({
      /** `data` = the figures inside the file; `text` = what a reader sees. */
      covers: z.enum(['data', 'text']),
      state: z.enum(['valid', 'changed', 'not-covered']),
      detail: z.string(),
    }),
  ),
  contentHash: sha256Schema.nullable(),
  /** Names of the runs inside, where the data is. */
  runs: z.array(z.string()),
});
export type Verification = z.infer<typeof verificationSchema>;

export const importInputSchema = z.object({
  file: sourceFileSchema,
  /** Default: by what the file holds. */
  format: importFormatSchema.optional(),
});
