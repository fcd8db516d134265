import { AppError } from '../../shared/errors/app-error.ts';
import { followJob } from './follow-job.ts';
import type { CommandContext } from './run-command.ts';

interface FollowedParts {
  readonly resultId: string | null;
  /** What the parts failed with that did; to be thrown once the others are shown, so that the exit code tells it. */
  readonly failure: AppError | undefined;
}

/** Follows a job as `followJob` does, and comes back with what there is where only parts of it failed. */
export const followParts = async (
  context: CommandContext,
  job: Parameters<typeof followJob>[1],
  afterSeq: number,
): Promise<FollowedParts> => {
  try {
    return { resultId: await followJob(context, job, afterSeq), failure: undefined };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'bench.partly-failed') throw error;
    return { resultId: null, failure: error };
  }
};

/** For the help of commands that measure several things. */
export const exitCodesText =
  '\n\nExit codes:\n  0 all was measured; 3 some parts failed: the rest is printed and kept, stderr says what is missing\n  and how to go on; else that of the error (docs/errors.md).';
