import type { Clock } from '../../platform/ports.ts';
import { withinLimit, type ThreadChoice } from '../thread-policy.ts';
import { startWatchdog, watchStep } from './watchdog.ts';

/** Anything whose threads can be set. */
interface Threaded {
  setThreads(threads: number): void;
}

/** Decides the threads of every step: the measured choice, within the shared limit, lowered by the watchdog. */
export interface ThreadControl {
  beforeDecode(engine: Threaded): void;
  beforePrefill(engine: Threaded): void;
  /** Feeds the watchdog with a decode step's time. */
  afterDecode(sequences: number, stepMs: number): void;
  setLimit(limit: number): void;
  /** In force now. */
  current(): ThreadChoice;
}

interface ThreadControlOptions {
  readonly clock: Clock;
  readonly choice: ThreadChoice;
  readonly limit: number;
  readonly onChanged: (threads: number, reason: string) => void;
}

export const createThreadControl = ({
  clock,
  choice,
  limit,
  onChanged,
}: ThreadControlOptions): ThreadControl => {
  let wanted = withinLimit(choice, limit);
  let watchdog = startWatchdog(wanted.decode);
  const current = (): ThreadChoice => {
    const isLowered = watchdog.threads < wanted.decode;
    return isLowered ? withinLimit(wanted, watchdog.threads) : wanted;
  };
  return {
    beforeDecode: (engine) => engine.setThreads(current().decode),
    beforePrefill: (engine) => engine.setThreads(current().prefill),
    afterDecode: (sequences, stepMs) => {
      const before = watchdog.threads;
      watchdog = watchStep(watchdog, { sequences, stepMs, nowMs: clock.monotonicMs() });
      if (watchdog.threads === before) return;
      onChanged(
        watchdog.threads,
        watchdog.threads < before
          ? 'Other programs use the cores: steps took over five times their median.'
          : 'Trying more threads again.',
      );
    },
    setLimit: (next) => {
      const before = wanted;
      wanted = withinLimit(choice, next);
      // the host tells the limit at every start of work: what the watchdog learned stays while it is the same
      if (wanted.decode !== before.decode) watchdog = startWatchdog(wanted.decode);
    },
    current,
  };
};
