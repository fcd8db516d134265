import { describe, expect, it } from 'vitest';
import { decide } from '../../../electron/bench/sweep/decide.ts';
import { expandGrid } from '../../../electron/bench/sweep/grid.ts';
import { sweepCommandOf } from '../../../electron/bench/sweep/sweep-command.ts';
import { scoreFloor } from '../../../electron/bench/sweep/score-floor.ts';
import { nextStep, plannedRepetitions } from '../../../electron/bench/sweep/halving.ts';
import { metricNameSchema } from '../../../shared/contract/bench.ts';
import type { NoiseFloor } from '../../../shared/contract/noise-floor.ts';
import { sweepInputSchema, type SweepCandidate, type SweepInput } from '../../../shared/contract/sweep.ts';
import { servingSettings } from '../../../shared/units/serving-settings.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { renderSweep } from '../../../electron/cli/render/sweep.ts';
import { formatFigure } from '../../../shared/units/format.ts';
import { sequencesNote } from '../../../shared/units/sweep-sequences.ts';
import { createBenchWorld } from '../../support/bench-world.ts';

const spec = (input: Partial<SweepInput>) =>
  sweepInputSchema.parse({ model: 'river-1b-F16', axes: {}, ...input });

const rules = { firstRepetitions: 2, finalRepetitions: 8 };

/** Candidates s1, s2 … beside the default, each with a true speed. */
const racers = (speeds: readonly number[], ownSpeed = 100): readonly SweepCandidate[] =>
  expandGrid(spec({ axes: { threads: speeds.map((_speed, index) => index + 1) } })).map(
    (candidate, index) => ({
      ...candidate,
      label: candidate.isDefault ? 'default' : `${speeds[index - 1]} t/s`,
      repetitions: [],
      // kept in the label of the test's own making
      effective: String(candidate.isDefault ? ownSpeed : speeds[index - 1]),
    }),
  );

/** Plays a sweep to its end with repetitions that scatter by ±0.5 % in a fixed pattern. */
const play = (start: readonly SweepCandidate[]) => {
  let candidates = start;
  const log: string[] = [];
  for (;;) {
    const step = nextStep(candidates, rules);
    if (step.type === 'decide') return { candidates, log };
    if (step.type === 'measure') {
      log.push(`measure ${step.candidateIds.length} to ${step.repetitions}`);
      candidates = candidates.map((candidate) => {
        if (!step.candidateIds.includes(candidate.id)) return candidate;
        const added = Array.from({ length: step.repetitions - candidate.repetitions.length }, (_, index) => {
          const score = Number(candidate.effective) * (1 + ((index % 3) - 1) * 0.005);
          const at = candidate.repetitions.length + index;
          return { index: at, prefillTps: null, decodeTps: score, score, cpuPerWall: 1 };
        });
        return { ...candidate, repetitions: [...candidate.repetitions, ...added] };
      });
      continue;
    }
    log.push(`cut ${step.eliminated.size}`);
    candidates = candidates.map((candidate) => {
      const elimination = step.eliminated.get(candidate.id);
      return elimination === undefined ? candidate : { ...candidate, state: 'eliminated', elimination };
    });
  }
};

describe('the grid', () => {
  it('crosses the axes, puts Dyno’s own choice in front, and makes room for the tests', () => {
    const grid = expandGrid(spec({ axes: { threads: [1, 2], kvType: ['F16', 'Q8_0'] }, depth: 1000 }));
    expect(grid.map(({ label }) => label)).toEqual([
      'Dyno’s own choice',
      'threads 1 · KV F16',
      'threads 1 · KV Q8_0',
      'threads 2 · KV F16',
      'threads 2 · KV Q8_0',
    ]);
    expect(grid[4]?.settings).toEqual({
      contextSize: 1536,
      slots: 1,
      threads: 2,
      kvKeyType: 'Q8_0',
      kvValueType: 'Q8_0',
    });
  });

  it('tries numbers of sequences beside one, with a slot for each', () => {
    const grid = expandGrid(spec({ axes: { batchSize: [64], sequences: [1, 4] } }));
    expect(grid.map(({ label, sequences, settings }) => [label, sequences, settings.slots])).toEqual([
      ['Dyno’s own choice', 1, 1],
      ['batch 64 · 1 sequence', 1, 1],
      ['batch 64 · 4 sequences', 4, 4],
    ]);
    const common = expandGrid(spec({ axes: { batchSize: [64] }, sequences: 2 }));
    expect(common.map(({ sequences }) => sequences)).toEqual([2, 2]);
    expect(() => expandGrid(spec({ axes: { sequences: [1, 4] }, sequences: 2 }))).toThrow(/twice/);
  });

  it('is said again by its command', () => {
    expect(sweepCommandOf(spec({ axes: { sequences: [1, 4] } }))).toContain(' --sequences 1,4 ');
    expect(sweepCommandOf(spec({ axes: { batchSize: [64] }, sequences: 4 }))).toContain(' --sequences 4 ');
  });

  it('refuses nothing to try, and more than anybody waits for', () => {
    expect(() => expandGrid(spec({}))).toThrow(AppError);
    const threads = Array.from({ length: 60 }, (_, index) => index + 1);
    expect(() => expandGrid(spec({ axes: { threads, batchSize: [32, 64, 128, 256, 512] } }))).toThrow(/300/);
  });
});

