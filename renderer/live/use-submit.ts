import { useState } from 'react';
import { fieldProblems } from '../transport/field-problems.ts';
import { toProblem, type Problem } from '../transport/problem.ts';

export interface Submit {
  readonly run: () => void;
  readonly isRunning: boolean;
  /** Why the last try failed, where no field is to blame. */
  readonly problem: Problem | null;
  /** What was wrong with each field, by its path. */
  readonly fields: Readonly<Record<string, string>>;
}

/** The act of a form: a failure stays in the form, beside the field where one is to blame. */
export const useSubmit = (act: () => Promise<void>): Submit => {
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState<Pick<Submit, 'problem' | 'fields'>>({ problem: null, fields: {} });
  const run = (): void => {
    setRunning(true);
    act()
      .then(
        () => setFailure({ problem: null, fields: {} }),
        (error: unknown) => {
          const fields = fieldProblems(error);
          setFailure({ problem: Object.keys(fields).length === 0 ? toProblem(error) : null, fields });
        },
      )
      .finally(() => setRunning(false));
  };
  return { run, isRunning, ...failure };
};
