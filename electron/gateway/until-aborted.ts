import { whenAborted } from './when-aborted.ts';

/**
 * The value of `promise`, unless `signal` aborts first: then it rejects with the signal's reason. Listens only while it
 * waits.
 */
export const untilAborted = async <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> => {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  using _stop = whenAborted(signal, () => reject(signal.reason));
  return await Promise.race([promise, aborted]);
};
