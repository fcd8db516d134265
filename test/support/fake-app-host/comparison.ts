import type { BenchRun, Comparison, ComparisonRow } from '../../../shared/contract/bench.ts';
import type { MetricVerdict } from '../../../shared/contract/verdict.ts';
import { fakeTrust, speedOf } from './bench.ts';
import { fakeFloor } from './noise-floor.ts';

const qualityOf = ({ judges }: BenchRun, modelId: string): ComparisonRow['quality'] => {
  const state = judges.find((judge) => judge.modelId === modelId)?.state;
  return state?.type === 'judged' ? state.figures : null;
};

const rowsOf = (run: BenchRun, baseModelId: string): readonly ComparisonRow[] => {
  const metric = (modelId: string, test: string, name: 'prefillTps' | 'decodeTps' | 'ttftMs' | 'systemTps') =>
    run.cells.find((cell) => cell.modelId === modelId && cell.test === test)?.metrics[name] ?? null;
  const baseSpeed = metric(baseModelId, 'tg128', 'decodeTps')?.median;
  return run.models.map((model) => {
    const decodeTps = metric(model.modelId, 'tg128', 'decodeTps');
    const ratio = decodeTps === null || baseSpeed === undefined ? null : decodeTps.median / baseSpeed;
    const isBase = model.modelId === baseModelId;
    const isNear = ratio !== null && Math.abs(ratio - 1) < 0.05;
    return {
      runId: run.id,
      modelId: model.modelId,
      name: model.name,
      quantization: model.quantization,
      variant: model.variant,
      sizeBytes: model.sizeBytes,
      bitsPerWeight: model.bitsPerWeight,
      isSynthetic: model.isSynthetic,
      prefillTps: metric(model.modelId, 'pp512', 'prefillTps'),
      decodeTps,
      ttftMs: metric(model.modelId, 'single-stream', 'ttftMs'),
      apiDecodeTps: metric(model.modelId, 'single-stream', 'decodeTps'),
      systemTps: metric(model.modelId, 'closed-loop x4', 'systemTps'),
      peakResidentBytes: 214 * 1024 ** 2,
      energy: (
        run.cells.find((cell) => cell.modelId === model.modelId && cell.test === 'tg128')?.conditions
          ?.energy ?? []
      ).map(({ device, value, reason, perToken, perTokenAboveIdle }) => ({
        device,
        perToken,
        perTokenAboveIdle,
        windowJoulesPerToken: value?.joulesPerToken ?? null,
        reason,
      })),
      decodeRatio:
        isBase || ratio === null
          ? null
          : {
              ratio,
              low: ratio * 0.97,
              high: ratio * 1.03,
              confidence: 0.95,
              verdict: isNear ? 'not-distinguishable' : ratio > 1 ? 'faster' : 'slower',
            },
      quality: qualityOf(run, model.modelId),
      servingOverheadPercent: decodeTps === null ? null : 7.1,
      isBase,
      isDominated: run.models.some(
        (other) =>
          other.sizeBytes < model.sizeBytes && speedOf(other.quantization).decode > (decodeTps?.median ?? 0),
      ),
      trust: fakeTrust(model.quantization === 'Q2_K' ? 'amber' : 'green'),
    };
  });
};

const metrics = [
  ['engine', 'pp512', 'prefillTps', 0.021],
  ['engine', 'tg128', 'decodeTps', 0.014],
  ['api', 'single-stream', 'ttftMs', null],
] as const;

const around = (value: number, share: number) => ({
  value,
  low: value - Math.abs(value) * share,
  high: value + Math.abs(value) * share,
});

const fakeVerdicts = (row: ComparisonRow, base: ComparisonRow | undefined): readonly MetricVerdict[] =>
  metrics.flatMap(([ladder, test, metric, floor]) => {
    const [own, its] = [row[metric]?.median, base?.[metric]?.median];
    if (own === undefined || its === undefined) return [];
    const ratio = own / its;
    const isApart = Math.abs(ratio - 1) > (floor ?? 0.1);
    return [
      {
        runId: row.runId,
        modelId: row.modelId,
        name: row.quantization,
        ladder,
        test,
        metric,
        verdict: !isApart ? 'not-distinguishable' : ratio > 1 ? 'better' : 'worse',
        reason: isApart ? 'difference' : floor === null ? 'overlap' : 'below-floor',
        baseMedian: its,
        median: own,
        difference: around(own - its, isApart ? 0.1 : 2),
        ratio: around(ratio, isApart ? 0.008 : 0.03),
        confidence: 0.95,
        p: isApart ? 0.0079 : 0.42,
        level: 0.05,
        n: 5,
        baseN: 5,
        floor,
        isFinal: true,
        paired: { rounds: 5, higher: ratio > 1 ? 5 : 1, ratio: around(ratio, 0.02), p: 0.0625 },
      },
    ];
  });

/** A comparison as the host would make it, in its simplest form. Test-only. */
export const compareRuns = (runs: readonly BenchRun[], baseModelId: string | undefined): Comparison => {
  const base = baseModelId ?? runs[0]?.models[0]?.modelId ?? '';
  const rows = runs.flatMap((run) => rowsOf(run, base));
  const pick = rows.find((row) => row.quantization === 'Q4_K_M');
  return {
    rows: [...rows],
    verdicts: rows.flatMap((row) =>
      row.isBase
        ? []
        : fakeVerdicts(
            row,
            rows.find((one) => one.isBase),
          ),
    ),
    noiseFloor: fakeFloor,
    differences:
      runs.length > 1 ? ['The governor was powersave in one run and performance in the other.'] : [],
    pick:
      pick === undefined || pick.decodeTps === null
        ? null
        : {
            modelId: pick.modelId,
            runId: pick.runId,
            sentence:
              'Take Q4_K_M: 1.91 times the decode speed of F16 at 35 % of its size, and nothing smaller is faster.',
          },
  };
};
