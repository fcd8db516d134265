import { max, median, min } from 'simple-statistics';
import type { MetricName, Repetition, RequestSample } from '../../../shared/contract/bench.ts';

/**
 * The API ladder's formulas (docs/metrics.md), pure. A request that failed counts in `errors` and nowhere else.
 */

const isGood = (sample: RequestSample): boolean => sample.error === null;

/** t_tok1 − t_send. */
export const ttftOf = (sample: RequestSample): number | null => sample.firstTokenMs;

/** (t_tokN − t_tok1) / (N_out − 1), for N_out ≥ 2. */
export const tpotOf = ({ firstTokenMs, lastTokenMs, outputTokens }: RequestSample): number | null =>
  firstTokenMs === null || lastTokenMs === null || outputTokens === null || outputTokens < 2
    ? null
    : (lastTokenMs - firstTokenMs) / (outputTokens - 1);

/** (prompt − cached) / TTFT: a lower bound, because queueing and the first decode step are in it. */
const prefillTpsOf = ({ promptTokens, cachedTokens, firstTokenMs }: RequestSample): number | null =>
  promptTokens === null || firstTokenMs === null || firstTokenMs <= 0
    ? null
    : ((promptTokens - (cachedTokens ?? 0)) / firstTokenMs) * 1000;

const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);

/** The raw values behind each metric, over the good requests; what percentiles are taken from. */
export const rawValues = (
  samples: readonly RequestSample[],
): Readonly<Record<'ttftMs' | 'ttfaMs' | 'tpotMs' | 'e2eMs' | 'chunkGapMs', readonly number[]>> => {
  const good = samples.filter(isGood);
  return {
    ttftMs: known(good.map(ttftOf)),
    ttfaMs: known(good.map((sample) => sample.firstAnswerMs)),
    tpotMs: known(good.map(tpotOf)),
    e2eMs: known(good.map((sample) => sample.lastTokenMs)),
    chunkGapMs: good.flatMap((sample) => sample.gapsMs),
  };
};

/** The time in which every stream was at work: from the last stream's first token to the first stream's last one. */
export const steadyWindow = (
  good: readonly RequestSample[],
): { readonly fromMs: number; readonly toMs: number } | null => {
  const edges = [...Map.groupBy(good, (sample) => sample.stream).values()].map((own) => ({
    firstMs: min(own.map((sample) => sample.sentAtMs + (sample.firstTokenMs ?? Infinity))),
    lastMs: max(own.map((sample) => sample.sentAtMs + (sample.lastTokenMs ?? -Infinity))),
  }));
  if (edges.length === 0) return null;
  const fromMs = max(edges.map((edge) => edge.firstMs));
  const toMs = min(edges.map((edge) => edge.lastMs));
  return Number.isFinite(fromMs) && Number.isFinite(toMs) && toMs > fromMs ? { fromMs, toMs } : null;
};

/** Tokens whose event lies in the window; an event stands for N_out / events tokens. */
export const tokensWithin = (sample: RequestSample, fromMs: number, toMs: number): number => {
  if (sample.firstTokenMs === null || sample.outputTokens === null) return 0;
  let atMs = sample.sentAtMs + sample.firstTokenMs;
  let events = atMs > fromMs && atMs <= toMs ? 1 : 0;
  for (const gap of sample.gapsMs) {
    atMs += gap;
    if (atMs > fromMs && atMs <= toMs) events += 1;
  }
  return (events * sample.outputTokens) / (sample.gapsMs.length + 1);
};

/** What one repetition (one window of load) yields: medians over its requests, rates over its steady part. */
export const windowValues = (samples: readonly RequestSample[]): Repetition['values'] => {
  const good = samples.filter(isGood);
  const raw = rawValues(good);
  const values: Partial<Record<MetricName, number>> = {};
  for (const name of ['ttftMs', 'ttfaMs', 'tpotMs', 'e2eMs', 'chunkGapMs'] as const) {
    if (raw[name].length > 0) values[name] = median([...raw[name]]);
  }
  if (values.tpotMs !== undefined && values.tpotMs > 0) values.decodeTps = 1000 / values.tpotMs;
  const prefill = known(good.map(prefillTpsOf));
  if (prefill.length > 0) values.prefillTps = median(prefill);
  const steady = steadyWindow(good);
  if (steady !== null) {
    const { fromMs, toMs } = steady;
    const seconds = (toMs - fromMs) / 1000;
    values.systemTps = good.reduce((sum, sample) => sum + tokensWithin(sample, fromMs, toMs), 0) / seconds;
    const ended = good.filter((sample) => {
      const endMs = sample.sentAtMs + (sample.lastTokenMs ?? Infinity);
      return endMs > fromMs && endMs <= toMs;
    });
    values.requestsPerSecond = ended.length / seconds;
  }
  return values;
};
