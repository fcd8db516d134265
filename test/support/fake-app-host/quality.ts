import { qualityResultSchema, type QualityResult } from '../../../shared/contract/quality.ts';

const mean = (value: number, standardError: number) => ({
  value,
  standardError,
  tokenStandardError: standardError * 0.9,
});

interface Judged {
  readonly type: string;
  readonly sizeBytes: number;
  readonly kld: number;
  readonly ppl: number;
  readonly won: number;
  readonly lost: number;
  readonly pValue: number;
}

const base = {
  modelId: 'dyno-demo-4m-f16',
  name: 'Dyno Demo 4M',
  quantization: 'F16',
  sizeBytes: 7_974_080,
  bitsPerWeight: 16,
  sha256: 'f1'.repeat(32),
  tensorTypes: { F16: 29, F32: 9 },
};

const judged = ({ type, sizeBytes, kld, ppl, won, lost, pValue }: Judged, index: number): QualityResult =>
  qualityResultSchema.parse({
    id: `quality_${type}`,
    measuredAtMs: 1_790_000_000_000,
    base,
    candidate: {
      ...base,
      modelId: `dyno-demo-4m-${type.toLowerCase()}`,
      quantization: type,
      sizeBytes,
      bitsPerWeight: (sizeBytes * 8) / 3_934_464,
      sha256: `a${index}`.repeat(32),
    },
    text: {
      text: { name: 'heldout.txt', sha256: 'e5'.repeat(32) },
      protocol: {
        contextSize: 512,
        scoredPerWindow: 255,
        windowCount: 91,
        addsBos: false,
        vocabularySize: 3072,
        llamaCppRelease: 'v0.5.0',
        formulaVersion: 1,
      },
      n: 23_205,
      pplBase: mean(1.8659, 0.0148),
      ppl: mean(ppl, 0.0149),
      logRatio: mean(Math.log(ppl / 1.8659), 0.0004),
      correlation: 0.999,
      kld: {
        mean: mean(kld, kld / 12),
        median: kld / 10,
        p90: kld * 2,
        p95: kld * 3.4,
        p99: kld * 10,
        p999: kld * 40,
        max: kld * 1500,
        kind: 'exact',
        capturedMass: 1,
      },
      deltaP: { mean: mean(-kld / 3, kld / 30), rms: mean(Math.sqrt(kld) / 2.5, 0.0005) },
      sameTop: mean(1 - Math.sqrt(kld), 0.0012),
      windowKld: Array.from({ length: 91 }, () => kld),
    },
    tasks: {
      tasks: { name: 'heldout-tasks.jsonl', sha256: 'c3'.repeat(32) },
      base: { correct: 508, n: 712, share: 508 / 712, low: 0.679, high: 0.745 },
      candidate: {
        correct: 508 + won - lost,
        n: 712,
        share: (508 + won - lost) / 712,
        low: 0.65,
        high: 0.72,
      },
      lost,
      won,
      pValue,
      verdict: pValue < 0.05 ? 'worse' : 'not-distinguishable',
      perTask: [{ task: 'addition', n: 50, base: 17, candidate: 14 }],
    },
    conditions: { dynoVersion: '0.1.0', backend: 'cpu', baseGpuLayers: 0, candidateGpuLayers: 0 },
    caveats: [],
  });

/** Two quantizations judged against the bundled model. */
export const judgedResults: readonly QualityResult[] = [
  { type: 'Q4_K_M', sizeBytes: 2_642_624, kld: 0.000665, ppl: 1.8667, won: 9, lost: 12, pValue: 0.664 },
  { type: 'Q2_K', sizeBytes: 1_906_880, kld: 0.00827, ppl: 1.8776, won: 12, lost: 34, pValue: 0.00164 },
].map(judged);
