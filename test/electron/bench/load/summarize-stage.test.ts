import { describe, expect, it } from 'vitest';
import { stageTrust } from '../../../../electron/bench/load/load-trust.ts';
import { isRising } from '../../../../electron/bench/load/rising.ts';
import { summarizeStage, type StageFacts } from '../../../../electron/bench/load/summarize-stage.ts';
import { createSeededRandom } from '../../../../electron/bench/stats/seeded-random.ts';
import type { LoadSample } from '../../../../shared/contract/load.ts';
import { createLoadSample } from '../../../support/load-samples.ts';

const facts: StageFacts = {
  startedAtMs: 0,
  endedAtMs: 10_000,
  loopDelayP99Ms: 0.2,
  slo: null,
  schedule: null,
};
const failed = (code: string): Partial<LoadSample> => ({ error: { code, message: 'x' } });
/** Requests a second apart, each with its own changes. */
const everySecond = (count: number, change: (index: number) => Partial<LoadSample> = () => ({})) =>
  Array.from({ length: count }, (_, index) =>
    createLoadSample({ index, stream: index, sentAtMs: index * 1000, ...change(index) }),
  );

describe('the summary of a stage', () => {
  it('counts latency from the intended send and says how late requests went out', () => {
    const summary = summarizeStage(
      everySecond(10, (index) => ({
        intendedAtMs: index * 1000,
        sentAtMs: index * 1000 + (index === 9 ? 400 : 2),
      })),
      { ...facts, schedule: { perSecond: 1 } },
    );
    expect(summary.ttftMs.p50).toBe(20);
    expect(summary.ttftScheduledMs).toMatchObject({ p50: 22, max: 420 });
    expect(summary.e2eScheduledMs.max).toBe(460);
    expect(summary.schedule).toMatchObject({
      askedPerSecond: 1,
      lagP50Ms: 2,
      lagMaxMs: 400,
      late: 1,
      dropped: 0,
    });
    // ten requests, the last one 400 ms late, over 9.4 s and one gap
    expect(summary.schedule?.achievedPerSecond).toBeCloseTo(10 / 10.4, 6);
  });

  it('holds for the largest trace, 100,000 requests in one stage', () => {
    const samples = everySecond(100_000, (index) => ({ intendedAtMs: index * 1000 }));
    const schedule = { perSecond: 1 };
    for (const one of [null, schedule]) {
      const summary = summarizeStage(samples, { ...facts, endedAtMs: 100_000_000, schedule: one });
      expect(summary.finished).toBe(100_000);
      expect(summary.schedule?.achievedPerSecond ?? 1).toBeCloseTo(1, 6);
    }
  });

  it('counts dropped requests as attempted and as errors by kind, and never as answered', () => {
    const summary = summarizeStage(
      everySecond(10, (index) => (index < 3 ? failed('bench.request-dropped') : {})),
      { ...facts, schedule: { perSecond: 1 } },
    );
    expect(summary).toMatchObject({
      attempted: 10,
      finished: 7,
      errors: { 'bench.request-dropped': 3 },
      finishReasons: { length: 7 },
      schedule: { dropped: 3 },
    });
    expect(summary.schedule?.achievedPerSecond).toBeCloseTo(0.7, 6);
  });

  it('calls a request good that keeps all limits; errors are bad', () => {
    const samples = [
      createLoadSample(),
      createLoadSample({ firstTokenMs: 300, lastTokenMs: 340 }),
      createLoadSample({ lastTokenMs: 600 }),
      createLoadSample({ sentAtMs: 500, intendedAtMs: 0 }),
      createLoadSample(failed('bench.target-hung')),
    ];
    const { goodput } = summarizeStage(samples, { ...facts, slo: { ttftMs: 100, tpotMs: 20 } });
    expect(goodput).toEqual({ good: 1, attempted: 5, perSecond: 0.1 });
  });

  it('lets an answer of one token, which has no time per token, keep that limit', () => {
    const one = createLoadSample({ outputTokens: 1, gapsMs: [], lastTokenMs: 20 });
    const { goodput } = summarizeStage([one], { ...facts, slo: { tpotMs: 20 } });
    expect(goodput).toMatchObject({ good: 1 });
  });

  it('calls a gap a stall from 4 times the median on', () => {
    const gapsMs = [10, 10, 10, 10, 39, 41];
    expect(summarizeStage([createLoadSample({ gapsMs })], facts).stalls).toBe(1);
  });

  it('calls no request late that went out within a millisecond, however fast they follow', () => {
    const samples = everySecond(3, (index) => ({ intendedAtMs: index * 1000 - 0.6 * index }));
    expect(summarizeStage(samples, { ...facts, schedule: { perSecond: 1000 } }).schedule?.late).toBe(1);
  });

  it('takes speed inside the steady window and over all, apart', () => {
    const samples = [0, 1].flatMap((stream) =>
      Array.from({ length: 5 }, (_, turn) =>
        createLoadSample({ index: turn * 2 + stream, stream, sentAtMs: turn * 100 + stream * 10 }),
      ),
    );
    const summary = summarizeStage(samples, { ...facts, endedAtMs: 1000 });
    expect(summary.wholeTps).toBe(50);
    expect(summary.systemTps).toBeGreaterThan(90);
    expect(summary.decodeTps).toBe(100);
  });

  it('claims no steady speed where no request ended within the steady time', () => {
    const samples = [createLoadSample(), createLoadSample({ sentAtMs: 70, lastTokenMs: 500, index: 1 })];
    expect(summarizeStage(samples, { ...facts, schedule: { perSecond: 10 }, endedAtMs: 1000 })).toMatchObject(
      {
        systemTps: null,
        wholeTps: 10,
        requestsPerSecond: 2,
      },
    );
  });

  it('knows what an event carries, what came from a cache, and the engine’s own speed', () => {
    const summary = summarizeStage(
      [
        createLoadSample({
          outputTokens: 10,
          cachedTokens: 25,
          engine: { promptMs: 50, promptTokens: 75, decodeMs: 40, decodeTokens: 10 },
        }),
      ],
      facts,
    );
    expect(summary).toMatchObject({
      tokensPerEvent: 2,
      cachedShare: 0.25,
      engine: { prefillTps: 1500, decodeTps: 250 },
      tokenCountSource: 'usage',
    });
  });

  it('does not take silence about the cache for an empty cache', () => {
    const silent = createLoadSample({ cachedTokens: null });
    expect(summarizeStage([silent], facts).cachedShare).toBeNull();
    const told = createLoadSample({ cachedTokens: 25, index: 1 });
    expect(summarizeStage([silent, told], facts).cachedShare).toBe(0.25);
  });

  it('holds the first minute of a long stage against its last one', () => {
    const slowing = everySecond(180, (index) => (index >= 120 ? { outputTokens: 3 } : {}));
    const summary = summarizeStage(slowing, { ...facts, endedAtMs: 180_000 });
    expect(summary.firstMinute?.outputTps).toBeCloseTo(5, 1);
    expect(summary.lastMinute?.outputTps).toBeCloseTo(3, 1);
    expect(summarizeStage(slowing, { ...facts, endedAtMs: 119_000 }).firstMinute).toBeNull();
  });

  it('sees over-saturation where waiting and open requests rise together', () => {
    const late = (index: number) => ({
      firstTokenMs: 20 + index * 300,
      lastTokenMs: 60 + index * 300,
      endMs: 60 + index * 300,
    });
    const open = { ...facts, schedule: { perSecond: 1 } };
    expect(summarizeStage(everySecond(60, late), open).isOverSaturated).toBe(true);
    expect(summarizeStage(everySecond(60), open).isOverSaturated).toBe(false);
    // prompts that grow longer are waited for longer, but leave no more requests open
    const slower = everySecond(60, (index) => ({
      firstTokenMs: 20 + index * 10,
      lastTokenMs: 700,
      endMs: 700,
    }));
    expect(summarizeStage(slower, open).isOverSaturated).toBe(false);
    expect(summarizeStage(slower, facts).isOverSaturated).toBe(true); // fixed users: only the waiting can tell
  });
});

