import type { ServerRequest } from '../../../shared/contract/server.ts';
import type { MetricFamily } from './exposition.ts';
import { createHistogram, type Histogram } from './histogram.ts';

/** Seconds: from what a small model on a GPU does to what people still wait for. */
const waitBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const tokenBounds = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1];

const times = {
  dyno_request_queue_seconds: {
    help: 'Time from the arrival of a request to the start of the engine on it.',
    bounds: waitBounds,
    of: ({ queueMs }) => (queueMs === null ? null : queueMs / 1000),
  },
  dyno_request_ttft_seconds: {
    help: 'Time from the arrival of a request to its first token.',
    bounds: waitBounds,
    of: ({ ttftMs }) => (ttftMs === null ? null : ttftMs / 1000),
  },
  dyno_request_tpot_seconds: {
    help: 'Mean time per output token after the first.',
    bounds: tokenBounds,
    of: ({ tokensPerSecond }) => (tokensPerSecond === null ? null : 1 / tokensPerSecond),
  },
  dyno_request_duration_seconds: {
    help: 'Time from the arrival of a request to its end.',
    bounds: waitBounds,
    of: ({ totalMs }) => (totalMs === null ? null : totalMs / 1000),
  },
} as const satisfies Record<
  string,
  {
    readonly help: string;
    readonly bounds: readonly number[];
    readonly of: (request: ServerRequest) => number | null;
  }
>;

const tokenCounts = {
  dyno_prompt_tokens_total: {
    help: 'Prompt tokens of ended requests, those from the cache included.',
    of: ({ promptTokens }) => promptTokens ?? 0,
  },
  dyno_cached_tokens_total: {
    help: 'Prompt tokens that were taken from the cache.',
    of: ({ cachedTokens }) => cachedTokens ?? 0,
  },
  dyno_output_tokens_total: {
    help: 'Generated tokens of ended requests.',
    of: ({ outputTokens }) => outputTokens,
  },
} as const satisfies Record<
  string,
  { readonly help: string; readonly of: (request: ServerRequest) => number }
>;

export interface RequestMetrics {
  /** Counts a request that has ended; others are passed over. */
  observe(request: ServerRequest): void;
  families(): readonly MetricFamily[];
}

/** A value for each combination of labels, made when it is first met. */
const createSeries = <Value>(make: () => Value) => {
  const series = new Map<string, { readonly labels: Readonly<Record<string, string>>; value: Value }>();
  return {
    at: (labels: Readonly<Record<string, string>>) => {
      const key = JSON.stringify(labels);
      const known = series.get(key);
      if (known !== undefined) return known;
      const made = { labels, value: make() };
      series.set(key, made);
      return made;
    },
    all: () => [...series.values()],
  };
};

/** Counters and histograms over all requests since the server started. Labels are few: routes, models, statuses. */
export const createRequestMetrics = (): RequestMetrics => {
  const requests = createSeries(() => 0);
  const degraded = createSeries(() => 0);
  const tokens = Object.entries(tokenCounts).map(([name, count]) => ({
    name,
    ...count,
    series: createSeries(() => 0),
  }));
  const histograms = Object.entries(times).map(([name, time]) => ({
    name,
    ...time,
    series: createSeries((): Histogram => createHistogram(time.bounds)),
  }));
  return {
    observe: (request) => {
      if (request.totalMs === null) return;
      const { route, model, status } = request;
      requests.at({ route, model, status: String(status ?? 0) }).value += 1;
      for (const step of request.degraded) degraded.at({ model, step }).value += 1;
      for (const { series, of } of tokens) series.at({ model }).value += of(request);
      for (const { series, of } of histograms) {
        const seconds = of(request);
        if (seconds !== null) series.at({ route, model }).value.observe(seconds);
      }
    },
    families: () => [
      {
        name: 'dyno_requests_total',
        type: 'counter',
        help: 'Ended requests by route, model and status.',
        samples: requests.all(),
      },
      {
        name: 'dyno_requests_degraded_total',
        type: 'counter',
        help: 'Steps a saturated server took with ended requests: queue, clamp, smaller, cache, refuse.',
        samples: degraded.all(),
      },
      ...tokens.map(({ name, help, series }): MetricFamily => ({
        name,
        type: 'counter',
        help,
        samples: series.all(),
      })),
      ...histograms.map(({ name, help, series }): MetricFamily => ({
        name,
        type: 'histogram',
        help,
        samples: series.all().flatMap(({ labels, value }) => value.samples(labels)),
      })),
    ],
  };
};
