import { isAbort } from '../../../shared/errors/app-error.ts';

/** After work had to give way, before it is tried again. */
export const BUSY_PAUSE_MS = 2_000;

/**
 * Runs `act`, which calls `tick` as it goes, unless or until `isBusy`.
 * @returns what `act` gave, or `undefined` where it had to give way
 * @throws what `act` throws, also when `signal` aborts
 */
export const givingWay = async <Result>(
  act: (signal: AbortSignal, tick: () => void) => Promise<Result>,
  { isBusy, signal }: { readonly isBusy: () => boolean; readonly signal: AbortSignal },
): Promise<{ readonly result: Result } | undefined> => {
  if (isBusy()) return undefined;
  const giveWay = new AbortController();
  try {
    const result = await act(AbortSignal.any([signal, giveWay.signal]), () => {
      if (isBusy()) giveWay.abort();
    });
    return { result };
  } catch (error) {
    if (isAbort(error) && giveWay.signal.aborted && !signal.aborted) return undefined;
    throw error;
  }
};
