import { encodeNumbers } from '../../electron/engine/scoring/float-text.ts';
import { scoredSpan } from '../../electron/engine/scoring/pack-format.ts';
import type { Scorer, ScoreTask, WindowScore, WindowTop } from '../../electron/engine/scoring/scorer.ts';
import { AppError } from '../../shared/errors/app-error.ts';

/** A scorer without a model: every value of a window is told by the file's number and the window's position. */
export interface FakeScorer extends Scorer {
  readonly tasks: readonly ScoreTask[];
  /** The child dies after this many windows more, once. */
  crashAfter(windows: number): void;
  /** From now on the child dies whenever it opens this file. */
  crashOn(path: string): void;
}

const encoded = (length: number, value: number): string =>
  encodeNumbers(new Float32Array(length).fill(value));

const windowOf = (contextSize: number, position: number, kld: number, mass: number): WindowScore => {
  const { scored } = scoredSpan(contextSize);
  return {
    position,
    nll: encoded(scored, 1 + kld),
    nllBase: encoded(scored, 1),
    kld: encoded(scored, kld + position / 1000),
    sameTop: encodeNumbers(new Uint8Array(scored).fill(1)),
    capturedMass: mass,
  };
};

const topOf = (contextSize: number, position: number, topK: number): WindowTop => {
  const { scored } = scoredSpan(contextSize);
  return {
    position,
    tokens: encodeNumbers(new Int32Array(contextSize).fill(position)),
    ids: encodeNumbers(new Uint32Array(scored * topK)),
    logProbs: encoded(scored * topK, -1),
    tails: encodeNumbers(new Float64Array(scored).fill(0.1)),
    nll: encoded(scored, 1),
  };
};

/** @param windowCount windows of every text. @param kldOf mean divergence by the candidate's path. */
export const createFakeScorer = (windowCount: number, kldOf: (path: string) => number): FakeScorer => {
  const tasks: ScoreTask[] = [];
  const broken = new Set<string>();
  let left = Infinity;
  const spend = (): void => {
    left -= 1;
    if (left >= 0) return;
    left = Infinity;
    throw new AppError('engine.crashed');
  };
  return {
    tasks,
    crashAfter: (windows) => (left = windows),
    crashOn: (path) => void broken.add(path),
    score: async (task, listener, signal) => {
      tasks.push(task);
      await Promise.resolve();
      if (task.candidates.some(({ file }) => broken.has(file.path))) throw new AppError('engine.crashed');
      const { contextSize, topK, reference } = task;
      const count = Math.min(windowCount, task.maxWindows ?? windowCount);
      listener.onOpened({
        contextSize,
        tokenCount: contextSize * windowCount,
        windowCount: count,
        addsBos: false,
        vocabularySize: 100,
        vocabularySha256: 'd4'.repeat(32),
        tokensSha256: 'd5'.repeat(32),
        llamaCppRelease: 'v0.5.0',
      });
      const mass = reference.type === 'pack' ? 0.9 : 1;
      for (let position = 0; position < count; position += 1) {
        signal.throwIfAborted();
        if (topK !== null) listener.onTop?.(topOf(contextSize, position, topK));
        for (const [index, { file, done }] of task.candidates.entries()) {
          if (done.includes(position)) continue;
          spend();
          listener.onWindow(index, windowOf(contextSize, position, kldOf(file.path), mass));
        }
      }
    },
  };
};
