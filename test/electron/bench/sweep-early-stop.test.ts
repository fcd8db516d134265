import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../../electron/bench/stats/seeded-random.ts';
import { isHopeless, stopEarly } from '../../../electron/bench/sweep/early-stop.ts';
import { expandGrid } from '../../../electron/bench/sweep/grid.ts';
import { sweepInputSchema, type SweepCandidate } from '../../../shared/contract/sweep.ts';
import { createBenchWorld } from '../../support/bench-world.ts';
import { repetitions, shareOf } from '../../support/simulate.ts';

const scored = (candidate: SweepCandidate, scores: readonly number[]): SweepCandidate => ({
  ...candidate,
  repetitions: scores.map((score, index) => ({
    index,
    prefillTps: null,
    decodeTps: score,
    score,
    cpuPerWall: 1,
  })),
});

const [own, first, second] = expandGrid(
  sweepInputSchema.parse({ model: 'river-1b-F16', axes: { threads: [1, 2] } }),
);
if (own === undefined || first === undefined || second === undefined) throw new TypeError('no grid');

/** The number of warm-ups after which it is stopped, of at most ten; `undefined` where it never is. */
const stoppedAfter = (warmUps: readonly number[], leader: readonly number[]): number | undefined =>
  warmUps.map((_speed, index) => index + 1).find((count) => isHopeless(warmUps.slice(0, count), leader));

describe('stopping a candidate in its warm-up', () => {
  it('takes two warm-ups, and a leader out of the reach of twice the speed', () => {
    expect(isHopeless([40], [100])).toBe(false);
    expect(isHopeless([40, 40], [])).toBe(false);
    expect(isHopeless([40, 40], [100, 79])).toBe(false);
    expect(isHopeless([40, 40], [100, 81])).toBe(true);
  });

  it('waits for one that still rises, and goes by its best, not its last', () => {
    expect(isHopeless([20, 40], [100])).toBe(false);
    expect(isHopeless([20, 40, 41], [100])).toBe(true);
    expect(isHopeless([60, 30, 30], [100])).toBe(false);
  });

  it('says what was seen, and spares Dyno’s own choice and whoever was measured once', () => {
    const world = [scored(own, [100, 98]), scored(first, [50]), second];
    expect(stopEarly(second, [20, 20], world)).toEqual({
      rung: 0,
      afterRepetitions: 0,
      rank: 3,
      of: 3,
      behindPercent: (1 - 20 / 99) * 100,
      isClear: true,
      message:
        'Stopped after 2 warm-ups, the best of them 20.0 t/s against the leader’s 99.0: not even 2 times that would reach it.',
    });
    const led = [own, scored(first, [100]), second];
    expect(stopEarly(own, [20, 20], led)).toBeUndefined();
    expect(stopEarly(scored(second, [20]), [20, 20], led)).toBeUndefined();
    // one that failed or was cut leads nobody
    expect(stopEarly(second, [20, 20], [own, { ...scored(first, [100]), state: 'failed' }])).toBeUndefined();
  });

  const uniform = createSeededRandom(7);
  /** Warm-ups of a candidate of that speed: the first at half of it, the second at nine tenths. */
  const warmUpsAt = (speed: number): readonly number[] =>
    repetitions(uniform, 10, speed, 0.1).map((value, index) => value * ([0.5, 0.9][index] ?? 1));
  /** The fastest of fifteen with one repetition each, all of speed 1. */
  const leader = (): readonly number[] => [Math.max(...repetitions(uniform, 15, 1, 0.1))];

  it('stops one that is as fast as the best in fewer than 1 of 1000 sweeps', () => {
    const share = shareOf(20_000, () => stoppedAfter(warmUpsAt(1), leader()) !== undefined);
    expect(share).toBeLessThan(0.001);
  });

  it('stops one at a quarter of the best speed within three warm-ups in more than 95 of 100', () => {
    const share = shareOf(2000, () => (stoppedAfter(warmUpsAt(0.25), leader()) ?? Infinity) <= 3);
    expect(share).toBeGreaterThan(0.95);
  });

  it('spares a sweep on engines the rest of the warm-up, closes the engine, and still ends at 100 %', async () => {
    using world = createBenchWorld({ availableMemoryBytes: 48 * 2 ** 30 });
    const { sweeps } = world.bench;
    const { id } = await sweeps.start({
      model: 'river-1b-F16',
      axes: { batchSize: [64], sequences: [4, 1] },
      firstRepetitions: 1,
      finalRepetitions: 3,
    });
    const fractions: number[] = [];
    await world.clock.runUntil(
      sweeps.execute(id, {
        signal: new AbortController().signal,
        onProgress: ({ fraction }) => fractions.push(fraction),
      }),
    );
    const { candidates, state } = sweeps.get(id);
    expect(state.type).toBe('done');
    expect(
      candidates.map(({ label, state: end, warmups, repetitions: made }) => [
        label,
        end,
        warmups,
        made.length,
      ]),
    ).toEqual([
      ['Dyno’s own choice', 'finalist', 3, 3],
      ['batch 64 · 4 sequences', 'finalist', 3, 3],
      ['batch 64 · 1 sequence', 'eliminated', 2, 0],
    ]);
    expect(fractions.at(-1)).toBe(1);
    expect(world.engine.list()).toEqual([]);
  });
});
