import type { Clock } from '../../platform/ports.ts';

/** Twenty updates a second are smooth. */
const progressEveryMs = 50;
/** A second load that is weighed meanwhile is off by what comes in that time. */
const memoryEveryMs = 100;

interface Options<Loaded> {
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  readonly residentBytes: () => number;
  readonly load: (onProgress: (fraction: number) => void) => Promise<Loaded>;
  readonly tell: (fraction: number, residentBytes: number) => void;
}

/**
 * Loads, and tells how far the weights are and what the process has resident; the memory also while there is no progress
 * to tell, because the context is taken after the last weight.
 */
export const tellLoading = async <Loaded>(options: Options<Loaded>): Promise<Loaded> => {
  const { clock, residentBytes, load } = options;
  const ended = new AbortController();
  let toldMs = 0;
  let reached = 0;
  const tell = (nowMs: number): void => {
    toldMs = nowMs;
    options.tell(reached, residentBytes());
  };
  const tellMemory = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(memoryEveryMs, ended.signal);
      tell(clock.monotonicMs());
    }
  };
  // a sleep rejects only by the abort below, which has nothing to add
  void tellMemory().catch(() => undefined);
  try {
    return await load((fraction) => {
      const nowMs = clock.monotonicMs();
      reached = fraction;
      if (fraction >= 1 || nowMs - toldMs >= progressEveryMs) tell(nowMs);
    });
  } finally {
    ended.abort();
  }
};
