import { describe, expect, it } from 'vitest';
import { combineTrust, trustOf } from '../../../electron/bench/trust/combine-trust.ts';
import { cpuShareReasons, settingsReasons } from '../../../electron/bench/trust/engine-settings.ts';
import { idleReasons, telemetryReasons } from '../../../electron/bench/trust/machine.ts';
import type { TrustReason } from '../../../electron/bench/trust/reason.ts';
import { requestReasons } from '../../../electron/bench/trust/requests.ts';
import { spreadReasons, warmUpReasons } from '../../../electron/bench/trust/spread.ts';
import { warmUpRule, warmUpState } from '../../../electron/bench/stopping/warm-up.ts';
import type { MetricName } from '../../../shared/contract/bench.ts';
import { createSample } from '../../support/bench-samples.ts';
import { createFakeFacts } from '../../support/fake-engine.ts';
import { telemetrySample } from '../../support/telemetry-sample.ts';

const brief = (reasons: readonly TrustReason[]) => reasons.map((reason) => [reason.signal, reason.level]);
const quietClient = { loopDelayP99Ms: 0.3, promptCountError: 0, reusesPrompts: false };
const idle = {
  foreignCpuPercent: 2,
  availableMemoryBytes: 1e10,
  temperatureC: 40,
  powerSource: 'mains',
  governor: null,
  isPowerSaver: false,
};
const cpuOnly = { before: undefined, facts: createFakeFacts() };
const only =
  (metric: MetricName, values: readonly number[]) =>
  (asked: MetricName): readonly number[] =>
    asked === metric ? values : [];

describe('the spread of repetitions', () => {
  it.each([
    ['engine', [100, 100.5, 99.8, 100.2], []],
    ['engine', [100, 103, 99, 102, 99], [['spread', 'amber']]],
    ['engine', [100, 112, 96, 110, 95, 104], [['spread', 'red']]],
    ['api', [100, 103, 99, 102, 99], []],
    ['api', [100, 112, 93, 112, 93, 104], [['spread', 'amber']]],
  ] as const)('on the %s ladder of %j is judged %j', (ladder, values, expected) => {
    expect(
      brief(spreadReasons(ladder, only('decodeTps', values))).filter(([signal]) => signal === 'spread'),
    ).toEqual(expected);
  });

  it('tells the direction of a drift', () => {
    const reasons = spreadReasons('engine', only('decodeTps', [100, 99, 98, 97, 96, 94]));
    expect(reasons.find((reason) => reason.signal === 'drift')).toEqual({
      level: 'red',
      signal: 'drift',
      message: 'Decode fell by 5.7 % from the first to the last repetition.',
    });
  });
});

describe('the warm-up', () => {
  const rule = warmUpRule('engine');
  it('settles when the last three lie within the limit', () => {
    expect(warmUpState([80, 100, 101, 100.5], 0, rule)).toBe('settled');
    expect(warmUpState([100, 100], 0, rule)).toBe('unfinished');
    expect(warmUpState([100, 103, 100], 0, rule)).toBe('unfinished');
    expect(warmUpState([100, 108, 100], 0, warmUpRule('api'))).toBe('settled');
  });

  it('ends at its cap and at its budget, and says so', () => {
    const restless = [1, 2, 1, 2, 1, 2, 1, 2, 1, 2];
    expect(warmUpState(restless, 0, rule)).toBe('capped');
    expect(warmUpState([1], 30_000, warmUpRule('engine', 20_000))).toBe('out-of-time');
    expect(warmUpReasons('settled', 3, rule)).toEqual([]);
    expect(warmUpReasons('capped', 10, rule)[0]?.message).toBe(
      'The warm-up ended after 10 repetitions without three in a row within 2.0 %.',
    );
    expect(warmUpReasons('out-of-time', 1, warmUpRule('engine', 20_000))[0]?.message).toBe(
      'The warm-up ended by its time limit of 20 s after 1 repetition.',
    );
  });
});

