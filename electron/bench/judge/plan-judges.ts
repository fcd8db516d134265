import type { BenchModel } from '../../../shared/contract/bench.ts';
import type { JudgeStep } from '../../../shared/contract/bench-judge.ts';

const unquantized: ReadonlySet<string> = new Set(['F32', 'BF16', 'F16']);

type Judged = Pick<BenchModel, 'modelId' | 'quantization' | 'sizeBytes'>;

/** What the others are held against: the unquantized file, else the largest. */
export const qualityBaseOf = <M extends Judged>(models: readonly M[]): M | undefined => {
  const bySize = models.toSorted((a, b) => b.sizeBytes - a.sizeBytes);
  return bySize.find(({ quantization }) => unquantized.has(quantization)) ?? bySize[0];
};

/** A step per model in the order of the run; nothing where there is no second file to judge. Pure. */
export const planJudges = (models: readonly Judged[]): readonly JudgeStep[] => {
  const base = qualityBaseOf(models);
  if (models.length < 2) return [];
  return models.map((model) => ({
    modelId: model.modelId,
    isBase: model === base,
    state: { type: 'waiting' },
  }));
};
