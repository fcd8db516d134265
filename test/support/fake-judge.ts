import type { Judge } from '../../electron/bench/index.ts';
import type { QualityResult } from '../../shared/contract/quality.ts';
import type { AppError } from '../../shared/errors/app-error.ts';
import type { FakeClock } from './fake-clock.ts';

/** A judge that takes a second per candidate in ten steps, on virtual time. */
export interface FakeJudge extends Judge {
  /** Every call, as the ids of its candidates. */
  readonly orders: readonly (readonly string[])[];
  /** From now on every wish is refused before anything is measured. */
  refuse(error: AppError): void;
  /** From now on this candidate cannot be judged. */
  fail(modelId: string, error: AppError): void;
  /** From now on this candidate's result holds answers to tasks, 3 of 4 right on both sides. */
  answer(modelId: string): void;
}

const exactly = (value: number) => ({ value, standardError: value / 20, tokenStandardError: value / 40 });

/** A result whose divergence is told by the file's name. */
export const qualityResult = (baseId: string, candidateId: string, kld: number): QualityResult => {
  const model = (modelId: string) => ({
    modelId,
    name: modelId,
    quantization: modelId.split('-').at(-1) ?? '',
    sizeBytes: 1,
    bitsPerWeight: 4,
    sha256: 'a'.repeat(64),
    tensorTypes: {},
  });
  return {
    id: `${baseId}.${candidateId}`,
    measuredAtMs: 0,
    base: model(baseId),
    candidate: model(candidateId),
    text: {
      text: { name: 'heldout.txt', sha256: 'b'.repeat(64) },
      protocol: {
        contextSize: 512,
        scoredPerWindow: 255,
        windowCount: 10,
        addsBos: false,
        vocabularySize: 3072,
        llamaCppRelease: 'v0.5.0',
        formulaVersion: 1,
      },
      n: 2550,
      pplBase: exactly(8),
      ppl: exactly(8 * Math.exp(kld)),
      logRatio: exactly(kld),
      correlation: 0.99,
      kld: {
        mean: exactly(kld),
        median: kld / 2,
        p90: kld * 2,
        p95: kld * 3,
        p99: kld * 5,
        p999: kld * 8,
        max: kld * 10,
        kind: 'exact',
        capturedMass: 1,
      },
      deltaP: { mean: exactly(0.001), rms: exactly(0.02) },
      sameTop: exactly(0.95),
      windowKld: Array<number>(10).fill(kld),
    },
    tasks: null,
    conditions: { dynoVersion: '0.1.0', backend: 'cpu', baseGpuLayers: 0, candidateGpuLayers: 0 },
    caveats: [],
  };
};

const answers = { correct: 3, n: 4, share: 0.75, low: 0.3, high: 0.95 };
const tasks: QualityResult['tasks'] = {
  tasks: { name: 'tasks.jsonl', sha256: 'c'.repeat(64) },
  base: answers,
  candidate: answers,
  lost: 0,
  won: 0,
  pValue: 1,
  verdict: 'not-distinguishable',
  perTask: [],
};

export const createFakeJudge = (
  clock: FakeClock,
  kldOf: (modelId: string) => number = (modelId) =>
    ({ Q8_0: 0.001, Q4_K_M: 0.03, Q2_K: 0.4 })[modelId.split('-').at(-1) ?? ''] ?? 0.01,
): FakeJudge => {
  const orders: (readonly string[])[] = [];
  const refusals = new Map<string, AppError>();
  const answered = new Set<string>();
  let refusedWish: AppError | undefined;
  return {
    orders,
    refuse: (error) => void (refusedWish = error),
    check: () => (refusedWish === undefined ? Promise.resolve() : Promise.reject(refusedWish)),
    fail: (modelId, error) => void refusals.set(modelId, error),
    answer: (modelId) => void answered.add(modelId),
    judge: async ({ baseModelId, candidateIds }, { signal, onProgress, onResult }) => {
      orders.push(candidateIds);
      for (const [index, candidateId] of candidateIds.entries()) {
        for (let step = 1; step <= 10; step += 1) {
          await clock.sleep(100, signal);
          onProgress((index + step / 10) / candidateIds.length, `Reading ${candidateId}`);
        }
        const refusal = refusals.get(candidateId);
        if (refusal !== undefined) throw refusal;
        const result = qualityResult(baseModelId, candidateId, kldOf(candidateId));
        onResult({ ...result, tasks: answered.has(candidateId) ? tasks : null });
      }
    },
  };
};