describe('the machine', () => {
  it('was busy, on battery or saving power before the start', () => {
    expect(idleReasons(idle, undefined)).toEqual([]);
    expect(brief(idleReasons({ ...idle, foreignCpuPercent: 12 }, undefined))).toEqual([
      ['foreign-cpu', 'amber'],
    ]);
    expect(brief(idleReasons({ ...idle, foreignCpuPercent: 45 }, undefined))).toEqual([
      ['foreign-cpu', 'red'],
    ]);
    expect(brief(idleReasons({ ...idle, powerSource: 'battery' }, undefined))).toEqual([
      ['battery', 'amber'],
    ]);
    expect(idleReasons({ ...idle, foreignCpuPercent: null }, undefined)).toEqual([]);
  });

  it('had another program on the GPU', () => {
    const [gpu] = telemetrySample().gpus;
    const before = telemetrySample({
      gpus: gpu === undefined ? [] : [{ ...gpu, utilizationPercent: 14, memoryUsedBytes: 3e9 }],
    });
    expect(brief(idleReasons(idle, before))).toEqual([
      ['foreign-gpu', 'red'],
      ['foreign-gpu-memory', 'amber'],
    ]);
  });

  const gpuAt = (atMs: number, coreClockMhz: number, throttleReasons: string[]) => {
    const sample = telemetrySample({ atMs });
    return { ...sample, gpus: sample.gpus.map((gpu) => ({ ...gpu, coreClockMhz, throttleReasons })) };
  };

  it('throttled and lost clock between the first and the last repetition', () => {
    const telemetry = [
      gpuAt(10, 2000, []),
      gpuAt(20, 2000, []),
      gpuAt(110, 1800, ['thermal']),
      gpuAt(120, 1800, ['thermal']),
    ];
    const reasons = telemetryReasons(
      telemetry,
      [
        { fromMs: 0, toMs: 50 },
        { fromMs: 100, toMs: 150 },
      ],
      cpuOnly,
    );
    expect(brief(reasons)).toEqual([
      ['throttle', 'red'],
      ['clock', 'red'],
    ]);
    expect(reasons[0]?.message).toBe('The GPU was throttled in 50 % of the time (thermal).');
  });

  it('swapped', () => {
    const at = (atMs: number, swapUsedBytes: number) => ({
      ...telemetrySample({ atMs, gpus: [] }),
      memory: { usedBytes: 1, availableBytes: 1, swapUsedBytes, pressurePercent: null },
    });
    const spans = [{ fromMs: 0, toMs: 100 }];
    expect(telemetryReasons([at(1, 5e9), at(2, 5e9)], spans, cpuOnly)).toEqual([]);
    expect(brief(telemetryReasons([at(1, 0), at(2, 1e9)], spans, cpuOnly))).toEqual([['swap', 'amber']]);
  });

  it('swapped, and a repetition was measured after that', () => {
    const at = (atMs: number, swapUsedBytes: number) => ({
      ...telemetrySample({ atMs, gpus: [] }),
      memory: { usedBytes: 1, availableBytes: 1, swapUsedBytes, pressurePercent: null },
    });
    const spans = [
      { fromMs: 0, toMs: 100 },
      { fromMs: 110, toMs: 200 },
    ];
    expect(telemetryReasons([at(50, 0), at(105, 2 ** 30), at(150, 2 ** 30)], spans, cpuOnly)).toEqual([
      {
        level: 'red',
        signal: 'swap',
        message: 'The machine swapped out 1.00 GiB, and 1 of 2 repetitions were measured after that began.',
      },
    ]);
    expect(brief(telemetryReasons([at(50, 0), at(150, 2 ** 30)], spans, cpuOnly))).toEqual([
      ['swap', 'amber'],
    ]);
  });

  it.each([
    ['fits', { before: 1e9, during: [13e9, 13e9], taken: 12e9 }, []],
    ['is full, though it fitted', { before: 1e9, during: [23.9e9], taken: 22e9 }, [['vram-spill', 'amber']]],
    ['took more than was free', { before: 6e9, during: [23.9e9], taken: 20e9 }, [['vram-spill', 'red']]],
    [
      'is taken by another program meanwhile',
      { before: 1e9, during: [13e9, 13.1e9, 13.3e9], taken: 12e9 },
      [['foreign-gpu-memory-during', 'amber']],
    ],
  ] as const)('has video memory that %s', (_name, { before, during, taken }, expected) => {
    const [gpu] = telemetrySample().gpus;
    const at = (atMs: number, memoryUsedBytes: number) =>
      telemetrySample({ atMs, gpus: gpu === undefined ? [] : [{ ...gpu, memoryUsedBytes }] });
    const facts = createFakeFacts();
    const onGpu = {
      before: at(0, before),
      facts: {
        gpuLayers: 33,
        memory: { ...facts.memory, modelVramBytes: taken - 1e9, contextVramBytes: 1e9 },
      },
    };
    const telemetry = during.map((bytes, index) => at(1 + index, bytes));
    const spans = [{ fromMs: 1, toMs: 100 }];
    expect(brief(telemetryReasons(telemetry, spans, onGpu))).toEqual(expected);
    const onCpu = { ...onGpu, facts: { ...onGpu.facts, gpuLayers: 0 } };
    expect(telemetryReasons(telemetry, spans, onCpu)).toEqual([]);
  });
});

