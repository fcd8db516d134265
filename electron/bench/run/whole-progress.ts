import type { FactStore } from '../../platform/stores.ts';
import type { RunProgress } from './run-progress.ts';

/** Progress over the whole of a run: making its files, measuring, judging, weighed by their expected time. */
export interface WholeProgressMeter {
  /** The file at `index` of those to be made is done to `fraction`. */
  making(index: number, fraction: number): RunProgress;
  /** The files are there; `progress` is that of the measurements alone. */
  measuring(progress: RunProgress): RunProgress;
  /** The measurements are there; the quality of the files is judged to `fraction`. */
  judging(fraction: number): RunProgress;
  /** A phase ended: remembers its pace for the next run's weights. */
  remember(phase: 'making' | 'judging'): void;
}

interface Options {
  readonly facts: FactStore;
  readonly clock: { monotonicMs(): number };
  /** Files still to be made, and the bytes of the base that are read for each. */
  readonly files: number;
  readonly baseBytes: number;
  /** How long the measurements will take, `null` before the first run with this preset; 0 when nothing is measured. */
  readonly measureMs: number | null;
  /** Bytes of all files whose quality is judged, with the base; 0 when none is. */
  readonly judgedBytes: number;
}

const paceKeys = {
  making: 'bench/make-bytes-per-second',
  judging: 'bench/judge-bytes-per-second',
} as const;
/** Weights only, until this machine has done it once: two slow cores quantize an F16 file at about this pace. */
const assumedPace = { making: 100e6, judging: 1e6 } as const;
const assumedMeasureMs = 60_000;
const minimumShareForEta = 0.05;

/** Time left at the pace of `elapsedMs` for `done`, and what follows; `null` while too little is done. */
const etaOf = (done: number, elapsedMs: number, afterMs: number | null): number | null =>
  afterMs === null || done < minimumShareForEta ? null : (elapsedMs / done) * (1 - done) + afterMs;

export const createWholeProgress = (options: Options): WholeProgressMeter => {
  const { facts, clock, files, measureMs } = options;
  const bytes = { making: files * options.baseBytes, judging: options.judgedBytes } as const;
  const knownPace = (phase: keyof typeof paceKeys): number | null => {
    const known = facts.get(paceKeys[phase]);
    return typeof known === 'number' && known > 0 ? known : null;
  };
  const phaseMs = (phase: keyof typeof paceKeys): number =>
    (bytes[phase] * 1000) / (knownPace(phase) ?? assumedPace[phase]);
  /** `null`: nobody knows yet. */
  const judgeMs = bytes.judging === 0 || knownPace('judging') !== null ? phaseMs('judging') : null;

  const weights = {
    making: phaseMs('making'),
    measuring: measureMs ?? assumedMeasureMs,
    judging: phaseMs('judging'),
  };
  const totalMs = Math.max(1, weights.making + weights.measuring + weights.judging);
  const shareOf = { making: weights.making / totalMs, measuring: weights.measuring / totalMs };
  const measured = shareOf.making + shareOf.measuring;

  let phase: 'making' | 'measuring' | 'judging' = 'making';
  let phaseStartMs = clock.monotonicMs();
  const enter = (next: typeof phase): number => {
    if (phase !== next) {
      phase = next;
      phaseStartMs = clock.monotonicMs();
    }
    return clock.monotonicMs() - phaseStartMs;
  };
  const plus = (a: number | null, b: number | null): number | null =>
    a === null || b === null ? null : a + b;

  return {
    making: (index, fraction) => {
      const elapsedMs = enter('making');
      const done = (index + fraction) / files;
      return {
        fraction: shareOf.making * done,
        etaMs: etaOf(done, elapsedMs, plus(measureMs, judgeMs)),
      };
    },
    measuring: ({ fraction, etaMs }) => {
      enter('measuring');
      return { fraction: shareOf.making + shareOf.measuring * fraction, etaMs: plus(etaMs, judgeMs) };
    },
    judging: (fraction) => ({
      fraction: measured + (1 - measured) * fraction,
      etaMs: etaOf(fraction, enter('judging'), 0),
    }),
    remember: (ended) => {
      const seconds = (clock.monotonicMs() - phaseStartMs) / 1000;
      if (bytes[ended] > 0 && seconds > 0) facts.set(paceKeys[ended], bytes[ended] / seconds);
    },
  };
};
