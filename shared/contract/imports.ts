import { z } from 'zod';
import { comparisonSchema, ladderSchema, metricNameSchema } from './bench.ts';
import { nullableNumber, sha256Schema } from './common.ts';
import { percentilesSchema } from './percentiles.ts';

/** Tools whose result files Dyno reads. */
export const importToolSchema = z.enum(['llama-bench', 'vllm', 'guidellm', 'aiperf', 'genai-perf']);
export type ImportTool = z.infer<typeof importToolSchema>;

export const importFormatSchema = z.enum([
  'llama-bench-md',
  'llama-bench-csv',
  'llama-bench-json',
  'llama-bench-jsonl',
  'llama-bench-sql',
  'vllm',
  'guidellm',
  'aiperf',
]);
export type ImportFormat = z.infer<typeof importFormatSchema>;

/** What a fact of a run belongs to; `measured` is a result and not a cause. */
export const factGroupSchema = z.enum([
  'driver',
  'build',
  'flags',
  'file',
  'machine',
  'settings',
  'workload',
  'conditions',
  'measured',
]);
export type FactGroup = z.infer<typeof factGroupSchema>;

/** A fact with its unit in the value. */
export const factSchema = z.object({ group: factGroupSchema, name: z.string(), value: z.string() });
export type Fact = z.infer<typeof factSchema>;

/** A figure of another tool under Dyno's name for it; the name is given only where the formula is the same. */
export const importedFigureSchema = z.object({
  metric: metricNameSchema,
  value: z.number(),
  /** `total` = over the whole run. Dyno's own headline is a median over repetitions. */
  statistic: z.enum(['median', 'mean', 'total']),
  /** One standard deviation over repetitions or requests, as the tool says it. */
  deviation: nullableNumber,
  n: z.number().int().nullable(),
  /** One per repetition where the file holds them. */
  values: z.array(z.number()),
  percentiles: percentilesSchema.nullable(),
  /** The field of the file: `vLLM median_ttft_ms`. */
  origin: z.string(),
  /** Where its definition is not exactly Dyno's; `null` where it is. */
  remark: z.string().nullable(),
});
export type ImportedFigure = z.infer<typeof importedFigureSchema>;

export const importedModelSchema = z.object({
  modelId: z.string(),
  name: z.string(),
  quantization: z.string().nullable(),
  sizeBytes: nullableNumber,
  parameterCount: nullableNumber,
  facts: z.array(factSchema),
});
export type ImportedModel = z.infer<typeof importedModelSchema>;

export const importedCellSchema = z.object({
  id: z.string(),
  modelId: z.string(),
  ladder: ladderSchema,
  /** Dyno's name of the test: `pp512`, `tg128@d4096`, `closed-loop x8`, `open-loop 4/s`. */
  test: z.string(),
  workload: z.record(z.string(), z.unknown()),
  /** SHA-256 of tool + workload; never equal to one of Dyno's own. */
  workloadHash: sha256Schema,
  figures: z.array(importedFigureSchema),
});
export type ImportedCell = z.infer<typeof importedCellSchema>;

/** A result file of another tool, converted. Dyno measured nothing of it. */
export const importedRunSchema = z.object({
  id: z.string(),
  name: z.string(),
  importedAtMs: z.number(),
  /** When the tool measured, as the file says it. */
  measuredAtMs: nullableNumber,
  tool: importToolSchema,
  format: importFormatSchema,
  toolVersion: z.string().nullable(),
  fileName: z.string(),
  fileSha256: sha256Schema,
  /** Machine, build, settings, workload: what the file tells of all its models. */
  facts: z.array(factSchema),
  models: z.array(importedModelSchema),
  cells: z.array(importedCellSchema),
  /** What the file holds and Dyno has no equal name for. */
  notConverted: z.array(z.object({ field: z.string(), reason: z.string() })),
});
export type ImportedRun = z.infer<typeof importedRunSchema>;

/** An imported model beside the measured rows of a comparison; never judged against them. */
export const importedRowSchema = z.object({
  runId: z.string(),
  modelId: z.string(),
  name: z.string(),
  quantization: z.string().nullable(),
  sizeBytes: nullableNumber,
  tool: importToolSchema,
  prefillTps: importedFigureSchema.nullable(),
  decodeTps: importedFigureSchema.nullable(),
  ttftMs: importedFigureSchema.nullable(),
  apiDecodeTps: importedFigureSchema.nullable(),
  systemTps: importedFigureSchema.nullable(),
});
export type ImportedRow = z.infer<typeof importedRowSchema>;

/** A comparison with the rows other tools measured. */
export const fullComparisonSchema = comparisonSchema.extend({ imported: z.array(importedRowSchema) });
export type FullComparison = z.infer<typeof fullComparisonSchema>;
