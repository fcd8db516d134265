import type { LoadSample } from '../../../shared/contract/load.ts';
import { AppError, fromPayload, readErrorPayload, toAppError } from '../../../shared/errors/app-error.ts';
import type { Processes, WorkerHandle } from '../../platform/ports.ts';
import {
  fromDriverSchema,
  type DriverTick,
  type ToDriver,
  type WindowEnd,
  type WindowTask,
} from './messages.ts';

export interface WindowResult extends WindowEnd {
  /** By index. */
  readonly samples: readonly LoadSample[];
}

interface RunOptions {
  readonly signal: AbortSignal;
  readonly onTick: (tick: DriverTick) => void;
  /** Samples as they come in, some at a time; all of them are in the result, too. */
  readonly onSamples?: (samples: readonly LoadSample[]) => void;
}

/** The load driver as its users see it. Disposing it ends the process. */
export interface Driver extends AsyncDisposable {
  /**
   * Sends one window of load and resolves with its samples. Requests that failed are samples with an error.
   * @throws AppError `app.cancelled` within 100 ms of an abort; `app.internal` when the driver process died
   */
  run(task: WindowTask, options: RunOptions): Promise<WindowResult>;
}

const died = (worker: WindowHandle): AppError =>
  new AppError('app.internal', 'The load driver process ended while it was measuring.', {
    details: { output: worker.outputTail().slice(-20) },
  });
type WindowHandle = Pick<WorkerHandle, 'outputTail'>;

const runOn = (
  worker: WorkerHandle,
  task: WindowTask,
  { signal, onTick, onSamples }: RunOptions,
): Promise<WindowResult> =>
  new Promise((resolve, reject) => {
    const samples: LoadSample[] = [];
    const send = (message: ToDriver): void => worker.send(message);
    const onAbort = () => {
      send({ type: 'abort', id: task.id });
      settle(() => reject(new AppError('app.cancelled', undefined, { cause: signal.reason })));
    };
    const receive = (raw: unknown): void => {
      const message = fromDriverSchema.parse(raw);
      if (message.id !== task.id) return;
      switch (message.type) {
        case 'ticked':
          onTick(message.tick);
          break;
        case 'sampled':
          samples.push(...message.samples);
          onSamples?.(message.samples);
          break;
        case 'done':
          settle(() => resolve({ ...message.end, samples: samples.sort((a, b) => a.index - b.index) }));
          break;
        case 'failed': {
          const payload = readErrorPayload(message.error);
          settle(() =>
            reject(payload ? fromPayload(payload) : new AppError('app.internal', message.error.message)),
          );
          break;
        }
        default:
          message satisfies never;
      }
    };
    const subscription = worker.onMessage((raw) => {
      try {
        receive(raw);
      } catch (error) {
        send({ type: 'abort', id: task.id });
        settle(() => reject(toAppError(error))); // what came in could not be kept: more of it helps nobody
      }
    });
    const settle = (act: () => void): void => {
      subscription[Symbol.dispose]();
      signal.removeEventListener('abort', onAbort);
      act();
    };
    void worker.exited.then(() => settle(() => reject(died(worker))));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else send({ type: 'run', task });
  });

/** Starts the driver process. */
export const createDriver = (processes: Processes): Driver => {
  const worker = processes.spawnWorker('driver', { label: 'dyno-driver' });
  return {
    run: (task, options) => runOn(worker, task, options),
    [Symbol.asyncDispose]: async () => {
      await worker.stop(500);
    },
  };
};
