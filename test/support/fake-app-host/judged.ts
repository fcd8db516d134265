import type { BenchRun } from '../../../shared/contract/bench.ts';
import type { JudgeStep, QualityFigures } from '../../../shared/contract/bench-judge.ts';

const kldOf: Readonly<Record<string, number>> = { Q8_0: 0.00041, Q6_K: 0.0023, Q4_K_M: 0.0281, Q2_K: 0.331 };

const figuresOf = (quantization: string, isBase: boolean): QualityFigures => {
  const kld = isBase ? 0 : (kldOf[quantization] ?? 0.1);
  return {
    resultId: isBase ? null : `quality_${quantization}`,
    kld: { value: kld, standardError: kld * 0.06 },
    ppl: { value: 8.41 * Math.exp(kld), standardError: 0.12 },
    sameTop: { value: 1 - kld / 2, standardError: isBase ? 0 : 0.002 },
    n: 23_205,
    tasks: {
      correct: 80 - Math.round(kld * 60),
      n: 96,
      share: (80 - Math.round(kld * 60)) / 96,
      low: 0.7,
      high: 0.9,
      verdict: isBase ? null : kld > 0.1 ? 'worse' : 'not-distinguishable',
    },
  };
};

/** The run with the quality of its files judged. Test-only. */
export const judgedRun = (run: BenchRun): BenchRun => ({
  ...run,
  spec: { ...run.spec, judge: { text: 'bundled', tasks: 'bundled' } },
  judges: run.models.map(({ modelId, quantization }): JudgeStep => {
    const isBase = quantization === 'F16';
    return { modelId, isBase, state: { type: 'judged', figures: figuresOf(quantization, isBase) } };
  }),
});
