import { expect, it } from 'vitest';
import { toExposition } from '../../../../electron/gateway/metrics/exposition.ts';
import { createRequestMetrics } from '../../../../electron/gateway/metrics/request-metrics.ts';
import type { ServerRequest } from '../../../../shared/contract/server.ts';

const ended = (rest: Partial<ServerRequest> = {}): ServerRequest => ({
  id: 'req_1',
  atMs: 0,
  route: '/v1/chat/completions',
  model: 'demo',
  keyName: 'k',
  phase: 'done',
  status: 200,
  promptTokens: 10,
  cachedTokens: 4,
  outputTokens: 5,
  queueMs: 20,
  ttftMs: 60,
  tokensPerSecond: 50,
  totalMs: 300,
  finishReason: 'stop',
  errorCode: null,
  degraded: [],
  ...rest,
});

it('writes help, type, escaped labels and numbers as Prometheus reads them', () => {
  const text = toExposition([
    {
      name: 'dyno_x_bytes',
      type: 'gauge',
      help: 'Two\nlines.',
      samples: [{ labels: { model: 'a "b" \\c' }, value: 1.5 }, { value: Infinity }],
    },
  ]);
  expect(text).toBe(
    '# HELP dyno_x_bytes Two\\nlines.\n# TYPE dyno_x_bytes gauge\n' +
      'dyno_x_bytes{model="a \\"b\\" \\\\c"} 1.5\ndyno_x_bytes +Inf\n',
  );
});

it('counts ended requests once, by route, model and status', () => {
  const metrics = createRequestMetrics();
  metrics.observe(ended({ totalMs: null, phase: 'decode' }));
  metrics.observe(ended());
  metrics.observe(ended({ status: 503, phase: 'failed', ttftMs: null, tokensPerSecond: null }));
  const lines = toExposition(metrics.families()).split('\n');
  const labels = 'route="/v1/chat/completions",model="demo"';
  expect(lines).toEqual(
    expect.arrayContaining([
      `dyno_requests_total{${labels},status="200"} 1`,
      `dyno_requests_total{${labels},status="503"} 1`,
      'dyno_prompt_tokens_total{model="demo"} 20',
      'dyno_cached_tokens_total{model="demo"} 8',
      'dyno_output_tokens_total{model="demo"} 10',
      `dyno_request_ttft_seconds_bucket{${labels},le="0.05"} 0`,
      `dyno_request_ttft_seconds_bucket{${labels},le="0.1"} 1`,
      `dyno_request_ttft_seconds_bucket{${labels},le="+Inf"} 1`,
      `dyno_request_ttft_seconds_sum{${labels}} 0.06`,
      `dyno_request_ttft_seconds_count{${labels}} 1`,
      `dyno_request_tpot_seconds_sum{${labels}} 0.02`,
      `dyno_request_duration_seconds_count{${labels}} 2`,
    ]),
  );
});

it('counts in each bucket all that took no longer', () => {
  const metrics = createRequestMetrics();
  for (const ttftMs of [3, 60, 70, 900, 500_000]) metrics.observe(ended({ ttftMs }));
  const buckets = [
    ...toExposition(metrics.families()).matchAll(
      /^dyno_request_ttft_seconds_bucket\{.*le="(.*)"\} (\d+)$/gmu,
    ),
  ].map(([, bound, count]) => `${bound} ${count}`);
  expect(buckets).toEqual([
    ...['0.005 1', '0.01 1', '0.025 1', '0.05 1', '0.1 3', '0.25 3', '0.5 3', '1 4'],
    ...['2.5 4', '5 4', '10 4', '30 4', '60 4', '120 4', '+Inf 5'],
  ]);
});

it('names every family with its unit, and describes it', () => {
  for (const { name, help, type } of createRequestMetrics().families()) {
    expect(name).toMatch(type === 'counter' ? /^dyno_[a-z_]+_total$/u : /^dyno_[a-z_]+_seconds$/u);
    expect(help).toMatch(/\.$/u);
  }
});
