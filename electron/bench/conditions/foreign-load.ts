import { isAbort } from '../../../shared/errors/app-error.ts';
import type { BenchPorts } from '../ports.ts';
import type { ForeignLoad } from './cell-conditions.ts';

/** A reading takes a second; between two the machine is left alone. */
const pauseMs = 1000;

/**
 * Watches what other programs take of the processor until disposed. Where the system does not tell, it ends at once.
 */
export const collectForeignLoad = ({
  clock,
  log,
  foreignCpuPercent,
}: Pick<BenchPorts, 'clock' | 'log' | 'foreignCpuPercent'>): AsyncDisposable & {
  loads(): readonly ForeignLoad[];
} => {
  const loads: ForeignLoad[] = [];
  const stop = new AbortController();
  const watch = async (): Promise<void> => {
    for (;;) {
      const percent = await foreignCpuPercent(stop.signal);
      if (percent === null) return;
      loads.push({ atMs: clock.monotonicMs(), percent });
      await clock.sleep(pauseMs, stop.signal);
    }
  };
  const ended = watch().catch((error: unknown) => {
    if (!isAbort(error)) log.warn('the load of other programs is not watched any more', { error });
  });
  return {
    loads: () => loads,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await ended;
    },
  };
};
