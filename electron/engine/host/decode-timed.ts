import type { EngineStep } from '../../../shared/contract/engine-steps.ts';
import type { Clock } from '../../platform/ports.ts';
import type { BatchEngine, Sampled, StepItem } from './batch-engine.ts';

/** What a batch gave, and how long it took. */
export interface TimedBatch extends Pick<EngineStep, 'atMs' | 'tookMs' | 'sampleMs'> {
  readonly sampled: readonly (Sampled | undefined)[];
}

/** Runs one batch and times its two halves. @throws AppError what the engine throws */
export const decodeTimed = async (
  engine: Pick<BatchEngine, 'decode'>,
  items: readonly StepItem[],
  clock: Pick<Clock, 'monotonicMs'>,
): Promise<TimedBatch> => {
  const startMs = clock.monotonicMs();
  let decodedMs: number | undefined;
  const sampled = await engine.decode(items, () => {
    decodedMs = clock.monotonicMs();
  });
  const atMs = clock.monotonicMs();
  return {
    sampled,
    atMs,
    tookMs: atMs - startMs,
    sampleMs: decodedMs === undefined ? null : atMs - decodedMs,
  };
};
