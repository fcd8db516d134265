import { AppError } from '../../../shared/errors/app-error.ts';
import type { Clock } from '../../platform/ports.ts';

/**
 * What `act` resolves to, unless it takes longer than `ms`.
 * @throws AppError `bench.target-hung` at the deadline; whatever `act` throws
 */
export const withinTime = async <Result>(
  { clock, ms, signal }: { readonly clock: Clock; readonly ms: number; readonly signal: AbortSignal },
  act: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const stop = new AbortController();
  const both = AbortSignal.any([stop.signal, signal]);
  const late = async (): Promise<never> => {
    await clock.sleep(ms, both);
    throw new AppError('bench.target-hung', `The server was silent for ${Math.round(ms / 100) / 10} s.`);
  };
  try {
    return await Promise.race([act(both), late()]);
  } finally {
    stop.abort();
  }
};
