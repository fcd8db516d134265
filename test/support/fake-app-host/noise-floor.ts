import type { NoiseFloor } from '../../../shared/contract/noise-floor.ts';
import { fakeInventory } from './machine.ts';

/** What a calibration of the fake machine found. */
export const fakeFloor: NoiseFloor = {
  measuredAtMs: Date.UTC(2026, 10, 20),
  runId: 'run-calibration',
  modelId: 'dyno-demo-4m-f16',
  quantization: 'F16',
  machine: {
    cpu: fakeInventory.cpu.model,
    gpus: [],
    backend: 'cpu',
    dynoVersion: '0.1.0',
    llamaCppRelease: 'b9999',
  },
  arms: 4,
  n: 10,
  floors: [
    { ladder: 'engine', test: 'pp512', metric: 'prefillTps', share: 0.021 },
    { ladder: 'engine', test: 'tg128', metric: 'decodeTps', share: 0.014 },
    { ladder: 'api', test: 'single-stream', metric: 'ttftMs', share: 0.062 },
    { ladder: 'api', test: 'single-stream', metric: 'decodeTps', share: 0.019 },
  ],
};
