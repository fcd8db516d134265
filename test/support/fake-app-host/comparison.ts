import type { BenchRun, Comparison, ComparisonRow } from '../../../shared/contract/bench.ts';
import { fakeTrust, speedOf } from './bench.ts';

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
      sizeBytes: model.sizeBytes,
      bitsPerWeight: model.bitsPerWeight,
      isSynthetic: model.isSynthetic,
      prefillTps: metric(model.modelId, 'pp512', 'prefillTps'),
      decodeTps,
      ttftMs: metric(model.modelId, 'single-stream', 'ttftMs'),
      apiDecodeTps: metric(model.modelId, 'single-stream', 'decodeTps'),
      systemTps: metric(model.modelId, 'closed-loop x4', 'systemTps'),
      peakResidentBytes: 214 * 1024 ** 2,
      decodeRatio:
        isBase || ratio === null
          ? null
          : {
              ratio,
              low: ratio * 0.97,
              high: ratio * 1.03,
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

/** A comparison as the host would make it, in its simplest form. Test-only. */
export const compareRuns = (runs: readonly BenchRun[], baseModelId: string | undefined): Comparison => {
  const base = baseModelId ?? runs[0]?.models[0]?.modelId ?? '';
  const rows = runs.flatMap((run) => rowsOf(run, base));
  const pick = rows.find((row) => row.quantization === 'Q4_K_M');
  return {
    rows: [...rows],
    differences:
      runs.length > 1 ? ['The governor was powersave in one run and performance in the other.'] : [],
    pick:
      pick === undefined || pick.decodeTps === null
        ? null
        : {
            modelId: pick.modelId,
            sentence:
              'Take Q4_K_M: 1.91 times the decode speed of F16 at 35 % of its size, and nothing smaller is faster.',
          },
  };
};
