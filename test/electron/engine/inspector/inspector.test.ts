import { describe, expect, test } from 'vitest';
import { createInspector } from '../../../../electron/engine/inspector/create-inspector.ts';
import { engineSettingsSchema } from '../../../../shared/contract/models.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createFakeFiles } from '../../../support/fake-files.ts';
import { createFakeLog } from '../../../support/fake-log.ts';
import { createFakeProcesses, type FakeWorker } from '../../../support/fake-processes.ts';

const settings = engineSettingsSchema.parse({});
const never = new AbortController().signal;
const task = { sourcePath: '/m.gguf', targetPath: '/t.part', ftype: 15, threads: 2, allowRequantize: false };
const onProgress = () => undefined;

const open = (child: (worker: FakeWorker) => void) => {
  const processes = createFakeProcesses({ workers: { inspector: child } });
  const clock = createFakeClock();
  const files = createFakeFiles({ '/m.gguf': 'GGUF' });
  const inspector = createInspector({ processes, clock, files, log: createFakeLog() });
  return { inspector, processes, clock };
};
/** A child that says `ready` once the host listens, and answers every task by `replies`. */
const answering =
  (...replies: readonly unknown[]) =>
  (worker: FakeWorker) => {
    worker.onSent(() => {
      for (const reply of replies) worker.emit(reply);
    });
    queueMicrotask(() => worker.emit({ type: 'ready' }));
  };
const dying =
  (line: string, exit: { readonly signal?: string; readonly code?: number }) => (worker: FakeWorker) => {
    worker.print('some chatter');
    worker.print(line);
    queueMicrotask(() => worker.exit(exit));
  };
const failing = async (promise: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await promise.catch((caught: unknown) => caught);
  if (error instanceof AppError) return error;
  throw new Error('expected an AppError', { cause: error });
};

describe('createInspector', () => {
  test('sends the task once the child is ready, passes progress on and ends the child', async () => {
    const { inspector, processes } = open(
      answering({ type: 'progress', fraction: 0.5, note: 'Tensor 2' }, { type: 'done', result: null }),
    );
    const seen: unknown[] = [];
    await inspector.quantize(task, { signal: never, onProgress: (progress) => seen.push(progress) });
    expect(seen).toEqual([{ fraction: 0.5, note: 'Tensor 2' }]);
    expect(processes.workers.map(({ sent, hasExited }) => ({ sent, hasExited }))).toEqual([
      { sent: [{ type: 'quantize', ...task }], hasExited: true },
    ]);
  });

  test('starts a child of its own for every call', async () => {
    const { inspector, processes } = open(answering({ type: 'done', result: [] }));
    await inspector.estimate('/m.gguf', settings, [256], never);
    await inspector.estimate('/m.gguf', settings, [512], never);
    expect(processes.workers).toHaveLength(2);
    expect(processes.workers[0]?.options.env).toEqual({ GGML_NO_BACKTRACE: '1' });
  });

  test('gives back the error the child reports, with hint and details', async () => {
    const error = {
      code: 'engine.load-failed',
      message: 'No.',
      hint: 'Inspect it.',
      details: { log: ['x'] },
    };
    const { inspector } = open(answering({ type: 'failed', error }));
    expect((await failing(inspector.estimate('/m.gguf', settings, [256], never))).toPayload()).toEqual(error);
  });

  test('turns a native abort into engine.crashed with the assertion and the log', async () => {
    const line = '/home/runner/llama.cpp/src/llama-model.cpp:123: GGML_ASSERT(n_head > 0) failed';
    const { inspector } = open(dying(line, { signal: 'SIGABRT' }));
    expect((await failing(inspector.estimate('/m.gguf', settings, [256], never))).toPayload()).toEqual({
      code: 'engine.crashed',
      message:
        'llama.cpp ended (SIGABRT) while it estimated the memory of /m.gguf: llama-model.cpp:123: GGML_ASSERT(n_head > 0) failed',
      hint: 'The file is probably damaged: download or convert it again.',
      details: { how: 'SIGABRT', log: ['some chatter', line] },
    });
  });

  test('names a crash by what was asked', async () => {
    const quantizing = open(dying('Segmentation fault', { code: 139 }));
    expect((await failing(quantizing.inspector.quantize(task, { signal: never, onProgress }))).code).toBe(
      'models.quantize-failed',
    );
    const probing = open(dying('vkCreateInstance failed', { code: 1 }));
    expect((await failing(probing.inspector.probe(never))).code).toBe('hardware.probe-failed');
  });

  test('a child that talks nonsense is a defect, not a crash of the host', async () => {
    const { inspector, processes } = open(answering({ type: 'nonsense' }));
    expect((await failing(inspector.probe(never))).code).toBe('app.internal');
    expect(processes.workers[0]?.hasExited).toBe(true);
  });

  test('ends the child on abort', async () => {
    const { inspector, processes } = open(() => undefined);
    const controller = new AbortController();
    const probing = failing(inspector.probe(controller.signal));
    controller.abort();
    expect((await probing).code).toBe('app.cancelled');
    expect(processes.workers[0]?.hasExited).toBe(true);
  });

  test('settles an abort before the killed child is gone, and tells when it is', async () => {
    const stops: (number | undefined)[] = [];
    const controller = new AbortController();
    const { inspector, processes } = open((worker) => {
      const stop: FakeWorker['stop'] = (graceMs) => {
        stops.push(graceMs);
        return worker.exited; // a loaded system is slow to bury it
      };
      Object.assign(worker, { stop });
      answering()(worker);
      worker.onSent(() => controller.abort());
    });
    const order: string[] = [];
    const whenGone = Promise.withResolvers<undefined>();
    const quantizing = inspector.quantize(task, {
      signal: controller.signal,
      onProgress,
      onAbandoned: (gone) =>
        void gone.then(() => {
          order.push('gone');
          whenGone.resolve(undefined);
        }),
    });
    expect((await failing(quantizing)).code).toBe('app.cancelled');
    order.push('settled');
    processes.workers[0]?.exit({ signal: 'SIGKILL' });
    await whenGone.promise;
    expect({ order, stops }).toEqual({ order: ['settled', 'gone'], stops: [0] });
  });

  test('starts no child when already aborted, nor for a file that is not there', async () => {
    const { inspector, processes } = open(() => undefined);
    expect((await failing(inspector.probe(AbortSignal.abort()))).code).toBe('app.cancelled');
    expect((await failing(inspector.estimate('/none.gguf', settings, [256], never))).code).toBe(
      'files.not-found',
    );
    expect(processes.workers).toEqual([]);
  });

  test('does not wait for ever for a driver that hangs', async () => {
    const { inspector, processes, clock } = open(() => undefined);
    const error = await clock.runUntil(failing(inspector.probe(never)));
    expect(error.message).toContain('no answer in 60 s');
    expect(processes.workers[0]?.hasExited).toBe(true);
    expect(clock.pendingTimers()).toBe(0);
  });
});
