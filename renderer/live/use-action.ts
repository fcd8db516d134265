import { useState } from 'react';
import { useServices } from '../services-context.ts';
import { toProblem } from '../transport/problem.ts';

export interface Action<A extends readonly unknown[]> {
  readonly run: (...args: A) => void;
  readonly isRunning: boolean;
}

/**
 * Wraps an act of the user: shows that it runs, keeps a second press out, and puts a failure where the user sees it,
 * with "Try again" when that may help.
 */
export const useAction = <A extends readonly unknown[]>(act: (...args: A) => Promise<void>): Action<A> => {
  const { notices } = useServices();
  const [isRunning, setRunning] = useState(false);

  const run = (...args: A): void => {
    setRunning(true);
    act(...args)
      .catch((error: unknown) => {
        const problem = toProblem(error);
        notices.problem(problem, problem.isRetryable ? () => run(...args) : undefined);
      })
      .finally(() => setRunning(false));
  };

  return { run, isRunning };
};
