import type { JobState } from '../../shared/contract/common.ts';
import type { Model } from '../../shared/contract/models.ts';
import {
  AppError,
  fromPayload,
  isAbort,
  readErrorPayload,
  toAppError,
} from '../../shared/errors/app-error.ts';
import type { EngineReplica } from '../engine/index.ts';
import { identifyModel, type ModelLibrary } from '../models/index.ts';
import type { Ports } from '../platform/ports.ts';
import type { Ledger } from './access/ledger.ts';
import type { JobRunner } from './jobs.ts';

/** A model, and the engine that has it loaded. */
export interface LoadedFile {
  readonly model: Pick<Model, 'id' | 'path' | 'sizeBytes'>;
  readonly replica: Pick<EngineReplica, 'fileId' | 'onChange'>;
}

interface Options {
  readonly ports: Pick<Ports, 'files' | 'log'>;
  readonly library: Pick<ModelLibrary, 'hash'>;
  readonly jobs: Pick<JobRunner, 'start' | 'cancel' | 'settled'>;
  readonly ledger: Pick<Ledger, 'addFile' | 'fileSha256'>;
}

/** Up to here a file is hashed before the server listens: a tenth of a second. What is larger is read behind it, as a job. */
const AT_ONCE_BYTES = 64 * 2 ** 20;

const isSmall = ({ sizeBytes }: LoadedFile['model']): boolean => sizeBytes <= AT_ONCE_BYTES;

const changed = ({ path }: LoadedFile['model']): AppError =>
  new AppError('models.changed', `${path} is not the file any more that was loaded.`, {
    hint: 'Start the server again, so that it answers with the file that is there now.',
  });

const failureOf = (told: Extract<JobState, { type: 'failed' }>['error']): AppError => {
  const payload = readErrorPayload(told);
  return payload === undefined ? new AppError('app.internal', told.message) : fromPayload(payload);
};

/** The hash as a job that can be seen and cancelled, and that gives way to measurements. */
const hashAsJob = async ({ jobs, ports }: Options, path: string, signal: AbortSignal): Promise<string> => {
  signal.throwIfAborted();
  const { id } = jobs.start('hash', { model: path, givesWay: true });
  const cancel = (): void => {
    jobs
      .cancel(id)
      .catch((error: unknown) => ports.log.warn('a hash was not cancelled', { jobId: id, error }));
  };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const { state } = await jobs.settled(id);
    switch (state.type) {
      case 'done':
        if (state.resultId !== null) return state.resultId;
        throw new AppError('app.internal', 'A hash ended without one.');
      case 'failed':
        throw failureOf(state.error);
      case 'queued':
      case 'running':
      case 'paused':
      case 'cancelled':
      case 'interrupted':
        throw new AppError('app.cancelled', 'The hash was not finished.');
      default:
        return state satisfies never;
    }
  } finally {
    signal.removeEventListener('abort', cancel);
  }
};

/**
 * Sees to it that the ledger knows the SHA-256 of each content that `loaded` answer with, also of one that a restart
 * after a crash finds in place of the first. Resolves once those of small files are told; large ones are read one after
 * the other. A hash that cannot be had is logged, and tried again at the next load: a server is worth more than a hash.
 * Disposing it ends what is read.
 * @param starting aborts what this waits for
 */
export const watchServedFiles = async (
  options: Options,
  loaded: readonly LoadedFile[],
  starting: AbortSignal,
): Promise<AsyncDisposable> => {
  const { ports, library, ledger } = options;
  const stop = new AbortController();
  const watches = new DisposableStack();
  /** Contents whose hash is told, or on the way. */
  const seen = new Set<string>();
  let last: Promise<void> = Promise.resolve();

  const tell = async ({ model }: LoadedFile, fileId: string, signal: AbortSignal): Promise<void> => {
    const sha256 = isSmall(model)
      ? await library.hash(model.path, { signal })
      : await hashAsJob(options, model.path, signal);
    if ((await identifyModel(ports.files, model.path)) !== fileId) throw changed(model);
    ledger.addFile({ fileId, sha256 });
  };
  /** After those before; resolves when it is told, or cannot be. */
  const see = (file: LoadedFile, signal: AbortSignal): Promise<void> => {
    const fileId = file.replica.fileId();
    if (fileId === null || seen.has(fileId)) return last;
    seen.add(fileId);
    last = last
      .then(() => (ledger.fileSha256(fileId) === undefined ? tell(file, fileId, signal) : undefined))
      .catch((error: unknown) => {
        seen.delete(fileId);
        if (signal.aborted && isAbort(error)) return;
        const { id: modelId } = file.model;
        ports.log.warn('the ledger has no hash of a model file', { modelId, error: toAppError(error) });
      });
    return last;
  };

  for (const file of loaded) {
    watches.use(
      file.replica.onChange(({ state }) => {
        if (state.type === 'ready') void see(file, stop.signal);
      }),
    );
  }
  const { small = [], large = [] } = Object.groupBy(loaded, ({ model }) =>
    isSmall(model) ? 'small' : 'large',
  );
  await Promise.all(small.map((file) => see(file, AbortSignal.any([starting, stop.signal]))));
  for (const file of large) void see(file, stop.signal);
  return {
    [Symbol.asyncDispose]: async () => {
      watches.dispose();
      stop.abort();
      await last;
    },
  };
};
