import { describe, expect, it } from 'vitest';
import { rawValues, windowValues } from '../../../../electron/bench/figures/request-metrics.ts';
import type { RequestSample } from '../../../../shared/contract/bench.ts';
import { createSample } from '../../../support/bench-samples.ts';

describe('the values of a window', () => {
  it('follow the definitions for one stream of two requests', () => {
    // first token after 20 ms, then 4 gaps of 10 ms: TPOT 10 ms, 100 tokens/s
    const samples = [0, 100].map((sentAtMs, index) => createSample({ index, sentAtMs }));
    const values = windowValues(samples);
    expect(values).toMatchObject({
      ttftMs: 20,
      ttfaMs: 20,
      tpotMs: 10,
      e2eMs: 60,
      chunkGapMs: 10,
      decodeTps: 100,
      prefillTps: 5000,
    });
    // window from the first token (20) to the last one (160): 9 of the 10 events lie after its start
    expect(values.systemTps).toBeCloseTo((9 / 140) * 1000, 9);
    expect(values.requestsPerSecond).toBeCloseTo((2 / 140) * 1000, 9);
  });

  it('trims ramp and drain: only the time in which every stream was at work counts', () => {
    const streams = [
      createSample({ index: 0, stream: 0, sentAtMs: 0 }), // events at 20, 30, 40, 50, 60
      createSample({ index: 1, stream: 1, sentAtMs: 15 }), // events at 35, 45, 55, 65, 75
    ];
    // steady from 35 to 60: three events of the first stream (40, 50, 60), two of the second (45, 55)
    expect(windowValues(streams).systemTps).toBeCloseTo((5 / 25) * 1000, 9);
  });

  it('takes cached prompt tokens out of prefill and counts tokens an event stands for', () => {
    const sample = createSample({ cachedTokens: 60, outputTokens: 10 });
    expect(windowValues([sample])).toMatchObject({ prefillTps: 2000, tpotMs: 40 / 9 });
  });

  it('leaves failed requests out', () => {
    const failed: RequestSample = {
      ...createSample({ index: 1 }),
      firstTokenMs: 9999,
      error: { code: 'bench.target-failed', message: 'x' },
    };
    expect(windowValues([createSample(), failed]).ttftMs).toBe(20);
    expect(windowValues([failed])).toEqual({});
  });

  it('has no rate where there is no steady window', () => {
    const values = windowValues([
      createSample({ sentAtMs: 0, stream: 0 }),
      createSample({ sentAtMs: 500, stream: 1 }),
    ]);
    expect(values.systemTps).toBeUndefined();
    expect(values.ttftMs).toBe(20);
  });
});

describe('raw values', () => {
  it('hold every gap of every good request', () => {
    expect(rawValues([createSample(), createSample()]).chunkGapMs).toHaveLength(8);
    expect(rawValues([createSample({ outputTokens: 1 })]).tpotMs).toEqual([]);
  });
});
