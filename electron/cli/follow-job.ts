import type { Job } from '../../shared/contract/common.ts';
import { AppError, fromPayload, readErrorPayload } from '../../shared/errors/app-error.ts';
import { fromContractError } from '../../shared/errors/from-contract.ts';
import { formatEta, formatFraction } from '../../shared/units/format.ts';
import { renderCellEnd } from './render/cell.ts';
import { renderStageEnd } from './render/load.ts';
import type { CommandContext } from './run-command.ts';

const progressOf = (job: Job): string => {
  const { state } = job;
  if (state.type !== 'running') return job.title;
  const share = state.fraction === null ? '' : `${formatFraction(state.fraction)}  `;
  const eta = state.etaMs === null ? '' : `  ${formatEta(state.etaMs)}`;
  return `${share}${state.note || job.title}${eta}`;
};

interface FollowedJob extends Pick<Job, 'id' | 'kind'> {
  /** The command that goes on with it after a stop; by default the one that resumes any job. */
  readonly resumeCommand?: string;
}

/** Stops the job at Ctrl-C: a download pauses, so that the same command goes on from what it has. */
const stopOnInterrupt = (
  { client, out, signal }: CommandContext,
  { id: jobId, kind }: FollowedJob,
): Disposable => {
  const stop = (): void => {
    out.note('Stopping…');
    const asked = kind === 'download' ? client.jobs.pause({ jobId }) : client.jobs.cancel({ jobId });
    asked.catch((error: unknown) => out.note(`Not stopped: ${fromContractError(error).message}`));
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', stop) };
};

/**
 * Shows a job's progress until it ends and gives its result id. Ctrl-C stops the job and waits for its end. Throws what
 * the job failed with, and `app.cancelled` with the command that goes on.
 * @param afterSeq number of an event before the job's start
 */
export const followJob = async (
  context: CommandContext,
  job: FollowedJob,
  afterSeq: number,
): Promise<string | null> => {
  const { client, out } = context;
  using _stop = stopOnInterrupt(context, job);
  for await (const { body } of await client.app.watch({ afterSeq })) {
    if (body.type === 'bench.noted') out.note(body.text);
    if (body.type === 'bench.cell-finished') out.note(renderCellEnd(body.cell));
    if (body.type === 'load.stage-changed' && body.stage.state !== 'running') {
      out.note(renderStageEnd(body.stage));
    }
    if (body.type !== 'job.changed' || body.job.id !== job.id) continue;
    const { state, title } = body.job;
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
        throw new AppError('app.cancelled', `${title}: ${state.type}.`, {
          hint: `Go on with ${job.resumeCommand ?? `dyno jobs resume ${job.id}`}.`,
        });
      default:
        state satisfies never;
    }
  }
  throw new AppError('app.host-gone', 'The host ended before the job did.', {
    hint: 'dyno jobs list shows what became of it.',
  });
};
