import { describe, expect, it } from 'vitest';
import { cellConditions } from '../../../electron/bench/conditions/cell-conditions.ts';
import { conditionReasons } from '../../../electron/bench/trust/conditions.ts';
import type { Repetition } from '../../../shared/contract/bench.ts';
import type { TelemetrySample } from '../../../shared/contract/hardware.ts';
import { telemetrySample } from '../../support/telemetry-sample.ts';

const base = telemetrySample();

/** Readings every 500 ms from 0 to `seconds`; 10 W while idle (the first 4 s), then 60 W. */
const readings = (seconds: number, change: (sample: TelemetrySample) => TelemetrySample = (same) => same) => {
  let joules = 1000;
  return Array.from({ length: seconds * 2 + 1 }, (_, index) => {
    const atMs = index * 500;
    const watts = atMs <= 4000 ? 10 : 60;
    if (index > 0) joules += watts * 0.5;
    return change({
      ...base,
      atMs,
      cpu: { ...base.cpu, packageEnergyJoules: joules, packagePowerWatts: watts },
      pressure: { cpuPercent: 40, memoryPercent: 0, ioPercent: 1 },
      gpus: [],
      sources: { 'cpu.packageEnergyJoules': 'RAPL package-0' },
    });
  });
};

const repetition = (index: number, startedAtMs: number, wallMs: number): Repetition => ({
  index,
  isWarmup: false,
  startedAtMs,
  wallMs,
  cpuPerWall: 1,
  values: { decodeTps: 100 },
  residentBytes: null,
});

const decode = {
  ladder: 'engine' as const,
  workload: { kind: 'decode', tokens: 100, depth: 0, sequences: 1 },
};
/** Ten repetitions of a second each, without a pause, from 5 s on. */
const steady = Array.from({ length: 10 }, (_, index) => repetition(index, 5000 + index * 1000, 1000));

const seen = {
  cell: decode,
  repetitions: steady,
  samples: [],
  telemetry: readings(20),
  foreign: [],
  idle: { fromMs: 0, toMs: 4000 },
  usesGpu: false,
};

type Changes = Partial<Omit<typeof seen, 'idle'>> & { readonly idle?: typeof seen.idle | undefined };

const energyOf = (changes: Changes) => cellConditions({ ...seen, ...changes }).energy;

const forbidden = readings(20, (sample) => ({
  ...sample,
  cpu: { ...sample.cpu, packageEnergyJoules: null, packagePowerWatts: null },
  reasons: { 'cpu.packageEnergyJoules': 'root only; allow it with: sudo chmod' },
}));

