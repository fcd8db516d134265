import { implement } from '@orpc/server';
import { listShapes } from '../../../electron/models/index.ts';
import { contract } from '../../../shared/contract/index.ts';
import type { SpeedForecast } from '../../../shared/contract/forecast.ts';
import type { SynthPlan } from '../../../shared/contract/synth.ts';

const GIB = 1024 ** 3;

const plan: SynthPlan = {
  source: 'shape llama-3.2-1b',
  name: 'Llama 3.2 1B (synthetic)',
  architecture: 'llama',
  type: 'Q4_K_M',
  path: '/home/user/.local/share/dyno/models/llama-3.2-1b-Q4_K_M-synthetic.gguf',
  layerCount: 16,
  wholeLayerCount: 16,
  parameterCount: 1.24e9,
  bitsPerWeight: 5.18,
  contextLength: 131_072,
  tensorTypes: { Q4_K: 96, Q6_K: 17, F32: 33 },
  sizeBytes: 0.75 * GIB,
  freeBytes: 212 * GIB,
  fitsOnDisk: true,
  exists: false,
};

const forecast: SpeedForecast = {
  source: plan.source,
  name: 'Llama 3.2 1B',
  type: 'Q4_K_M',
  sizeBytes: plan.sizeBytes,
  weightBytesPerToken: 0.75 * GIB,
  kvBytes: 0,
  depth: 0,
  bandwidth: { median: 61.2e9, min: 58.9e9, max: 62.4e9, n: 15 },
  bandwidthProcesses: 16,
  decodeTps: 77.5,
  prefillTps: 512,
  kernels: {
    median: 998e9,
    min: 981e9,
    max: 1004e9,
    n: 5,
    tensorType: 'Q4_K',
    backend: 'cpu',
    decode: { median: 61e9, min: 60e9, max: 62e9, n: 5 },
  },
  check: {
    decode: { runId: 'run_demo', test: 'tg128', tokensPerSecond: 71.2, errorPercent: 8.8 },
    prefill: { runId: 'run_demo', test: 'pp512', tokensPerSecond: 530, errorPercent: -3.4 },
    otherDepths: [],
  },
};

const { synth } = implement(contract);

/** The Lab's synthetic files: the real shapes, one plan, one forecast. */
export const synthHandlers = {
  shapes: synth.shapes.handler(() => [...listShapes()]),
  plan: synth.plan.handler(() => plan),
  forecast: synth.forecast.handler(() => forecast),
};
