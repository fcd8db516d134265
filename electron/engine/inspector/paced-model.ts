import { createNodeClock } from '../../platform/node/clock.ts';
import { scoredSpan } from '../scoring/pack-format.ts';
import type { ScoreTask } from '../scoring/scorer.ts';
import { createThreadPacer } from '../scoring/thread-pacer.ts';
import type { ScoringModel } from './scoring-llama.ts';

/** A model that reads windows with the threads that prove fastest. */
export interface PacedModel {
  readonly model: ScoringModel;
  /** Reads a window; gives the logits of a position of its asked part, until the next call. */
  decode(tokens: Int32Array): (position: number) => Float32Array;
}

const clock = createNodeClock();

/** @param firstOutput the first position whose logits are computed; default: that of the scored half */
export const paceModel = (
  model: ScoringModel,
  { limit, isFixed }: ScoreTask['threads'],
  firstOutput?: number,
): PacedModel => {
  const pacer = createThreadPacer(limit, isFixed);
  return {
    model,
    decode: (tokens) => {
      const threads = pacer.next();
      const startedMs = clock.monotonicMs();
      const rowAt = model.decode(tokens, firstOutput ?? scoredSpan(tokens.length).first, threads);
      pacer.record(threads, clock.monotonicMs() - startedMs);
      return rowAt;
    },
  };
};
