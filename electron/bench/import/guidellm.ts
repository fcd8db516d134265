import { z } from 'zod';
import type { ImportedFigure } from '../../../shared/contract/imports.ts';
import { loadShape, type LoadShape } from './load-shape.ts';
import { at, figureOf, firstOf, looseObject, numberAt, textAt, type ParsedImport } from './parsed-import.ts';

const fileSchema = z.object({ benchmarks: z.array(looseObject).min(1) });
type Benchmark = z.infer<typeof looseObject>;

/** GuideLLM's distributions under Dyno's names. Its ITL is one value per request, which is Dyno's TPOT. */
const distributions = [
  { field: 'time_to_first_token_ms', metric: 'ttftMs', factor: 1, remark: undefined },
  {
    field: 'inter_token_latency_ms',
    metric: 'tpotMs',
    factor: 1,
    remark: 'GuideLLM’s ITL is (last − first token) / (tokens − 1) of each request: Dyno’s TPOT',
  },
  {
    field: 'request_latency',
    metric: 'e2eMs',
    factor: 1000,
    remark: 'to the end of the stream, the trailing usage event included',
  },
] as const;

const rates = [
  { field: 'output_tokens_per_second', metric: 'systemTps' },
  { field: 'requests_per_second', metric: 'requestsPerSecond' },
] as const;

const reasons: Readonly<Record<string, string>> = {
  time_per_output_token_ms: 'includes the time to the first token, so it is not TPOT',
  tokens_per_second: 'counts prompt tokens as output',
  prompt_tokens_per_second: 'a rate over the whole run, not a prefill speed',
  output_tokens_per_iteration: 'tokens per event, not a speed',
  iter_tokens_per_iteration: 'tokens per event, not a speed',
  request_concurrency: 'what was reached, not a speed; the asked concurrency is the test',
};

const usedFields: ReadonlySet<string> = new Set([
  ...distributions.map(({ field }) => field),
  ...rates.map(({ field }) => field),
  ...['prompt_token_count', 'output_token_count', 'request_totals'],
]);

const good = (benchmark: Benchmark, field: string, ...path: readonly string[]): number | null =>
  numberAt(benchmark, 'metrics', field, 'successful', ...path);

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value));

/** 0.4 and later keep the strategy in `config`, earlier versions in `args`. */
const shapeOf = (benchmark: Benchmark): LoadShape => {
  const strategy = at(benchmark, 'config', 'strategy') ?? at(benchmark, 'args', 'strategy');
  const kind = firstOf(textAt(strategy, 'type_'), textAt(strategy, 'type'));
  const streams = firstOf(numberAt(strategy, 'max_concurrency'), numberAt(strategy, 'streams'));
  const isOpen = kind === 'constant' || kind === 'poisson';
  return {
    concurrency: isOpen || kind === 'throughput' ? null : kind === 'synchronous' ? 1 : streams,
    ratePerSecond: isOpen ? numberAt(strategy, 'rate') : null,
    burstiness: kind === 'poisson' ? 1 : null,
    requests: good(benchmark, 'time_to_first_token_ms', 'count'),
    promptTokens: rounded(good(benchmark, 'prompt_token_count', 'mean')),
    outputTokens: rounded(good(benchmark, 'output_token_count', 'mean')),
  };
};

const scaled = (value: number | null, factor: number): number | null =>
  value === null ? null : value * factor;

const figuresOf = (benchmark: Benchmark): readonly ImportedFigure[] => {
  const itl = good(benchmark, 'inter_token_latency_ms', 'median');
  const ofPercentile = (field: string, name: string, factor: number) =>
    scaled(good(benchmark, field, 'percentiles', name), factor);
  return [
    ...distributions.flatMap(({ field, metric, factor, remark }) =>
      figureOf({
        metric,
        origin: `GuideLLM ${field}`,
        median: scaled(good(benchmark, field, 'median'), factor),
        mean: scaled(good(benchmark, field, 'mean'), factor),
        deviation: scaled(good(benchmark, field, 'std_dev'), factor),
        n: good(benchmark, field, 'count'),
        percentiles: {
          p50: scaled(good(benchmark, field, 'median'), factor),
          p90: ofPercentile(field, 'p90', factor),
          p95: ofPercentile(field, 'p95', factor),
          p99: ofPercentile(field, 'p99', factor),
          p999: ofPercentile(field, 'p999', factor),
          max: scaled(good(benchmark, field, 'max'), factor),
        },
        ...(remark !== undefined && { remark }),
      }),
    ),
    ...figureOf({
      metric: 'decodeTps',
      origin: 'GuideLLM 1000 / inter_token_latency_ms',
      median: itl === null || itl <= 0 ? null : 1000 / itl,
      n: good(benchmark, 'inter_token_latency_ms', 'count'),
    }),
    ...rates.flatMap(({ field, metric }) =>
      figureOf({
        metric,
        origin: `GuideLLM ${field}`,
        median: null,
        mean: good(benchmark, field, 'mean'),
        remark: 'over the whole run, ramp and drain included; Dyno’s own is over the steady window',
      }),
    ),
  ];
};

const modelOf = (file: unknown, benchmark: Benchmark | undefined): string =>
  firstOf(
    textAt(benchmark, 'config', 'backend', 'model'),
    textAt(benchmark, 'worker', 'backend_model'),
    textAt(file, 'args', 'model'),
    textAt(benchmark, 'config', 'requests', 'processor'),
    textAt(benchmark, 'request_loader', 'processor'),
  ) ?? 'model (not said)';

const startOf = (benchmark: Benchmark | undefined): number | null => {
  const seconds = firstOf(numberAt(benchmark, 'start_time'), numberAt(benchmark, 'run_stats', 'start_time'));
  return seconds === null ? null : seconds * 1000;
};

/** A GuideLLM report: each of its benchmarks is a test of its own. @throws ZodError when it holds none */
export const readGuidellm = (json: unknown): ParsedImport => {
  const { benchmarks } = fileSchema.parse(json);
  const model = modelOf(json, benchmarks[0]);
  const shapes = benchmarks.map((benchmark) => loadShape(shapeOf(benchmark)));
  const fields = new Set(
    benchmarks.flatMap((benchmark) => Object.keys(looseObject.catch({}).parse(benchmark['metrics']))),
  );
  return {
    tool: 'guidellm',
    toolVersion: textAt(json, 'metadata', 'guidellm_version'),
    measuredAtMs: startOf(benchmarks[0]),
    facts: [{ group: 'workload', name: 'Load', value: shapes.map(({ test }) => test).join(', ') }],
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
    cells: benchmarks.map((benchmark, index) => ({
      modelId: 'm1',
      ladder: 'api',
      test: shapes[index]?.test ?? '',
      workload: shapes[index]?.workload ?? {},
      figures: [...figuresOf(benchmark)],
    })),
    notConverted: [...fields]
      .filter((field) => !usedFields.has(field))
      .map((field) => ({ field, reason: reasons[field] ?? 'Dyno has no metric of this definition' })),
  };
};
