import { AppError, readErrorPayload, fromPayload, toAppError } from '../../../shared/errors/app-error.ts';
import type { Ports, WorkerExit, WorkerHandle } from '../../platform/ports.ts';
import { inspectorReplySchema, type InspectorTask } from './protocol.ts';

/** How a child ended its one task. */
type Outcome =
  | { readonly type: 'done'; readonly result: unknown }
  | { readonly type: 'failed'; readonly error: AppError }
  | { readonly type: 'exited'; readonly exit: WorkerExit }
  | { readonly type: 'aborted' }
  | { readonly type: 'timed-out' };

/** The child died or hung before it answered. `tail` are its last output lines, llama.cpp's assertion among them. */
export interface NativeCrash {
  readonly how: string;
  readonly tail: readonly string[];
}

interface RunOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: { readonly fraction: number; readonly note: string }) => void;
  readonly onPart?: (part: unknown) => void;
  /** A hanging driver or a pathological file must not hang the caller. */
  readonly timeoutMs: number;
  readonly toError: (crash: NativeCrash) => AppError;
  /** At an abort: resolves once the child, which is killed at once, is gone. */
  readonly onAbandoned?: ((gone: Promise<unknown>) => void) | undefined;
}

/** SIGTERM reaches a child that sits in native code; it is forced after this. */
const stopGraceMs = 50;

/** GGML_NO_BACKTRACE: an abort would otherwise start a debugger where one is installed, and take seconds. */
const childEnv = { GGML_NO_BACKTRACE: '1' } as const;

const reasonLine = /GGML_ASSERT|assert|terminate called|failed|error|abort/i;

/** `/home/runner/…/src/llama-model.cpp:1260: ` → `llama-model.cpp:1260: `: the build machine's folders tell nobody anything. */
const withoutFolders = (line: string): string => line.replace(/\S*[\\/]([^\\/\s]+:\d+: )/, '$1');

/** The line of the log that most likely says why, the last one that speaks of a failure. */
export const reasonOf = (tail: readonly string[]): string | undefined => {
  const line = tail.findLast((candidate) => reasonLine.test(candidate));
  return line === undefined ? undefined : withoutFolders(line.trim());
};

const describeExit = ({ code, signal }: WorkerExit): string => signal ?? `exit code ${code ?? 'unknown'}`;

const outcomeOf = (
  child: WorkerHandle,
  task: InspectorTask,
  options: RunOptions,
  over: AbortSignal,
): Promise<Outcome> =>
  new Promise((resolve) => {
    options.signal.addEventListener('abort', () => resolve({ type: 'aborted' }), {
      once: true,
      signal: over,
    });
    // what a listener throws (a full disk) ends the task as the child's own failure does
    const takePart = (part: unknown): void => {
      try {
        options.onPart?.(part);
      } catch (error) {
        resolve({ type: 'failed', error: toAppError(error) });
      }
    };
    void child.exited.then((exit) => resolve({ type: 'exited', exit }));
    child.onMessage((message) => {
      const parsed = inspectorReplySchema.safeParse(message);
      if (!parsed.success) {
        const error = new AppError('app.internal', 'The inspector sent a message of no known form.', {
          cause: parsed.error,
        });
        resolve({ type: 'failed', error });
        return;
      }
      const reply = parsed.data;
      switch (reply.type) {
        case 'ready':
          child.send(task);
          break;
        case 'progress':
          options.onProgress?.({ fraction: reply.fraction, note: reply.note });
          break;
        case 'part':
          takePart(reply.part);
          break;
        case 'done':
          resolve({ type: 'done', result: reply.result });
          break;
        case 'failed': {
          const payload = readErrorPayload(reply.error);
          const error = payload === undefined ? new AppError('app.internal') : fromPayload(payload);
          resolve({ type: 'failed', error });
          break;
        }
        default:
          reply satisfies never;
      }
    });
  });

/**
 * Runs one task in a throw-away child and waits until the child is gone. Resolves with the unparsed result. An abort
 * settles it at once: a loaded system may take a while to bury the child (184 ms were seen).
 * @throws AppError what the child reported, `app.cancelled`, or `toError` of a crash
 */
export const runTask = async (
  { processes, clock }: Pick<Ports, 'processes' | 'clock'>,
  task: InspectorTask,
  options: RunOptions,
): Promise<unknown> => {
  if (options.signal.aborted) throw new AppError('app.cancelled');
  const child = processes.spawnWorker('inspector', { label: `inspector: ${task.type}`, env: childEnv });
  const watch = new AbortController();
  let isAbandoned = false;
  const timeout = clock.sleep(options.timeoutMs, watch.signal).then(
    (): Outcome => ({ type: 'timed-out' }),
    (): Outcome => ({ type: 'aborted' }), // the timer is dropped below, after the race is decided
  );
  try {
    const outcome = await Promise.race([outcomeOf(child, task, options, watch.signal), timeout]);
    switch (outcome.type) {
      case 'done':
        return outcome.result;
      case 'failed':
        throw outcome.error;
      case 'aborted':
        isAbandoned = true;
        throw new AppError('app.cancelled');
      case 'exited':
        throw options.toError({ how: describeExit(outcome.exit), tail: child.outputTail() });
      case 'timed-out':
        throw options.toError({
          how: `no answer in ${Math.round(options.timeoutMs / 1000)} s`,
          tail: child.outputTail(),
        });
      default:
        return outcome satisfies never;
    }
  } finally {
    watch.abort();
    const gone = child.stop(isAbandoned ? 0 : stopGraceMs);
    if (isAbandoned) options.onAbandoned?.(gone);
    else await gone;
  }
};
