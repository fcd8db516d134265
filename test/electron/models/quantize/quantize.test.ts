import { describe, expect, test } from 'vitest';
import { quantizeModel, type QuantizeProgressReport } from '../../../../electron/models/quantize.ts';
import { removeStaleParts } from '../../../../electron/models/stale-parts.ts';
import type { ModelDetails, QuantizeInput } from '../../../../shared/contract/models.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createFakeFiles } from '../../../support/fake-files.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { createFakeQuantizer } from '../../../support/fake-inspector.ts';
import { createFakeLog } from '../../../support/fake-log.ts';
import { createFakeRandom } from '../../../support/fake-random.ts';
import { createModelDetails } from '../../../support/model-details.ts';

const target = '/data/models/llama-1b-Q4_K_M.gguf';
const never = new AbortController().signal;

interface Setup {
  readonly source?: Partial<ModelDetails>;
  readonly input?: Partial<QuantizeInput>;
  readonly error?: AppError;
  readonly signal?: AbortSignal;
  readonly freeBytes?: number;
  readonly disk?: Readonly<Record<string, string>>;
  readonly validate?: (path: string) => Promise<unknown>;
}

const setUp = ({ source, input, error, signal, freeBytes, disk, validate }: Setup = {}) => {
  const clock = createFakeClock();
  const files = createFakeFiles(disk ?? {}, {
    ...(freeBytes !== undefined && { freeBytes }),
    nowMs: clock.nowMs,
  });
  const inspector = createFakeQuantizer({
    files,
    ...(error && { error }),
    onStep: () => clock.advance(1000),
  });
  const reports: QuantizeProgressReport[] = [];
  const tidying: Promise<unknown>[] = [];
  const run = () =>
    quantizeModel(
      {
        files,
        clock,
        inspector,
        random: createFakeRandom(),
        log: createFakeLog(),
        host: createFakeHost({ availableParallelism: () => 6 }),
        folders: { data: '/data', models: '/data/models', resources: '/resources' },
        validate: validate ?? (() => Promise.resolve()),
        tidyUp: (work) => void tidying.push(work),
      },
      {
        source: createModelDetails(source),
        input: { model: 'llama-1b-f16', type: 'q4_k_m', ...input },
      },
      { signal: signal ?? never, onProgress: (report) => reports.push(report) },
    );
  return {
    run,
    files,
    clock,
    inspector,
    reports,
    tidied: () => Promise.all(tidying),
    onDisk: () => Object.keys(files.texts()),
  };
};
const failing = async (promise: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await promise.catch((caught: unknown) => caught);
  if (error instanceof AppError) return error;
  throw new Error('expected an AppError', { cause: error });
};