describe('successive halving', () => {
  it('halves the field while it doubles the repetitions, and keeps the default in the race', () => {
    const { log, candidates } = play(racers([80, 120, 60, 110, 100, 90, 70, 50]));
    expect(log).toEqual(['measure 9 to 2', 'cut 4', 'measure 5 to 4', 'cut 2', 'measure 3 to 8']);
    expect(candidates.filter(({ state }) => state === 'racing').map(({ label }) => label)).toEqual([
      'default',
      '120 t/s',
      '110 t/s',
    ]);
  });

  it('says when a candidate went, how far behind it was, and whether that was clear', () => {
    const { candidates } = play(racers([100, 99.8, 99.9, 50]));
    const outs = candidates.flatMap(({ elimination }) => elimination?.message ?? []);
    expect(outs).toEqual([
      'Rank 3 of 4 after 2 repetitions, 0.2 % behind the leader; its repetitions overlap with those that stayed.',
      'Rank 4 of 4 after 2 repetitions, 50.0 % behind the leader.',
    ]);
  });

  it('foresees as many repetitions as it makes', () => {
    for (const speeds of [
      [1],
      [1, 2],
      [1, 2, 3],
      [8, 7, 6, 5, 4, 3, 2, 1],
      Array.from({ length: 17 }, (_, i) => i + 1),
    ]) {
      const made = play(racers(speeds)).candidates.reduce(
        (sum, { repetitions }) => sum + repetitions.length,
        0,
      );
      expect(plannedRepetitions(speeds.length, rules)).toBe(made);
    }
  });

  it('finds the best of sixteen in 72 repetitions where a full grid takes 136', () => {
    const speeds = Array.from({ length: 16 }, (_, index) => 100 + index * 2);
    const { candidates } = play(racers(speeds));
    expect(decide(candidates, null)?.winnerId).toBe('s16');
    const made = candidates.reduce((sum, { repetitions }) => sum + repetitions.length, 0);
    expect(made).toBe(72);
  });
});