describe('the requests', () => {
  const good = Array.from({ length: 200 }, (_, index) => createSample({ index }));
  it('pass when they got what was asked', () => {
    expect(requestReasons(good, quietClient)).toEqual([]);
  });

  it.each([
    ['one of 200 failed', { error: { code: 'bench.target-failed', message: 'gone' } }, 'errors', 'amber'],
    ['a cached prefix', { cachedTokens: 2 }, 'cached-tokens', 'amber'],
    ['a cached prompt', { cachedTokens: 60 }, 'cached-tokens', 'red'],
    ['a short answer', { askedTokens: 6 }, 'output-length', 'amber'],
    ['half an answer', { askedTokens: 10 }, 'output-length', 'red'],
    ['tokens that were only estimated', { tokenCountSource: 'events' as const }, 'token-source', 'amber'],
  ])('tell of %s', (_name, change, signal, level) => {
    expect(brief(requestReasons([...good.slice(1), createSample(change)], quietClient))).toEqual([
      [signal, level],
    ]);
  });

  it('may come out of a cache where they share beginnings on purpose', () => {
    const cached = good.map((sample) => ({ ...sample, cachedTokens: 60 }));
    expect(requestReasons(cached, { ...quietClient, reusesPrompts: true })).toEqual([]);
  });

  it('hold a late client against the result only where it is large beside a token', () => {
    expect(requestReasons(good, { ...quietClient, loopDelayP99Ms: 4.9 })).toEqual([]);
    // TPOT is 10 ms here: 6 ms is more than a fifth of it
    expect(brief(requestReasons(good, { ...quietClient, loopDelayP99Ms: 6 }))).toEqual([
      ['client-delay', 'red'],
    ]);
    const slow = [createSample({ lastTokenMs: 420, gapsMs: [100, 100, 100, 100] })];
    expect(brief(requestReasons(slow, { ...quietClient, loopDelayP99Ms: 6 }))).toEqual([
      ['client-delay', 'amber'],
    ]);
  });

  it('doubt a server that counts other prompt tokens than the tokenizer', () => {
    expect(brief(requestReasons(good, { ...quietClient, promptCountError: 0.03 }))).toEqual([
      ['token-count', 'amber'],
    ]);
  });
});

describe('the engine', () => {
  it('had to share its cores', () => {
    expect(cpuShareReasons([1.99, 1.97, 1.95], { threads: 2, gpuLayers: 0 })).toEqual([]);
    expect(brief(cpuShareReasons([1.2, 1.3, 1.1], { threads: 2, gpuLayers: 0 }))).toEqual([
      ['cpu-share', 'amber'],
    ]);
    expect(cpuShareReasons([0.4], { threads: 8, gpuLayers: 33 })).toEqual([]);
  });

  it('runs with other settings than asked', () => {
    const facts = createFakeFacts({ contextSize: 512, slots: 4 });
    expect(settingsReasons({ contextSize: 512, threads: 'auto' }, facts)).toEqual([]);
    expect(settingsReasons({ contextSize: 1024, slots: 4 }, facts)).toEqual([
      {
        level: 'red',
        signal: 'settings',
        message: 'The engine runs with context 512 although 1024 was asked for.',
      },
    ]);
  });
});

describe('the badge', () => {
  const reason = (level: TrustReason['level'], signal: string, message: string): TrustReason => ({
    level,
    signal,
    message,
  });

  it('is the worst of its reasons, the worst first', () => {
    expect(trustOf([])).toEqual({ level: 'green', reasons: [] });
    const trust = trustOf([reason('amber', 'a', 'x'), reason('red', 'b', 'y')]);
    expect([trust.level, trust.reasons.map((one) => one.signal)]).toEqual(['red', ['b', 'a']]);
  });

  it('of a run names the worst cell of every signal and how many share it', () => {
    const cells = [
      { modelId: 'm1', test: 'pp512', trust: trustOf([reason('amber', 'spread', 'differ by 2 %.')]) },
      { modelId: 'm2', test: 'tg128', trust: trustOf([reason('red', 'spread', 'differ by 9 %.')]) },
      { modelId: 'm2', test: 'pp512', trust: null },
    ];
    expect(combineTrust(cells, (id) => id.toUpperCase())).toEqual({
      level: 'red',
      reasons: [reason('red', 'spread', 'M2 tg128: differ by 9 %. (2 of 2 cells)')],
    });
    expect(combineTrust([], String)).toBeNull();
  });

  it('says a reason that holds for all cells once, without a place', () => {
    const same = trustOf([reason('amber', 'battery', 'On battery.')]);
    const cells = ['pp512', 'tg128'].map((test) => ({ modelId: 'm', test, trust: same }));
    expect(combineTrust(cells, String)?.reasons).toEqual([reason('amber', 'battery', 'On battery.')]);
  });
});