describe('quantizeModel', () => {
  test('makes <base>-<TYPE>.gguf in the models folder, under another name until it is complete', async () => {
    const { run, inspector, onDisk } = setUp();
    expect(await run()).toEqual({ path: target });
    expect(onDisk()).toEqual([target]);
    expect(inspector.tasks).toEqual([
      {
        sourcePath: '/models/llama-1b-f16.gguf',
        targetPath: `${target}.quantizing-q_1.part`,
        ftype: 15,
        threads: 6,
        allowRequantize: false,
      },
    ]);
  });

  test('tells the time left from the speed so far', async () => {
    const { run, reports } = setUp();
    await run();
    expect(reports.map(({ fraction, etaMs }) => [fraction, etaMs])).toEqual([
      [0, null],
      [0.25, 6000],
      [0.5, 3000],
      [0.75, 1333],
    ]);
  });

  test('takes target, threads and leave to requantize from the input', async () => {
    const { run, inspector } = setUp({
      source: { tensorTypes: { Q8_0: 66, F32: 16 }, quantization: 'Q8_0' },
      input: { out: '/out/mine.gguf', threads: 2, allowRequantize: true },
    });
    expect(await run()).toEqual({ path: '/out/mine.gguf' });
    expect(inspector.tasks[0]).toMatchObject({ threads: 2, allowRequantize: true });
  });

  test('refuses to lose quality twice unless told to', async () => {
    const { run, inspector } = setUp({
      source: { tensorTypes: { Q8_0: 66, F32: 16 }, quantization: 'Q8_0' },
    });
    expect((await failing(run())).toPayload()).toMatchObject({
      code: 'models.quantize-failed',
      hint: 'Start from the F16, BF16 or F32 file, or allow requantizing (--allow-requantize).',
      details: { param: 'allowRequantize', tensorTypes: ['Q8_0'] },
    });
    expect(inspector.tasks).toEqual([]);
  });

  test('refuses types that need an importance matrix, and names that are no type', async () => {
    expect((await failing(setUp({ input: { type: 'IQ2_XS' } }).run())).message).toBe(
      'IQ2_XS needs an importance matrix.',
    );
    expect((await failing(setUp({ input: { type: 'Q9' } }).run())).code).toBe('app.bad-input');
  });

  test('keeps a file that is already there unless told to overwrite it', async () => {
    const disk = { [target]: 'old' };
    const kept = setUp({ disk });
    expect((await failing(kept.run())).code).toBe('models.exists');
    expect(kept.files.texts()).toEqual(disk);
    const overwritten = setUp({ disk, input: { overwrite: true } });
    await overwritten.run();
    expect(overwritten.files.texts()).toEqual({ [target]: 'GGUFGGUFGGUFGGUF' });
  });

  test('never takes the source for the target', async () => {
    const { run } = setUp({ input: { out: '/models/llama-1b-f16.gguf', overwrite: true } });
    expect((await failing(run())).code).toBe('app.bad-input');
  });

  test('refuses when the disk is too small, naming both numbers', async () => {
    const error = await failing(setUp({ freeBytes: 100_000_000 }).run());
    expect(error).toMatchObject({ code: 'storage.disk-full', details: { freeBytes: 100_000_000 } });
    expect(error.message).toMatch(
      /takes about 0\.\d+ GiB and 0\.0625 GiB must stay free; 0\.0931 GiB are free in \/data\/models\./,
    );
  });

  test.each([
    [
      'a failure',
      { error: new AppError('models.quantize-failed', 'llama.cpp refused') },
      'models.quantize-failed',
    ],
    ['a crash', { error: new AppError('engine.crashed') }, 'engine.crashed'],
    [
      'a result that is no model',
      { validate: () => Promise.reject(new AppError('models.truncated')) },
      'models.truncated',
    ],
    ['an abort', { signal: AbortSignal.abort() }, 'app.cancelled'],
  ] as const)('leaves nothing after %s, and an older target as it was', async (_name, setup, code) => {
    const { run, files, tidied } = setUp({ ...setup, disk: { [target]: 'old' }, input: { overwrite: true } });
    expect((await failing(run())).code).toBe(code);
    await tidied();
    expect(files.texts()).toEqual({ [target]: 'old' });
  });

  test('answers an abort at once, and removes what was written when the child is gone', async () => {
    const { run, inspector, tidied, onDisk } = setUp({ signal: AbortSignal.abort() });
    const child = Promise.withResolvers<undefined>();
    const { quantize } = inspector;
    Object.assign(inspector, {
      quantize: (...[task, options]: Parameters<typeof quantize>) => {
        options.onAbandoned?.(child.promise);
        return quantize(task, options);
      },
    });
    expect((await failing(run())).code).toBe('app.cancelled');
    expect(onDisk()).toEqual([`${target}.quantizing-q_1.part`]);
    child.resolve(undefined);
    await tidied();
    expect(onDisk()).toEqual([]);
  });

  test('says that the disk filled up when the write failed for that', async () => {
    const error = new AppError(
      'models.quantize-failed',
      'llama.cpp refused: basic_ios::clear: iostream error',
    );
    const { run, files, inspector } = setUp({ error });
    const quantize = inspector.quantize;
    Object.assign(inspector, {
      quantize: (...args: Parameters<typeof quantize>) => {
        files.setFreeBytes(1000);
        return quantize(...args);
      },
    });
    expect((await failing(run())).code).toBe('storage.disk-full');
  });

  test('does not show a broken source to native code', async () => {
    const { run, inspector } = setUp({
      source: { problem: { code: 'models.bad-header', message: 'Unsafe.' } },
    });
    expect((await failing(run())).message).toBe('Unsafe.');
    expect(inspector.tasks).toEqual([]);
  });
});

describe('removeStaleParts', () => {
  test('removes parts nobody has written to for a quarter of an hour, and nothing else', async () => {
    const clock = createFakeClock();
    const files = createFakeFiles(
      { '/m/a.gguf': 'model', '/m/b.gguf.part': 'download' },
      { nowMs: clock.nowMs },
    );
    files.put('/m/old.gguf.quantizing-q_1.part', 'x');
    await clock.advance(14 * 60_000);
    files.put('/m/new.gguf.quantizing-q_2.part', 'x');
    await clock.advance(60_000);
    expect(await removeStaleParts({ files, clock }, '/m')).toEqual(['/m/old.gguf.quantizing-q_1.part']);
    expect(Object.keys(files.texts())).toEqual([
      '/m/a.gguf',
      '/m/b.gguf.part',
      '/m/new.gguf.quantizing-q_2.part',
    ]);
    expect(await removeStaleParts({ files, clock }, '/not/there')).toEqual([]);
  });
});