describe('a rise', () => {
  const noisy = (slope: number, seed: number) => {
    const random = createSeededRandom(seed);
    return Array.from({ length: 60 }, (_, index) => ({
      atMs: index * 1000,
      value: 100 + slope * index + random() * 40,
    }));
  };

  it('is seen through noise, and not in noise', () => {
    const found = (slope: number) =>
      Array.from({ length: 200 }, (_, seed) => isRising(noisy(slope, seed))).filter(Boolean);
    expect(found(2)).toHaveLength(200);
    expect(found(0)).toHaveLength(0);
    expect(found(-2)).toHaveLength(0);
  });

  it('is not claimed where chance would do as well, however steep the line', () => {
    const random = createSeededRandom(4);
    const wild = () =>
      Array.from({ length: 20 }, (_, index) => ({ atMs: index * 1000, value: random() ** 8 }));
    const found = Array.from({ length: 200 }, () => isRising(wild())).filter(Boolean);
    expect(found.length).toBeLessThanOrEqual(10); // half of the two-sided 5 %, and chance
  });

  it('is not claimed from few values', () => {
    expect(isRising(noisy(50, 1).slice(0, 19))).toBe(false);
  });
});

describe('the trust badge of a stage', () => {
  const judge = (
    samples: readonly LoadSample[],
    options: { reusesPrompts?: boolean; perSecond?: number } = {},
  ) => {
    const schedule = options.perSecond === undefined ? null : { perSecond: options.perSecond };
    const summary = summarizeStage(samples, { ...facts, schedule });
    const { level, reasons } = stageTrust(samples, {
      summary,
      reusesPrompts: options.reusesPrompts ?? false,
      builtTokens: new Map([[0, 100]]),
    });
    return [level, ...reasons.map((reason) => reason.signal)];
  };

  it('is green for a kept schedule', () => {
    expect(judge(everySecond(10), { perSecond: 1 })).toEqual(['green']);
  });

  it.each([
    ['a lag over 10 % of the mean gap', { intendedAtMs: -150 }, 'amber', 'schedule-lag'],
    ['a lag over half a second', { intendedAtMs: -600 }, 'red', 'schedule-lag'],
    ['a dropped request', failed('bench.request-dropped'), 'red', 'dropped-requests'],
    ['a prompt the server counts otherwise', { promptTokens: 115 }, 'red', 'token-count'],
  ])('tells %s', (_name, change, level, signal) => {
    const verdict = judge(
      everySecond(10, (index) => (index === 0 ? change : {})),
      { perSecond: 1 },
    );
    expect(verdict[0]).toBe(level);
    expect(verdict).toContain(signal);
  });

  it('minds cached prompt tokens only where none were planned', () => {
    const cached = everySecond(3, () => ({ cachedTokens: 50 }));
    expect(judge(cached)).toEqual(['red', 'cached-tokens']);
    expect(judge(cached, { reusesPrompts: true })).toEqual(['green']);
  });
});
