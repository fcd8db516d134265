import type { LoadSample } from '../../../shared/contract/load.ts';
import type { Clock } from '../../platform/ports.ts';
import type { DriverTick } from './messages.ts';

const tickMs = 250;

export interface WindowRecorder extends Disposable {
  opened(): void;
  closed(sample: LoadSample): void;
  countTokens(count: number): void;
  /** A request that was never sent. */
  note(sample: LoadSample): void;
  /** Tells what is held back. */
  flush(): void;
}

interface Listeners {
  readonly onTick: (tick: DriverTick) => void;
  readonly onSamples: (samples: readonly LoadSample[]) => void;
}

/** Collects what happens in a window and tells it four times a second, so that telling does not delay stamps. */
export const createWindowRecorder = (clock: Clock, { onTick, onSamples }: Listeners): WindowRecorder => {
  let tokens = 0;
  let inFlight = 0;
  let ttftsMs: number[] = [];
  let samples: LoadSample[] = [];
  let lastMs = clock.monotonicMs();
  const flush = (): void => {
    if (samples.length > 0) onSamples(samples);
    samples = [];
  };
  const timer = clock.every(tickMs, () => {
    const atMs = clock.monotonicMs();
    onTick({ atMs, tokens, spanMs: atMs - lastMs, ttftsMs, inFlight });
    tokens = 0;
    ttftsMs = [];
    lastMs = atMs;
    flush();
  });
  return {
    opened: () => {
      inFlight += 1;
    },
    closed: (sample) => {
      inFlight -= 1;
      if (sample.firstTokenMs !== null) ttftsMs.push(sample.firstTokenMs);
      samples.push(sample);
    },
    note: (sample) => void samples.push(sample),
    countTokens: (count) => {
      tokens += count;
    },
    flush,
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  };
};
