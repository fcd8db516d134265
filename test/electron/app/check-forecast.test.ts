import { describe, expect, it } from 'vitest';
import { checkForecast, type MeasuredRun } from '../../../electron/app/check-forecast.ts';
import { createFakeFacts } from '../../support/fake-engine.ts';

type Cell = MeasuredRun['cells'][number];

const cellOf = (test: string, tokensPerSecond: number, change: Partial<Cell> = {}): Cell => {
  const [, kind = '', tokens = '', depth = '0', sequences = '1'] =
    /^(pp|tg)(\d+)(?:@d(\d+))?(?:x(\d+))?$/u.exec(test) ?? [];
  const metric = kind === 'pp' ? 'prefillTps' : 'decodeTps';
  const estimate = { median: tokensPerSecond, ciLow: null, ciHigh: null, min: 0, max: 0, n: 5, cv: null };
  return {
    modelId: 'demo',
    ladder: 'engine',
    state: 'done',
    test,
    workload: {
      kind: kind === 'pp' ? 'prefill' : 'decode',
      tokens: Number(tokens),
      depth: Number(depth),
      sequences: Number(sequences),
    },
    metrics: { [metric]: estimate },
    ...change,
  };
};

const runOf = (
  id: string,
  cells: readonly Cell[],
  change: {
    readonly engine?: Partial<ReturnType<typeof createFakeFacts>>;
    readonly settings?: MeasuredRun['spec']['settings'];
  } = {},
): MeasuredRun => ({
  id,
  spec: { settings: change.settings ?? {} },
  models: [
    {
      modelId: 'demo',
      engine: createFakeFacts({ gpuLayers: 0, kvKeyType: 'F16', kvValueType: 'F16', ...change.engine }),
    },
  ],
  cells,
});

const at = (depth: number) => ({ modelId: 'demo', depth, decodeTps: 110, prefillTps: 450 });

describe('a forecast held against benchmarks', () => {
  it('meets decode of the same depth and prefill of an empty cache, each from the newest run that has it', () => {
    const runs = [
      runOf('new', [cellOf('tg128@d4096', 50), cellOf('pp512@d4096', 300)]),
      runOf('old', [cellOf('tg128', 100), cellOf('pp512', 500), cellOf('tg128@d4096', 40)]),
    ];
    expect(checkForecast(runs, at(0))).toEqual({
      decode: { runId: 'old', test: 'tg128', tokensPerSecond: 100, errorPercent: 10 },
      prefill: { runId: 'old', test: 'pp512', tokensPerSecond: 500, errorPercent: -10 },
      otherDepths: [],
    });
    expect(checkForecast(runs, at(4096)).decode).toEqual({
      runId: 'new',
      test: 'tg128@d4096',
      tokensPerSecond: 50,
      errorPercent: 120,
    });
  });

  it('is not judged by another depth, but says which were measured', () => {
    const runs = [runOf('a', [cellOf('tg128@d2048', 60), cellOf('tg64', 100), cellOf('tg128', 100)])];
    expect(checkForecast(runs, at(4096))).toEqual({ decode: null, prefill: null, otherDepths: [0, 2048] });
  });

  it.each([
    ['several sequences at once', runOf('a', [cellOf('tg128x4', 300)])],
    ['layers on a graphics card', runOf('a', [cellOf('tg128', 900)], { engine: { gpuLayers: 3 } })],
    ['a smaller cache', runOf('a', [cellOf('tg128', 90)], { engine: { kvKeyType: 'Q8_0' } })],
    ['threads that somebody set', runOf('a', [cellOf('tg128', 60)], { settings: { threads: 1 } })],
    ['another model', runOf('a', [cellOf('tg128', 60, { modelId: 'other' })])],
    ['an unfinished cell', runOf('a', [cellOf('tg128', 60, { state: 'failed' })])],
    ['an answer through HTTP', runOf('a', [cellOf('tg128', 60, { ladder: 'api' })])],
    ['a figure of zero', runOf('a', [cellOf('tg128', 0)])],
  ])('is not judged by %s', (_what, run) => {
    expect(checkForecast([run], at(0)).decode).toBeNull();
  });
});
