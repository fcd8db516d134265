import { mean, standardDeviation } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { arrivalOffsets } from '../../../../electron/bench/profiles/arrivals.ts';
import { profileNamed } from '../../../../electron/bench/profiles/list.ts';
import { runOpen } from '../../../../electron/bench/profiles/run-open.ts';
import { drive, firstStage } from '../../../support/drive-profile.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

const gapsOf = (offsets: readonly number[], totalMs: number) =>
  offsets.map((offset, index) => (offsets[index + 1] ?? totalMs) - offset);
const cvOf = (values: number[]) => standardDeviation(values) / mean(values);

describe('arrivals', () => {
  it.each([
    ['constant', 1, 0],
    ['poisson', 1, 1],
    ['gamma', 1, 1],
    ['gamma', 4, 0.5],
    ['gamma', 0.25, 2],
  ] as const)(
    '%s with burstiness %d fill the time exactly, with gaps of CV %d',
    (arrival, burstiness, cv) => {
      const gaps = gapsOf(arrivalOffsets(20_000, 60_000, { arrival, burstiness }, 7), 60_000);
      expect(gaps.reduce((sum, gap) => sum + gap, 0)).toBeCloseTo(60_000, 6);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
      expect(cvOf(gaps)).toBeCloseTo(cv, 1);
    },
  );

  it('are the same for the same seed and others for another', () => {
    const rule = { arrival: 'poisson', burstiness: 1 } as const;
    expect(arrivalOffsets(50, 1000, rule, 3)).toEqual(arrivalOffsets(50, 1000, rule, 3));
    expect(arrivalOffsets(50, 1000, rule, 3)).not.toEqual(arrivalOffsets(50, 1000, rule, 4));
  });
});

describe('the open loop', () => {
  it('sends at its own times however slow the server is', async () => {
    const { sends } = await drive(
      'open-loop',
      { ratePerSecond: 4, durationSeconds: 2, arrival: 'constant' },
      5000,
    );
    expect(sends.map((send) => send.fromMs)).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750]);
    expect(sends.every((send) => send.intendedAtMs === send.fromMs)).toBe(true);
  });

  it('drops what exceeds the open requests allowed, and sends the rest on time', async () => {
    const { sends, dropped } = await drive(
      'open-loop',
      { ratePerSecond: 4, durationSeconds: 2, arrival: 'constant', maxInFlight: 2 },
      900,
    );
    // two go out, two meet a full house, then the first two have ended
    expect(sends.map((send) => send.request.index)).toEqual([0, 1, 4, 5]);
    expect(dropped.map((request) => request.index)).toEqual([2, 3, 6, 7]);
  });

  it('keeps the intended times where its own clock is late, so that the delay counts', async () => {
    const clock = createFakeClock({ monotonicMs: 0 });
    const sent: (readonly [number, number, number])[] = [];
    await clock.runUntil(
      runOpen(
        // not in order, as two sources of requests may leave them
        [200, 0, 100].map((offsetMs, index) => ({
          index,
          stream: index,
          promptTokens: 8,
          outputTokens: 2,
          offsetMs,
        })),
        { type: 'open', maxInFlight: 9 },
        {
          // every timer fires 30 ms late
          clock: { ...clock, sleep: (ms, signal) => clock.sleep(ms + 30, signal) },
          signal: new AbortController().signal,
          send: ({ index }, intendedAtMs) => {
            sent.push([index, intendedAtMs, clock.monotonicMs()]);
            return Promise.resolve(true);
          },
          drop: () => undefined,
        },
      ),
    );
    expect(sent).toEqual([
      [1, 0, 0],
      [2, 100, 130],
      [0, 200, 230],
    ]);
  });

  it('keeps the rate, and with it the time of its requests, where rate × time is no whole number', () => {
    const bound = profileNamed('open-loop').bind(
      { ratePerSecond: 0.3, durationSeconds: 5, arrival: 'constant' },
      4096,
    );
    // 1.5 requests: two, a gap of 1 / 0.3 s apart
    const offsets = firstStage(bound).requests.map(({ offsetMs }) => offsetMs);
    expect(offsets).toEqual([0, expect.closeTo(10_000 / 3, 6) as number]);
  });

  it('plans rate × time requests from its seed', () => {
    const bound = (seed: number) =>
      profileNamed('open-loop').bind({ ratePerSecond: 10, durationSeconds: 30 }, 4096, { seed });
    expect(firstStage(bound(1)).requests).toHaveLength(300);
    expect(bound(1).plan([])).toEqual(bound(1).plan([]));
    expect(bound(1).plan([])).not.toEqual(bound(2).plan([]));
  });
});

describe('the ramp', () => {
  it('sends few requests at first and many at the end, the planned number in all', async () => {
    const { sends } = await drive('ramp', { fromPerSecond: 1, toPerSecond: 9, durationSeconds: 10 }, 1);
    const within = (fromMs: number, toMs: number) =>
      sends.filter((send) => send.fromMs >= fromMs && send.fromMs < toMs).length;
    expect(sends).toHaveLength(50);
    // the rate at t is 1 + 0.8 t, so 15 requests in the first half and 35 in the second
    expect(within(0, 5000)).toBeGreaterThanOrEqual(14);
    expect(within(0, 5000)).toBeLessThanOrEqual(16);
    expect(Math.max(...sends.map((send) => send.fromMs))).toBeLessThan(10_000);
  });

  it('may fall as well, and stay level', () => {
    const last = (from: number, to: number) =>
      firstStage(
        profileNamed('ramp').bind({ fromPerSecond: from, toPerSecond: to, durationSeconds: 10 }, 4096),
      ).requests.at(-1)?.offsetMs ?? 0;
    expect(last(4, 4)).toBeCloseTo(9750, 6);
    expect(last(9, 1)).toBeLessThan(last(4, 4));
  });
});

describe('the trace replay', () => {
  const trace = [
    { atMs: 500, promptTokens: 300, outputTokens: 20 },
    { atMs: 1500, promptTokens: 100_000, outputTokens: 90_000 },
    {
      atMs: 4500,
      promptTokens: 1600,
      outputTokens: 1,
      prefix: [3, 4, 5].map((group) => ({ group, tokens: 512 })),
    },
  ];

  it('keeps the times between the requests, scaled, from the first one on', async () => {
    const { sends } = await drive('trace-replay', { trace: 'a.csv', timeScale: 2 }, 10, {
      material: { trace },
    });
    expect(sends.map((send) => send.fromMs)).toEqual([0, 500, 2000]);
  });

  it('clips what exceeds the context and says how many requests it takes', () => {
    const bound = profileNamed('trace-replay').bind({ trace: 'a.csv', maxRequests: 3 }, 1000, { trace });
    const stage = firstStage(bound);
    expect(stage.requests.map(({ promptTokens, outputTokens }) => [promptTokens, outputTokens])).toEqual([
      [300, 20],
      [667, 333],
      [999, 1],
    ]);
    expect(stage.requests[2]?.prefix).toEqual([
      { group: 3, tokens: 512 },
      { group: 4, tokens: 479 },
    ]);
    expect(stage.reusesPrompts).toBe(true);
  });
});
