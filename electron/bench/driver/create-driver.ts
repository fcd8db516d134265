import { AppError, readErrorPayload, fromPayload } from '../../../shared/errors/app-error.ts';
import type { Processes, WorkerHandle } from '../../platform/ports.ts';
import {
  fromDriverSchema,
  type DriverTick,
  type ToDriver,
  type WindowResult,
  type WindowTask,
} from './messages.ts';

/** The load driver as the API ladder sees it. Disposing it ends the process. */
export interface Driver extends AsyncDisposable {
  /**
   * Sends one repetition and resolves with its samples. Requests that failed are samples with an error.
   * @throws AppError `app.cancelled` within 100 ms of an abort; `app.internal` when the driver process died
   */
  run(
    task: WindowTask,
    options: { readonly signal: AbortSignal; readonly onTick: (tick: DriverTick) => void },
  ): Promise<WindowResult>;
}

const died = (worker: WindowHandle): AppError =>
  new AppError('app.internal', 'The load driver process ended while it was measuring.', {
    details: { output: worker.outputTail().slice(-20) },
  });
type WindowHandle = Pick<WorkerHandle, 'outputTail'>;

const runOn = (
  worker: WorkerHandle,
  task: WindowTask,
  { signal, onTick }: Parameters<Driver['run']>[1],
): Promise<WindowResult> =>
  new Promise((resolve, reject) => {
    const send = (message: ToDriver): void => worker.send(message);
    const onAbort = () => {
      send({ type: 'abort', id: task.id });
      settle(() => reject(new AppError('app.cancelled', undefined, { cause: signal.reason })));
    };
    const subscription = worker.onMessage((raw) => {
      const message = fromDriverSchema.parse(raw);
      if (message.id !== task.id) return;
      switch (message.type) {
        case 'ticked':
          onTick(message.tick);
          break;
        case 'done':
          settle(() => resolve(message.result));
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
