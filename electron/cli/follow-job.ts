import type { Job } from '../../shared/contract/common.ts';
import { AppError, readErrorPayload, fromPayload } from '../../shared/errors/app-error.ts';
import { formatEta, formatFraction } from '../../shared/units/format.ts';
import type { CommandContext } from './run-command.ts';

const progressOf = (job: Job): string => {
  const { state } = job;
  if (state.type !== 'running') return job.title;
  const share = state.fraction === null ? '' : `${formatFraction(state.fraction)}  `;
  const eta = state.etaMs === null ? '' : `  ${formatEta(state.etaMs)}`;
  return `${share}${state.note || job.title}${eta}`;
};

/**
 * Shows a job's progress until it ends and gives its result id. Ctrl-C cancels (or pauses) the job and waits for its
 * end. Throws what the job failed with.
 */
export const followJob = async (
  { client, out, signal }: CommandContext,
  jobId: string,
  afterSeq: number,
  onInterrupt: 'cancel' | 'pause' = 'cancel',
): Promise<string | null> => {
  const cancel = (): void => {
    out.note('Stopping…');
    // a stopped download keeps what it has, so that the same command goes on from there
    void (onInterrupt === 'pause' ? client.jobs.pause({ jobId }) : client.jobs.cancel({ jobId }));
  };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    for await (const { body } of await client.app.watch({ afterSeq })) {
      if (body.type === 'bench.noted') out.note(body.text);
      if (body.type !== 'job.changed' || body.job.id !== jobId) continue;
      const { state } = body.job;
      switch (state.type) {
        case 'queued':
        case 'running':
          out.progress(progressOf(body.job));
          break;
        case 'done':
          out.clearProgress();
          return state.resultId;
        case 'failed':
          throw fromPayload(
            readErrorPayload(state.error) ?? { code: 'app.internal', message: state.error.message },
          );
        case 'paused':
        case 'interrupted':
        case 'cancelled':
          throw new AppError('app.cancelled', `${body.job.title}: ${state.type}.`);
        default:
          state satisfies never;
      }
    }
    throw new AppError('app.internal', 'The host ended before the job did.', {
      hint: 'dyno jobs list shows what became of it.',
    });
  } finally {
    signal.removeEventListener('abort', cancel);
  }
};
