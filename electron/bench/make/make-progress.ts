import type { FactStore } from '../../platform/stores.ts';
import type { RunProgress } from '../run-progress.ts';

/** Progress over the whole of a run that makes its files first: making and measuring, weighed by their expected time. */
export interface MakeProgressMeter {
  /** The file at `index` of those to be made is done to `fraction`. */
  making(index: number, fraction: number): RunProgress;
  /** The files are there; `progress` is that of the measurements alone. */
  measuring(progress: RunProgress): RunProgress;
  /** Remembers the pace for the next run's weights. */
  remember(): void;
}

interface Options {
  readonly facts: FactStore;
  readonly clock: { monotonicMs(): number };
  /** Files still to be made, and the bytes of the base that are read for each. */
  readonly files: number;
  readonly baseBytes: number;
  /** How long the measurements will take, `null` before the first run with this preset. */
  readonly measureMs: number | null;
}

const paceKey = 'bench/make-bytes-per-second';
/** Weights only, until this machine has made a file: two slow cores quantize about this much of an F16 file. */
const assumedBytesPerSecond = 100e6;
const assumedMeasureMs = 60_000;
const minimumShareForEta = 0.05;

export const createMakeProgress = (options: Options): MakeProgressMeter => {
  const { facts, clock, files, baseBytes, measureMs } = options;
  const known = facts.get(paceKey);
  const bytesPerSecond = typeof known === 'number' && known > 0 ? known : assumedBytesPerSecond;
  const makeMs = (files * baseBytes * 1000) / bytesPerSecond;
  const makeShare = makeMs === 0 ? 0 : makeMs / (makeMs + (measureMs ?? assumedMeasureMs));
  const startMs = clock.monotonicMs();
  return {
    making: (index, fraction) => {
      const done = (index + fraction) / files;
      const elapsedMs = clock.monotonicMs() - startMs;
      return {
        fraction: makeShare * done,
        etaMs:
          measureMs === null || done < minimumShareForEta
            ? null
            : (elapsedMs / done) * (1 - done) + measureMs,
      };
    },
    measuring: ({ fraction, etaMs }) => ({ fraction: makeShare + (1 - makeShare) * fraction, etaMs }),
    remember: () => {
      const seconds = (clock.monotonicMs() - startMs) / 1000;
      if (files > 0 && seconds > 0) facts.set(paceKey, (files * baseBytes) / seconds);
    },
  };
};
