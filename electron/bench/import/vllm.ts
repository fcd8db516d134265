import { looseObject, figureOf, leftOver, numberAt, textAt, type ParsedImport } from './parsed-import.ts';
import { loadShape } from './load-shape.ts';

/** `20250131-142233` in the zone of the machine that measured; taken as UTC, for the file does not say. */
const dateOf = (text: string | null): number | null => {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/.exec(text ?? '') ?? [];
  if (year === undefined) return null;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
};

const latencies = [
  {
    short: 'ttft',
    metric: 'ttftMs',
    remark: 'vLLM stops the clock at the first event of any kind, an empty role chunk included',
  },
  { short: 'tpot', metric: 'tpotMs', remark: 'counts from vLLM’s own first event' },
  {
    short: 'itl',
    metric: 'chunkGapMs',
    remark: 'vLLM calls the gaps between events ITL, however many tokens one carries',
  },
  { short: 'e2el', metric: 'e2eMs', remark: undefined },
] as const;

const wholeRun = 'over the whole run, ramp and drain included; Dyno’s own is over the steady window';

const rates = [
  { field: 'output_throughput', metric: 'systemTps' },
  { field: 'request_throughput', metric: 'requestsPerSecond' },
] as const;

const statistics = ['mean', 'median', 'std', 'p50', 'p75', 'p90', 'p95', 'p99', 'p99.9'];

/** Used for facts and the workload, or raw lists that their statistics stand for. */
const usedFields: ReadonlySet<string> = new Set([
  ...['date', 'backend', 'endpoint_type', 'label', 'model_id', 'tokenizer_id', 'num_prompts', 'best_of'],
  ...['request_rate', 'burstiness', 'max_concurrency', 'duration', 'completed', 'failed'],
  ...['total_input_tokens', 'total_output_tokens', 'use_beam_search'],
  ...rates.map(({ field }) => field),
  ...latencies.flatMap(({ short }) => statistics.map((statistic) => `${statistic}_${short}_ms`)),
]);

const reasons: Readonly<Record<string, string>> = {
  total_token_throughput: 'counts prompt tokens as output',
  request_goodput: 'the file does not carry the limits it was judged by',
  max_output_tokens_per_s: 'the best single second, not a rate over a window',
  input_lens: 'one value per request; Dyno’s unit is the run',
  output_lens: 'one value per request; Dyno’s unit is the run',
  ttfts: 'one value per request; its median and percentiles are taken',
  itls: 'one value per event; its median and percentiles are taken',
  start_times: 'one value per request; Dyno’s unit is the run',
  generated_texts: 'text of the answers, not a figure',
  errors: 'texts of errors, not a figure',
};

/** A result of `vllm bench serve` under Dyno's names. @throws ZodError when it is no object */
export const readVllm = (json: unknown): ParsedImport => {
  const file = looseObject.parse(json);
  const completed = numberAt(file, 'completed');
  const perRequest = (total: string): number | null => {
    const sum = numberAt(file, total);
    return sum === null || completed === null || completed === 0 ? null : Math.round(sum / completed);
  };
  const rate = numberAt(file, 'request_rate');
  const { test, workload } = loadShape({
    concurrency: numberAt(file, 'max_concurrency'),
    ratePerSecond: rate,
    burstiness: rate === null ? null : numberAt(file, 'burstiness'),
    requests: numberAt(file, 'num_prompts'),
    promptTokens: perRequest('total_input_tokens'),
    outputTokens: perRequest('total_output_tokens'),
  });
  const tpot = numberAt(file, 'median_tpot_ms');
  return {
    tool: 'vllm',
    toolVersion: null,
    measuredAtMs: dateOf(textAt(file, 'date')),
    facts: [
      { group: 'build', name: 'Server', value: textAt(file, 'backend') ?? 'not said' },
      { group: 'workload', name: 'Load', value: test },
      {
        group: 'workload',
        name: 'Requests',
        value: `${completed ?? '—'} completed, ${numberAt(file, 'failed') ?? 'failures not said'}${numberAt(file, 'failed') === null ? '' : ' failed'}`,
      },
    ],
    models: [
      {
        modelId: 'm1',
        name: textAt(file, 'model_id') ?? 'model',
        quantization: null,
        sizeBytes: null,
        parameterCount: null,
        facts: [{ group: 'file', name: 'Model', value: textAt(file, 'model_id') ?? 'not said' }],
      },
    ],
    cells: [
      {
        modelId: 'm1',
        ladder: 'api',
        test,
        workload,
        figures: [
          ...latencies.flatMap(({ short, metric, remark }) =>
            figureOf({
              metric,
              origin: `vLLM ${numberAt(file, `median_${short}_ms`) === null ? 'mean' : 'median'}_${short}_ms`,
              median: numberAt(file, `median_${short}_ms`),
              mean: numberAt(file, `mean_${short}_ms`),
              deviation: numberAt(file, `std_${short}_ms`),
              n: short === 'itl' ? null : completed,
              percentiles: {
                p50: numberAt(file, `median_${short}_ms`),
                p90: numberAt(file, `p90_${short}_ms`),
                p95: numberAt(file, `p95_${short}_ms`),
                p99: numberAt(file, `p99_${short}_ms`),
                p999: numberAt(file, `p99.9_${short}_ms`),
              },
              ...(remark !== undefined && { remark }),
            }),
          ),
          ...figureOf({
            metric: 'decodeTps',
            origin: 'vLLM 1000 / median_tpot_ms',
            median: tpot === null || tpot <= 0 ? null : 1000 / tpot,
            n: completed,
          }),
          ...rates.flatMap(({ field, metric }) =>
            figureOf({
              metric,
              origin: `vLLM ${field}`,
              median: null,
              total: numberAt(file, field),
              remark: wholeRun,
            }),
          ),
        ],
      },
    ],
    notConverted: leftOver(file, usedFields, reasons),
  };
};