describe('the decision', () => {
  it('takes the fastest and tells the gain over Dyno’s own choice', () => {
    const decision = decide(play(racers([150, 120], 100)).candidates, null);
    expect(decision?.winnerId).toBe('s1');
    expect(decision?.sentence).toMatch(
      /^Take 150 t\/s\. It is 1\.50× as fast as Dyno’s own choice \(95 % interval /,
    );
    expect(decision?.candidates.find(({ id }) => id === 's2')?.againstWinner?.verdict).toBe('slower');
  });

  it('tells the tokens of all sequences and what each of them gets where their numbers differ', () => {
    const candidates = play(racers([150], 100)).candidates.map((candidate) => ({
      ...candidate,
      sequences: candidate.isDefault ? 1 : 4,
    }));
    expect(decide(candidates, null)?.sentence).toMatch(
      /^Take 150 t\/s\. All its 4 sequences together make 1\.50× the tokens per second of Dyno’s own choice with 1 sequence \(95 % interval .+\); each gets 0\.375×\.$/,
    );
  });

  it('keeps the number of sequences for serving where the sweep chose it, and no other slots', () => {
    const settings = { contextSize: 256, slots: 4, threads: 2 };
    const asked = spec({ axes: { sequences: [1, 4] } });
    expect(servingSettings({ settings }, asked)).toEqual({ slots: 4, threads: 2 });
    expect(servingSettings({ settings }, spec({ axes: { threads: [2] }, sequences: 4 }))).toEqual({
      threads: 2,
    });
  });

  it('keeps the own choice where nothing is measurably faster', () => {
    const decision = decide(play(racers([100.1, 90], 100)).candidates, null);
    expect(decision?.winnerId).toBe('default');
    expect(decision?.sentence).toMatch(/^Keep Dyno’s own choice/);
  });
});

describe('the noise floor of a sweep', () => {
  const floor = (shares: Partial<Record<'prefillTps' | 'decodeTps', number>>): NoiseFloor => ({
    measuredAtMs: 0,
    runId: 'run_1',
    modelId: 'river-1b-F16',
    quantization: 'F16',
    machine: { cpu: 'c', gpus: [], backend: 'cpu', dynoVersion: '0.1.0', llamaCppRelease: 'b9000' },
    arms: 4,
    n: 10,
    floors: Object.entries(shares).map(([metric, share]) => ({
      ladder: 'engine',
      test: 'any',
      metric: metricNameSchema.parse(metric),
      share,
    })),
  });

  it('weighs decode and prefill as the objective does', () => {
    const known = floor({ decodeTps: 0.04, prefillTps: 0.02 });
    expect(scoreFloor(known, 1)).toBeCloseTo(0.04, 10);
    expect(scoreFloor(known, 0)).toBeCloseTo(0.02, 10);
    expect(scoreFloor(known, 0.5)).toBeCloseTo(Math.sqrt(1.04 * 1.02) - 1, 10);
    expect([scoreFloor(floor({ decodeTps: 0.04 }), 0.5), scoreFloor(null, 1)]).toEqual([null, null]);
  });

  it('keeps a smaller gain from being claimed, though the test finds it', () => {
    const { candidates } = play(racers([104], 100));
    expect(decide(candidates, 0.02)?.winnerId).toBe('s1');
    expect(decide(candidates, 0.05)).toMatchObject({
      winnerId: 'default',
      sentence:
        'Keep Dyno’s own choice: nothing tried is measurably faster. Not distinguishable from it: 104 t/s.',
    });
  });
});

describe('a sweep on engines', () => {
  const input: SweepInput = {
    model: 'river-1b-F16',
    axes: { batchSize: [64, 128, 256, 512] },
    decodeWeight: 0.5,
    firstRepetitions: 1,
    finalRepetitions: 4,
  };

  it('measures both tests with the same seeds in turns, decides, and closes every engine', async () => {
    using world = createBenchWorld({ engine: { noise: 0.004 }, availableMemoryBytes: 48 * 2 ** 30 });
    const { sweeps } = world.bench;
    const { id } = await sweeps.start(input);
    const fractions: number[] = [];
    await world.clock.runUntil(
      sweeps.execute(id, {
        signal: new AbortController().signal,
        onProgress: ({ fraction }) => fractions.push(fraction),
      }),
    );
    const sweep = sweeps.get(id);
    expect(sweep).toMatchObject({ state: { type: 'done' }, order: 'interleaved' });
    const counts = sweep.candidates.map(({ repetitions }) => repetitions.length);
    expect([counts[0], ...counts.slice(1).toSorted()]).toEqual([4, 1, 1, 4, 4]);
    expect(sweep.candidates.find(({ id: own }) => own === sweep.winnerId)?.decodeTps?.n).toBe(4);
    expect(fractions.at(-1)).toBe(1);
    expect(world.engine.list()).toEqual([]);
  });

  it('goes on from the last repetition after a cancel, and lets nothing else measure meanwhile', async () => {
    using world = createBenchWorld({ engine: { noise: 0.004 } });
    const { sweeps } = world.bench;
    const { id } = await sweeps.start(input);
    const abort = new AbortController();
    const running = sweeps.execute(id, {
      signal: abort.signal,
      onProgress: ({ fraction }) => {
        if (fraction > 0.4) abort.abort();
      },
    });
    await expect(world.bench.start({ models: ['river-1b-F16'] })).rejects.toMatchObject({
      code: 'bench.busy',
    });
    await expect(world.clock.runUntil(running)).rejects.toMatchObject({ code: 'app.cancelled' });
    const kept = sweeps.get(id).candidates.map(({ repetitions }) => repetitions);
    const stopped = renderSweep(sweeps.get(id));
    expect(stopped).toContain(`Go on:  dyno sweeps resume ${id}`);
    expect(stopped).toContain('objective t/s');
    expect(kept.flat().length).toBeGreaterThan(0);
    await world.clock.runUntil(
      sweeps.execute(id, { signal: new AbortController().signal, onProgress: () => undefined }),
    );
    const done = sweeps.get(id);
    expect(done.state.type).toBe('done');
    expect(
      done.candidates.map((candidate, index) => candidate.repetitions.slice(0, kept[index]?.length)),
    ).toEqual(kept);
    await expect(
      sweeps.execute(id, { signal: abort.signal, onProgress: () => undefined }),
    ).rejects.toMatchObject({ code: 'bench.not-resumable' });
  });

  it('tells the winner among the others where a candidate fails, says so, and tries that one again when resumed', async () => {
    using world = createBenchWorld({ engine: { noise: 0.004 }, availableMemoryBytes: 48 * 2 ** 30 });
    const { sweeps } = world.bench;
    const { id } = await sweeps.start({ ...input, axes: { batchSize: [64, 128] } });
    const failing = sweeps.execute(id, {
      signal: new AbortController().signal,
      onProgress: ({ note }) => {
        if (note === 'batch 128: warm-up 2')
          world.engine.replicas.at(-1)?.fail(new AppError('engine.crashed', 'SIGABRT'));
      },
    });
    await expect(world.clock.runUntil(failing)).rejects.toMatchObject({
      code: 'bench.partly-failed',
      message: 'batch 128 failed: SIGABRT.',
      hint: `"dyno sweeps resume ${id}" does what is missing; the rest is kept.`,
    });
    const first = sweeps.get(id);
    expect(first.winnerId).not.toBeNull();
    expect(first.candidates.map(({ state }) => state)).toEqual(['finalist', 'finalist', 'failed']);
    await world.clock.runUntil(
      sweeps.execute(id, { signal: new AbortController().signal, onProgress: () => undefined }),
    );
    const second = sweeps.get(id);
    expect(second.state.type).toBe('done');
    expect(second.candidates.map(({ repetitions }) => repetitions.length)).toEqual([4, 4, 4]);
    expect(second.candidates[1]?.repetitions).toEqual(first.candidates[1]?.repetitions);
  });

  it('runs as many sequences as a candidate asks for and shows the speed of each beside that of all', async () => {
    using world = createBenchWorld({ availableMemoryBytes: 48 * 2 ** 30 });
    const { sweeps } = world.bench;
    const { id } = await sweeps.start({ ...input, decodeWeight: 1, axes: { sequences: [1, 4] } });
    await world.clock.runUntil(
      sweeps.execute(id, { signal: new AbortController().signal, onProgress: () => undefined }),
    );
    const sweep = sweeps.get(id);
    const [own, four] = sweep.candidates;
    expect([own?.sequences, four?.sequences, sweep.candidates.length]).toEqual([1, 4, 2]);
    const text = renderSweep(sweep);
    expect(text).toContain(sequencesNote);
    expect(text).toMatch(new RegExp(`^Sweep ${id} of river-1b-F16, done, .+ UTC, candidates in turns\n`));
    expect(text).not.toContain('objective t/s');
    const row = text.split('\n').find((line) => line.startsWith('4 sequences')) ?? '';
    expect(row).toContain(formatFigure(four?.decodeTps?.median));
    expect(row).toContain(formatFigure((four?.decodeTps?.median ?? 0) / 4));
  });

  it('loads one candidate at a time where memory is short', async () => {
    using world = createBenchWorld({ availableMemoryBytes: 6 * 2 ** 30 });
    const { sweeps } = world.bench;
    const { id } = await sweeps.start(input);
    await world.clock.runUntil(
      sweeps.execute(id, { signal: new AbortController().signal, onProgress: () => undefined }),
    );
    expect(sweeps.get(id)).toMatchObject({ state: { type: 'done' }, order: 'blocks' });
    expect(world.engine.list()).toEqual([]);
  });
});
