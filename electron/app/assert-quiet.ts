import { AppError } from '../../shared/errors/app-error.ts';
import type { JobRunner } from './jobs.ts';

/** @throws AppError `bench.busy` while something is measured: two measurements at a time would measure each other */
export const assertQuiet = (jobs: Pick<JobRunner, 'isRunning'>): void => {
  if (!(['bench', 'sweep', 'load'] as const).some((kind) => jobs.isRunning(kind))) return;
  throw new AppError('bench.busy', 'Another measurement is running.', {
    hint: 'Wait until it ends, or cancel it: two at a time would measure each other.',
  });
};
