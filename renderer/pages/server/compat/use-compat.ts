import { useEffect, useReducer, useRef } from 'react';
import type { CompatInput } from '../../../../shared/contract/compat.ts';
import { useServices } from '../../../services-context.ts';
import { toProblem } from '../../../transport/problem.ts';
import { idleCompat, reduceCompat, type CompatState } from './compat-state.ts';

interface Compat {
  readonly state: CompatState;
  /** `input` may have to be made first: the owner's own key is asked of the host. */
  readonly start: (input: () => Promise<CompatInput>) => void;
  readonly stop: () => void;
}

/** The checks of one server, as they come. Leaving the page or pressing stop ends them. */
export const useCompat = (): Compat => {
  const { client } = useServices();
  const [state, dispatch] = useReducer(reduceCompat, idleCompat);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const run = async (input: () => Promise<CompatInput>): Promise<void> => {
    const abort = new AbortController();
    running.current = abort;
    try {
      const events = await client.compat.run(await input(), { signal: abort.signal });
      for await (const event of events) dispatch({ type: 'received', event });
      dispatch({ type: 'ended' });
    } catch (error) {
      if (abort.signal.aborted) dispatch({ type: 'stopped' });
      else dispatch({ type: 'failed', problem: toProblem(error) });
    }
  };

  return {
    state,
    start: (input) => {
      dispatch({ type: 'asked' });
      void run(input);
    },
    stop: () => running.current?.abort(),
  };
};
