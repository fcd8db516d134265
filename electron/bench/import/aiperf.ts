import { z } from 'zod';
import type { ImportedFigure, ImportTool } from '../../../shared/contract/imports.ts';
import { loadShape } from './load-shape.ts';
import { at, figureOf, firstOf, looseObject, numberAt, textAt, type ParsedImport } from './parsed-import.ts';

/** A block of statistics; what a version does not know is left out. */
const blockSchema = z.object({
  unit: z.string(),
  avg: z.number(),
  std: z.number().nullish(),
  count: z.number().int().nullish(),
  p50: z.number().nullish(),
  p90: z.number().nullish(),
  p95: z.number().nullish(),
  p99: z.number().nullish(),
  max: z.number().nullish(),
});
type Block = z.infer<typeof blockSchema>;

/** To milliseconds, or tokens and requests per second; the unit in the file decides. */
const unitFactor: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, ms: 1, sec: 1000, s: 1000 };

const blocks = [
  { field: 'time_to_first_token', metric: 'ttftMs', remark: undefined },
  { field: 'time_to_first_output_token', metric: 'ttfaMs', remark: undefined },
  {
    field: 'inter_token_latency',
    metric: 'tpotMs',
    remark: 'its ITL is (request latency − TTFT) / (tokens − 1) of each request: Dyno’s TPOT',
  },
  { field: 'inter_chunk_latency', metric: 'chunkGapMs', remark: undefined },
  { field: 'request_latency', metric: 'e2eMs', remark: 'to the last response of the stream' },
  { field: 'output_token_throughput_per_user', metric: 'decodeTps', remark: undefined },
  {
    field: 'prefill_throughput_per_user',
    metric: 'prefillTps',
    remark: 'all prompt tokens over TTFT; cached tokens are not taken off',
  },
  {
    field: 'output_token_throughput',
    metric: 'systemTps',
    remark: 'over the whole run, ramp and drain included; Dyno’s own is over the steady window',
  },
  {
    field: 'request_throughput',
    metric: 'requestsPerSecond',
    remark: 'over the whole run, ramp and drain included; Dyno’s own is over the steady window',
  },
] as const;

const reasons: Readonly<Record<string, string>> = {
  time_to_second_token: 'a first gap alone; Dyno takes all gaps',
  total_token_throughput: 'counts prompt tokens as output',
  goodput: 'the file does not carry the limits it was judged by',
  telemetry_data: 'readings of the machine that was measured, not of the model',
  warmup_metrics: 'warm-up is not part of a result',
};

/** Read for facts and the workload. */
const usedFields: ReadonlySet<string> = new Set([
  ...blocks.map(({ field }) => field),
  ...[
    'input_config',
    'run_info',
    'schema_version',
    'aiperf_version',
    'benchmark_id',
    'start_time',
    'end_time',
  ],
  ...['was_cancelled', 'error_summary', 'request_count', 'input_sequence_length', 'output_sequence_length'],
  ...['runtime_submission_invalid_reasons', 'benchmark_duration'],
]);

const blockAt = (file: unknown, field: string): Block | undefined => {
  const parsed = blockSchema.safeParse(at(file, field));
  return parsed.success ? parsed.data : undefined;
};

const figuresOf = (file: unknown, tool: string): readonly ImportedFigure[] =>
  blocks.flatMap(({ field, metric, remark }) => {
    const block = blockAt(file, field);
    if (block === undefined) return [];
    const factor = metric.endsWith('Ms') ? unitFactor[block.unit] : 1;
    if (factor === undefined) return [];
    const scaled = (value: number | null | undefined) =>
      value === null || value === undefined ? null : value * factor;
    const hasSpread = block.p50 !== undefined && block.p50 !== null;
    return figureOf({
      metric,
      origin: `${tool} ${field}.${hasSpread ? 'p50' : 'avg'}`,
      median: scaled(block.p50),
      ...(metric === 'systemTps' || metric === 'requestsPerSecond'
        ? { total: scaled(block.avg) }
        : { mean: scaled(block.avg) }),
      deviation: scaled(block.std),
      n: block.count ?? null,
      percentiles: {
        p50: scaled(block.p50),
        p90: scaled(block.p90),
        p95: scaled(block.p95),
        p99: scaled(block.p99),
        max: scaled(block.max),
      },
      ...(remark !== undefined && { remark }),
    });
  });

const firstText = (value: unknown): string | null => {
  const list = z.array(z.string()).safeParse(value);
  return list.success ? (list.data[0] ?? null) : typeof value === 'string' ? value : null;
};

const rounded = (block: Block | undefined): number | null =>
  block === undefined ? null : Math.round(block.avg);

/** AIPerf names its version or its schema; GenAI-Perf, which it followed, does neither. */
const toolOf = (file: unknown): ImportTool =>
  textAt(file, 'aiperf_version') !== null ||
  textAt(file, 'schema_version') !== null ||
  at(file, 'input_config', 'loadgen') !== undefined
    ? 'aiperf'
    : 'genai-perf';

/** `profile_export_aiperf.json`, or GenAI-Perf's file of the same shape. @throws ZodError when it is no object */
export const readAiperf = (json: unknown): ParsedImport => {
  const file = looseObject.parse(json);
  const tool = toolOf(file);
  const config = file['input_config'];
  const model =
    firstOf(
      firstText(at(config, 'endpoint', 'model_names')),
      firstText(at(config, 'model_names')),
      firstText(at(config, 'model')),
      firstText(at(config, 'models')),
    ) ?? 'model (not said)';
  const { test, workload } = loadShape({
    concurrency: firstOf(
      numberAt(config, 'loadgen', 'concurrency'),
      numberAt(config, 'concurrency'),
      numberAt(config, 'perf_analyzer', 'stimulus', 'concurrency'),
      numberAt(file, 'run_info', 'variation_values', 'phases.profiling.concurrency'),
    ),
    ratePerSecond: firstOf(numberAt(config, 'loadgen', 'request_rate'), numberAt(config, 'request_rate')),
    burstiness: null,
    requests: rounded(blockAt(file, 'request_count')),
    promptTokens: rounded(blockAt(file, 'input_sequence_length')),
    outputTokens: rounded(blockAt(file, 'output_sequence_length')),
  });
  const startedMs = Date.parse(textAt(file, 'start_time') ?? '');
  return {
    tool,
    toolVersion: textAt(file, 'aiperf_version'),
    measuredAtMs: Number.isNaN(startedMs) ? null : startedMs,
    facts: [
      { group: 'workload', name: 'Load', value: test },
      ...(file['was_cancelled'] === true
        ? [{ group: 'conditions' as const, name: 'Ended', value: 'the run was cancelled before its end' }]
        : []),
    ],
    models: [
      {
        modelId: 'm1',
        name: model,
        quantization: null,
        sizeBytes: null,
        parameterCount: null,
        facts: [{ group: 'file', name: 'Model', value: model }],
      },
    ],
    cells: [{ modelId: 'm1', ladder: 'api', test, workload, figures: [...figuresOf(file, tool)] }],
    notConverted: Object.entries(file)
      .filter(([field, value]) => !usedFields.has(field) && value !== null)
      .map(([field]) => ({ field, reason: reasons[field] ?? 'Dyno has no metric of this definition' })),
  };
};
