import { sweepSchema, type Sweep, type SweepCandidate } from '../../../shared/contract/sweep.ts';

const estimate = (median: number, n: number) => ({
  median,
  ciLow: n < 6 ? null : median * 0.99,
  ciHigh: n < 6 ? null : median * 1.01,
  min: median * 0.98,
  max: median * 1.02,
  cv: 0.008,
  n,
});

const candidate = (
  id: string,
  label: string,
  tps: number,
  n: number,
  changes: Partial<SweepCandidate>,
): SweepCandidate => ({
  id,
  label,
  settings: { contextSize: 512, slots: 1, threads: Number(id.slice(1)) || 8 },
  sequences: 1,
  isDefault: false,
  state: 'finalist',
  repetitions: Array.from({ length: n }, (_, index) => ({
    index,
    prefillTps: null,
    decodeTps: tps,
    score: tps,
    cpuPerWall: 4,
  })),
  warmups: 3,
  prefillTps: null,
  decodeTps: estimate(tps, n),
  score: estimate(tps, n),
  effective: '8 threads, batch 512, flash attention on, KV F16, mmap on',
  elimination: null,
  againstWinner: null,
  error: null,
  ...changes,
});

const cut = (rank: number, behindPercent: number) => ({
  rung: 1,
  afterRepetitions: 2,
  rank,
  of: 4,
  behindPercent,
  isClear: true,
  message: `Rank ${rank} of 4 after 2 repetitions, ${behindPercent.toFixed(1)} % behind the leader.`,
});

/** A finished sweep with two finalists beside the default, one that was cut and one that failed. */
export const finishedSweep: Sweep = sweepSchema.parse({
  id: 'sweep_demo',
  createdAtMs: 1_767_225_600_000,
  endedAtMs: 1_767_225_700_000,
  dynoVersion: '0.1.0',
  spec: { model: 'dyno-demo-4m-f16', axes: { threads: [2, 4, 8, 16] } },
  modelId: 'dyno-demo-4m-f16',
  modelPath: '/models/dyno-demo-4m-f16.gguf',
  modelName: 'Dyno Demo 4M',
  quantization: 'F16',
  sizeBytes: 8e6,
  state: { type: 'done', resultId: 'sweep_demo' },
  order: 'interleaved',
  candidates: [
    candidate('default', 'Dyno’s own choice', 1980, 8, {
      isDefault: true,
      againstWinner: { ratio: 0.86, low: 0.85, high: 0.87, confidence: 0.95, verdict: 'slower' },
    }),
    candidate('s2', 'threads 2', 1200, 2, { state: 'eliminated', elimination: cut(3, 47.8) }),
    candidate('s4', 'threads 4', 2300, 8, {}),
    candidate('s8', 'threads 8', 2290, 8, {
      againstWinner: {
        ratio: 0.995,
        low: 0.98,
        high: 1.01,
        confidence: 0.95,
        verdict: 'not-distinguishable',
      },
    }),
    candidate('s16', 'threads 16', 0, 0, {
      state: 'failed',
      decodeTps: null,
      score: null,
      effective: null,
      error: { code: 'engine.out-of-memory', message: 'Not enough memory.' },
    }),
  ],
  winnerId: 's4',
  sentence:
    'Take threads 4. It is 1.16× as fast as Dyno’s own choice (95 % interval 1.15 to 1.18). Not distinguishable from it: threads 8.',
  trust: { level: 'green', reasons: [] },
  repeatCommand: 'dyno sweep dyno-demo-4m-f16 --threads 2,4,8,16 --objective 1 --tg 128',
});