describe('energy per token', () => {
  it('is the difference of the counter over the steady window, gross and above the idle draw', () => {
    const [cpu, ...others] = energyOf({});
    expect(others).toEqual([]);
    expect(cpu).toMatchObject({
      device: 'CPU package',
      reason: null,
      cause: null,
      value: {
        joules: 600,
        seconds: 10,
        tokens: 1000,
        joulesPerToken: 0.6,
        joulesPerTokenAboveIdle: 0.5,
        idleWatts: 10,
        method: 'counter',
        readings: 21,
        source: 'RAPL package-0',
      },
    });
  });

  it('has a median, a spread and an n over the repetitions that are long enough for the counter', () => {
    // 60 W at 100 tokens/s, then at 120 and 125: 0.6, 0.5 and 0.48 J/token; 50 of the 60 W lie above idle
    const repetitions = [100, 120, 125].map((decodeTps, index) => ({
      ...repetition(index, 5000 + index * 2000, 2000),
      values: { decodeTps },
    }));
    const [cpu] = energyOf({ repetitions });
    expect(cpu?.perToken).toEqual({
      median: 0.5,
      min: 0.48,
      max: 0.6,
      ciLow: null,
      ciHigh: null,
      cv: expect.closeTo(0.12208, 4) as number,
      n: 3,
    });
    expect(cpu?.perTokenAboveIdle?.median).toBeCloseTo(100 / 240, 9);
    expect(cpu?.repetitions[0]).toEqual({
      index: 0,
      value: {
        joules: 120,
        seconds: 2,
        tokens: 200,
        joulesPerToken: 0.6,
        joulesPerTokenAboveIdle: 0.5,
        readings: 5,
      },
      reason: null,
      cause: null,
    });
  });

  it('leaves out a repetition with too few readings, with the reason and never as 0', () => {
    const telemetry = readings(20).filter(({ atMs }) => atMs <= 7000 || atMs >= 9000);
    const repetitions = [0, 1, 2].map((index) => repetition(index, 5000 + index * 2000, 2000));
    const [cpu] = energyOf({ telemetry, repetitions });
    expect(cpu?.repetitions.map(({ value, cause }) => value?.joulesPerToken ?? cause)).toEqual([
      0.6,
      'too-short',
      0.6,
    ]);
    expect(cpu?.repetitions[1]?.reason).toBe(
      'the repetition is too short for the sensors (2.00 s, 2 readings): give a longer test',
    );
    expect(cpu?.perToken).toMatchObject({ median: 0.6, n: 2 });
  });

  it('has the window alone where every repetition is too short, and says so', () => {
    const [cpu] = energyOf({});
    expect(cpu?.perToken).toBeNull();
    expect(new Set(cpu?.repetitions.map(({ cause }) => cause))).toEqual(new Set(['too-short']));
    expect(cpu?.value?.joulesPerToken).toBe(0.6);
  });

  it('has no figure above idle over the repetitions when one of them lies under the idle draw', () => {
    const repetitions = [repetition(0, 2000, 2000), repetition(1, 5000, 2000)];
    const [cpu] = energyOf({ repetitions });
    expect(cpu?.perToken?.n).toBe(2);
    expect(cpu?.perTokenAboveIdle).toBeNull();
  });

  it('is the area under power readings where there is no counter', () => {
    const telemetry = readings(20, (sample) => ({
      ...sample,
      cpu: { ...sample.cpu, packageEnergyJoules: null },
    }));
    expect(energyOf({ telemetry })[0]?.value).toMatchObject({ method: 'power readings', joules: 600 });
  });

  it('names the GPU board, and only where layers lie on it', () => {
    const telemetry = readings(20, (sample) => ({
      ...sample,
      gpus: base.gpus.map((gpu) => ({ ...gpu, powerWatts: 200 })),
    }));
    expect(energyOf({ telemetry }).map(({ device }) => device)).toEqual(['CPU package']);
    const [, board] = energyOf({ telemetry, usesGpu: true });
    expect(board?.device).toBe('GPU board nvidia:GPU-1');
    expect(board?.value?.joulesPerToken).toBe(2);
  });

  it('does not mind a counter that began anew before the measured time', () => {
    const telemetry = readings(20).map((sample, index) =>
      index >= 6 ? sample : { ...sample, cpu: { ...sample.cpu, packageEnergyJoules: 9000 + index } },
    );
    expect(energyOf({ telemetry })[0]?.value).toMatchObject({ joules: 600, joulesPerTokenAboveIdle: null });
  });

  it('has no idle-subtracted figure where the idle draw was not seen', () => {
    expect(energyOf({ idle: undefined })[0]?.value?.joulesPerTokenAboveIdle).toBeNull();
  });

  it('counts repetitions that take turns one by one where each is long enough', () => {
    const apart = [repetition(0, 5000, 3000), repetition(1, 12_000, 3000)];
    expect(energyOf({ repetitions: apart })[0]?.value).toMatchObject({ joules: 360, seconds: 6 });
  });

  const reset = readings(20).map((sample, index) =>
    index < 20 ? sample : { ...sample, cpu: { ...sample.cpu, packageEnergyJoules: index } },
  );
  it.each([
    [
      'short repetitions that stand apart',
      { repetitions: [repetition(0, 5000, 200), repetition(1, 9000, 200)] },
      /each of the 2 repetitions.*too short/,
    ],
    [
      'a measured time under two seconds',
      { repetitions: [repetition(0, 5000, 900)] },
      /too short for the sensors \(900 ms/,
    ],
    [
      'a cache that is filled before',
      { cell: { ...decode, workload: { ...decode.workload, depth: 512 } } },
      /filling the cache/,
    ],
    ['a counter that began anew', { telemetry: reset }, /began anew/],
    [
      'a hole in the readings',
      { telemetry: readings(20).filter(({ atMs }) => atMs < 7000 || atMs > 11_000) },
      /silent for a part/,
    ],
    ['readings that end too soon', { telemetry: readings(12) }, /silent for a part/],
    ['a counter for root only', { telemetry: forbidden }, /sudo chmod/],
  ])('is unknown with the reason for %s', (_what, changes, reason) => {
    const [cpu] = energyOf(changes);
    expect(cpu?.value).toBeNull();
    expect(cpu?.reason).toMatch(reason);
  });
});

describe('the conditions of a cell', () => {
  it('are medians over the measured time', () => {
    const foreign = [
      { atMs: 1000, percent: 90 },
      { atMs: 6000, percent: 4 },
      { atMs: 8000, percent: 12 },
      { atMs: 10_000, percent: 6 },
    ];
    expect(cellConditions({ ...seen, foreign })).toMatchObject({
      phase: 'decode',
      foreignCpuPercent: 6,
      cpuPressurePercent: 40,
      ioPressurePercent: 1,
      samplerCpuShare: 0.003,
      readings: 21,
    });
  });

  it('say so where a sensor fell silent, and nothing where there is none', () => {
    const signals = (telemetry: readonly TelemetrySample[]) =>
      conditionReasons(cellConditions({ ...seen, telemetry: [...telemetry] })).map(({ signal }) => signal);
    expect(signals(readings(12))).toEqual(['energy']);
    expect(signals(forbidden)).toEqual([]);
  });

  it.each([
    [{ foreignCpuPercent: 9 }, []],
    [{ foreignCpuPercent: 12 }, ['amber foreign-cpu-during']],
    [{ foreignCpuPercent: 45 }, ['red foreign-cpu-during']],
    [{ memoryPressurePercent: 2, ioPressurePercent: 30 }, ['amber memory-pressure', 'red io-pressure']],
    [{ cpuPressurePercent: 90 }, []],
    [{ samplerCpuShare: 0.2 }, ['amber sampler']],
  ])('give %j the reasons %j', (changes, reasons) => {
    const found = conditionReasons({ ...cellConditions(seen), ...changes });
    expect(found.map(({ level, signal }) => `${level} ${signal}`)).toEqual(reasons);
  });
});
