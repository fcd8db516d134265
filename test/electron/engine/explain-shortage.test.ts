import { describe, expect, it } from 'vitest';
import { explainShortage } from '../../../electron/engine/explain-shortage.ts';
import type { LoadScale } from '../../../electron/engine/load-ledger.ts';
import { engineSettingsSchema, type EngineSettings } from '../../../shared/contract/models.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createFakeLog } from '../../support/fake-log.ts';

const { signal } = new AbortController();

/** A machine on which a context of `largest` tokens in one slot fits by the estimate. */
const explain = (error: AppError, settings: Partial<EngineSettings>, largest: number) => {
  const spec = {
    modelId: 'a',
    path: '/a.gguf',
    settings: engineSettingsSchema.parse(settings),
    isExclusive: true,
  };
  const weigh: LoadScale['weigh'] = ({ settings: { contextSize, slots } }, promised) => {
    if (largest < 0) return Promise.reject(new AppError('models.truncated'));
    const tokens = (contextSize === 'auto' ? 512 : contextSize) * slots + promised.ramBytes;
    const fits = tokens <= largest;
    return Promise.resolve({
      ramBytes: tokens,
      vramBytes: 0,
      weightsBytes: 0,
      fits,
      advice: fits ? 'Fits.' : `Choose ${largest / slots}.`,
    });
  };
  const log = createFakeLog();
  const promised = () => Promise.resolve({ ramBytes: 0, vramBytes: 0 });
  return explainShortage(error, spec, { weigh, promised, log }, signal);
};

const shortage = new AppError('engine.out-of-memory', 'It does not fit.', {
  hint: 'Choose something smaller.',
});

describe('a load that failed inside llama.cpp', () => {
  it('names what fits by the estimate, where that sees the shortage too', async () => {
    expect(await explain(shortage, { contextSize: 4096, slots: 2 }, 2048)).toMatchObject({
      code: 'engine.out-of-memory',
      message: 'It does not fit.',
      hint: 'Choose 1024.',
    });
  });

  it('names half the context where the estimate is mistaken', async () => {
    expect((await explain(shortage, { contextSize: 4096, slots: 2 }, 10_000)).hint).toBe(
      'By the estimate it would fit; it did not: choose a context of 2,048.',
    );
  });

  it('names one slot where the context takes what fits', async () => {
    expect((await explain(shortage, { slots: 4 }, 10_000)).hint).toMatch(/choose 1 slot\.$/);
    expect((await explain(shortage, { slots: 1 }, 10_000)).hint).toBe('Choose something smaller.');
  });

  it('is one of memory when a card ended the process with those words', async () => {
    const log = ['CUDA error: out of memory', '  current device: 0, in function alloc'];
    const crash = new AppError('engine.crashed', 'The engine process ended (SIGABRT).', { details: { log } });
    expect(await explain(crash, { contextSize: 4096, slots: 1 }, 2048)).toMatchObject({
      code: 'engine.out-of-memory',
      message: 'Memory ran out while the model was loaded: CUDA error: out of memory',
      hint: 'Choose 2048.',
    });
  });

  it('stays what it was for every other reason', async () => {
    for (const error of [
      new AppError('engine.load-failed', 'no'),
      new AppError('engine.crashed', 'GGML_ASSERT', { details: { log: ['GGML_ASSERT(n > 0) failed'] } }),
    ])
      expect(await explain(error, { contextSize: 4096 }, 2048)).toBe(error);
  });

  it('keeps its own hint where nothing can be weighed', async () => {
    expect(await explain(shortage, { contextSize: 4096 }, -1)).toBe(shortage);
  });
});
