import { useState } from 'react';
import { fieldProblems, type FormRead } from '../transport/field-problems.ts';
import { toProblem, type Problem } from '../transport/problem.ts';

export interface Form {
  /** Does the act where the form can be read; else says from then on what is wrong with each field. */
  readonly submit: () => void;
  readonly isRunning: boolean;
  /** Why the last try failed, where no field is to blame. */
  readonly problem: Problem | null;
  /** What is wrong with each field, by its path; nothing of the form's own before the first try. */
  readonly fields: Readonly<Record<string, string>>;
}

type Failure = Pick<Form, 'problem' | 'fields'>;
const noFailure: Failure = { problem: null, fields: {} };

/** The act of a form: a failure stays in the form, beside the field where one is to blame. */
export const useForm = <Input>(read: FormRead<Input>, act: (input: Input) => Promise<void>): Form => {
  const [hasTried, setTried] = useState(false);
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState(noFailure);
  const submit = (): void => {
    setTried(true);
    if (read.type === 'problems') return;
    setRunning(true);
    act(read.input)
      .then(
        () => setFailure(noFailure),
        (error: unknown) => {
          const fields = fieldProblems(error);
          setFailure({ problem: Object.keys(fields).length === 0 ? toProblem(error) : null, fields });
        },
      )
      .finally(() => setRunning(false));
  };
  const own = hasTried && read.type === 'problems' ? read.fields : {};
  return { submit, isRunning, problem: failure.problem, fields: { ...failure.fields, ...own } };
};
