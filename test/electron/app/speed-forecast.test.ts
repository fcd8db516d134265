import { describe, expect, it } from 'vitest';
import type { MeasuredRun } from '../../../electron/app/check-forecast.ts';
import { createSpeedForecast } from '../../../electron/app/speed-forecast.ts';
import { describeModel } from '../../../electron/models/library/describe-model.ts';
import { createNodeHttp } from '../../../electron/platform/node/http.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeFacts } from '../../support/fake-engine.ts';
import { createFakeFiles } from '../../support/fake-files.ts';
import { createFakeHost } from '../../support/fake-host.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { writeTinyModel } from '../../support/gguf-fixtures.ts';
import { createFakeRandom } from '../../support/fake-random.ts';
import { thrownBy } from '../../support/thrown-by.ts';

const kernels = (backend: string) => ({
  median: 500e9,
  min: 490e9,
  max: 510e9,
  n: 5,
  tensorType: 'F16',
  backend,
  decode: { median: 60e9, min: 59e9, max: 61e9, n: 5 },
});

/** A machine that was measured before: the facts are there, and measuring anew fails. */
const openWorld = async ({
  backend = 'cpu',
  runs = [],
}: { backend?: string; runs?: readonly MeasuredRun[] } = {}) => {
  const known = new Map<string, unknown>([
    ['speed:bandwidth', { median: 9e9, min: 8e9, max: 10e9, n: 15, processes: 2 }],
    ['speed:kernels:F16', kernels(backend)],
  ]);
  const busy = (): never => {
    throw new AppError('hardware.probe-failed', 'measured anew');
  };
  const files = createFakeFiles();
  await writeTinyModel('/m/tiny.gguf', { type: 'F16' }, files);
  return createSpeedForecast({
    ports: {
      files,
      folders: { data: '/data', models: '/data/models', resources: '/app' },
      host: createFakeHost(),
      http: createNodeHttp(),
      clock: createFakeClock(),
      random: createFakeRandom(),
      log: createFakeLog(),
    },
    library: {
      resolve: async (path) => {
        const { model } = await describeModel(files, path);
        return { ...model, id: 'tiny', source: 'folder', sha256: null, derivedFrom: null };
      },
    },
    inspector: { bandwidth: busy },
    engines: { acquire: busy },
    facts: {
      get: (key) => known.get(key),
      set: (key, value) => void known.set(key, value),
      remove: (key) => void known.delete(key),
      list: () => [],
    },
    runs: { list: () => runs },
    validate: () => Promise.resolve(),
  });
};

const never = new AbortController().signal;
const measured = (test: string, depth: number, decodeTps: number): MeasuredRun => ({
  id: 'run_1',
  spec: { settings: {} },
  models: [
    {
      modelId: 'tiny',
      engine: createFakeFacts({ gpuLayers: 0, kvKeyType: 'F16', kvValueType: 'F16' }),
    },
  ],
  cells: [
    {
      modelId: 'tiny',
      ladder: 'engine',
      state: 'done',
      test,
      workload: { kind: 'decode', tokens: 128, depth, sequences: 1 },
      metrics: {
        decodeTps: { median: decodeTps, ciLow: null, ciHigh: null, min: 0, max: 0, n: 5, cv: null },
      },
    },
  ],
});

describe('the forecast of a model', () => {
  it('takes the best round of the memory and the median of the kernels, as this machine measured them before', async () => {
    const forecast = await (await openWorld())({ source: '/m/tiny.gguf' }, never);
    // the main type waits for the kernels where two operations per weight take longer than its bytes: 2 bytes at 10 GB/s
    expect(forecast.bandwidth).toEqual({ median: 9e9, min: 8e9, max: 10e9, n: 15 });
    expect(1 / forecast.decodeTps).toBeCloseTo(forecast.weightBytesPerToken / 10e9, 9);
    expect(forecast.check).toEqual({ decode: null, prefill: null, otherDepths: [] });
  });

  it('is slower at depth by the cache it reads, and is judged by a run at that depth alone', async () => {
    const predict = await openWorld({ runs: [measured('tg128@d512', 512, 1000)] });
    const [empty, deep] = [
      await predict({ source: '/m/tiny.gguf' }, never),
      await predict({ source: '/m/tiny.gguf', depth: 512 }, never),
    ];
    expect(1 / deep.decodeTps - 1 / empty.decodeTps).toBeCloseTo(deep.kvBytes / 10e9, 12);
    expect(empty.check).toEqual({ decode: null, prefill: null, otherDepths: [512] });
    expect(deep.check.decode).toMatchObject({ runId: 'run_1', test: 'tg128@d512', tokensPerSecond: 1000 });
    expect(deep.check.decode?.errorPercent).toBeCloseTo(deep.decodeTps / 10 - 100, 6);
  });

  it('measures again when told, and says so when the machine is too busy for it', async () => {
    const predict = await openWorld();
    const failure = await thrownBy(() => predict({ source: '/m/tiny.gguf', refresh: true }, never));
    expect(failure.code).toBe('hardware.probe-failed');
  });

  it('is refused for a graphics card, with the way that measures', async () => {
    const predict = await openWorld({ backend: 'cuda' });
    const failure = await thrownBy(() => predict({ source: '/m/tiny.gguf' }, never));
    expect([failure.code, failure.hint]).toEqual([
      'app.bad-input',
      'Make a synthetic file and measure it: dyno synth, then dyno bench.',
    ]);
  });
});
