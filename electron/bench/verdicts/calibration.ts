import type { z } from 'zod';
import type { BenchStartInput, EngineTest } from '../../../shared/contract/bench.ts';
import type { calibrateInputSchema } from '../../../shared/contract/noise-floor.ts';

/** What to measure the noise floor with. */
export interface CalibrateInput extends Omit<z.output<typeof calibrateInputSchema>, 'model'> {
  /** Id or path. */
  readonly model: string;
}

const tests: readonly EngineTest[] = [
  { kind: 'prefill', tokens: 512, depth: 0, sequences: 1 },
  { kind: 'decode', tokens: 128, depth: 0, sequences: 1 },
];

/** The run that measures a model against itself: prefill, decode and one user of the server, in turns. */
export const calibrationInput = ({ model, arms, repetitions }: CalibrateInput): BenchStartInput => ({
  name: `Noise floor with ${model}`,
  models: Array.from({ length: arms }, () => model),
  ownSettings: [],
  preset: 'quick',
  engineTests: [...tests],
  apiTests: [{ profile: 'single-stream', parameters: {} }],
  repetitions,
});
