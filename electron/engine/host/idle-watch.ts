import type { Clock } from '../../platform/ports.ts';
import type { EngineLoad } from '../protocol.ts';

/** A chat's next turn comes later than this; a program's next request sooner. */
const quietMs = 500;

/** Acts once the engine has had nothing to do for half a second; again only after it worked. */
export interface IdleWatch {
  /** The load after a step. */
  saw(load: Pick<EngineLoad, 'running' | 'queued'>): void;
}

export const createIdleWatch = (clock: Pick<Clock, 'sleep'>, act: () => Promise<void>): IdleWatch => {
  let waiting: AbortController | undefined;
  const waitAndAct = async (signal: AbortSignal): Promise<void> => {
    try {
      await clock.sleep(quietMs, signal);
    } catch {
      return; // work came
    }
    await act();
  };
  return {
    saw: ({ running, queued }) => {
      waiting?.abort();
      waiting = undefined;
      if (running + queued > 0) return;
      waiting = new AbortController();
      void waitAndAct(waiting.signal);
    },
  };
};
