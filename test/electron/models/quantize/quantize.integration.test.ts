import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { uint32 } from '../../../../electron/models/gguf/metadata.ts';
import { validateModel } from '../../../../electron/models/gguf/validate.ts';
import { quantTypes } from '../../../../electron/models/quant-types.ts';
import { estimateQuantizedBytes } from '../../../../electron/models/quantized-size.ts';
import { quantizeModel, type QuantizeProgressReport } from '../../../../electron/models/quantize.ts';
import { synthesizeModel } from '../../../../electron/models/synthesize.ts';
import { createNodeClock } from '../../../../electron/platform/node/clock.ts';
import { createNodeFiles } from '../../../../electron/platform/node/files.ts';
import { createNodeRandom } from '../../../../electron/platform/node/random.ts';
import type { QuantizeInput } from '../../../../shared/contract/models.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { createFakeLog } from '../../../support/fake-log.ts';
import { createRealInspector, demoModelPath, isAlive } from '../../../support/real-inspector.ts';
import { readDetails } from '../../../support/read-details.ts';

const files = createNodeFiles();
const { inspector, children } = createRealInspector();
const never = new AbortController().signal;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dyno-quantize-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Options {
  readonly sourcePath?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (report: QuantizeProgressReport) => void;
}

const tidying: Promise<unknown>[] = [];

const quantize = async (type: string, input: Partial<QuantizeInput> = {}, options: Options = {}) =>
  quantizeModel(
    {
      files,
      inspector,
      clock: createNodeClock(),
      random: createNodeRandom(),
      log: createFakeLog(),
      host: createFakeHost({ availableParallelism: () => 2 }),
      folders: { data: folder, models: folder, resources: folder },
      validate: (path) => validateModel(files, path),
      tidyUp: (work) => void tidying.push(work),
    },
    {
      source: await readDetails(options.sourcePath ?? demoModelPath),
      input: { model: 'demo', type, ...input },
    },
    { signal: options.signal ?? never, onProgress: options.onProgress ?? (() => undefined) },
  );
const failing = async (promise: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await promise.catch((caught: unknown) => caught);
  if (error instanceof AppError) return error;
  throw new Error('expected an AppError', { cause: error });
};

test.each(quantTypes.filter(({ needsImatrix }) => !needsImatrix))(
  'makes $name, a valid file of the announced type and about the estimated size',
  async (type) => {
    const { path } = await quantize(type.name);
    const { header } = await validateModel(files, path);
    expect(header.metadata.get('general.file_type')).toEqual({ type: 'uint32', value: type.ftype });
    const { size } = await stat(path);
    const estimate = estimateQuantizedBytes(await readDetails(demoModelPath), type);
    await rm(path);
    // a small model is the hard case: its embedding, which keeps more bits, is a fifth of it
    expect(estimate / size).toBeGreaterThan(0.92);
    expect(estimate / size).toBeLessThan(1.15);
  },
);

test.each(quantTypes.filter(({ needsImatrix }) => needsImatrix))(
  'llama.cpp itself refuses $name without an importance matrix',
  async (type) => {
    const task = {
      sourcePath: demoModelPath,
      targetPath: join(folder, 'x.part'),
      threads: 1,
      allowRequantize: false,
    };
    const error = await failing(
      inspector.quantize({ ...task, ftype: type.ftype }, { signal: never, onProgress: () => undefined }),
    );
    expect(error.code).toBe('models.quantize-failed');
    expect(error.message).toMatch(/imatrix|importance matrix/);
    await rm(task.targetPath, { force: true });
  },
);

test('tells progress by elements, rising to the end', async () => {
  const fractions: number[] = [];
  const { path } = await quantize('Q4_K_M', {}, { onProgress: ({ fraction }) => fractions.push(fraction) });
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  expect([fractions[0], fractions.at(-1)]).toEqual([0, 1]);
  expect(fractions.length).toBeGreaterThan(30);
  await rm(path);
});

test('makes one file of a split model', async () => {
  const { path: sourcePath, parts } = await synthesizeModel(files, {
    path: join(folder, 'split-F16.gguf'),
    shape: 'tiny',
    type: 'F16',
    parts: 3,
  });
  const { path } = await quantize('Q8_0', {}, { sourcePath });
  expect(path).toBe(join(folder, 'split-Q8_0.gguf'));
  expect((await validateModel(files, path)).parts).toEqual([path]);
  for (const file of [path, ...parts]) await rm(file);
});

test('cancelled midway, it ends the child and leaves nothing', async () => {
  const sourcePath = join(folder, 'large-F16.gguf');
  await synthesizeModel(files, { path: sourcePath, shape: 'tiny', type: 'F32' });
  const controller = new AbortController();
  const cancelled = quantize(
    'Q3_K_L',
    {},
    {
      sourcePath,
      signal: controller.signal,
      onProgress: ({ fraction }) => fraction > 0 && controller.abort(),
    },
  );
  expect((await failing(cancelled)).code).toBe('app.cancelled');
  await Promise.all(tidying);
  expect(children.filter(isAlive)).toEqual([]);
  expect(await readdir(folder)).toEqual(['large-F16.gguf']);
  await rm(sourcePath);
});

test('a file on which llama.cpp aborts is a typed error with the assertion, and the next call works', async () => {
  const sourcePath = join(folder, 'hostile-F16.gguf');
  const overrideKeys = { 'llama.block_count': uint32(513) };
  await synthesizeModel(files, { path: sourcePath, shape: 'nano', type: 'F16', overrideKeys });
  const task = {
    sourcePath,
    targetPath: join(folder, 'x.part'),
    ftype: 15,
    threads: 1,
    allowRequantize: false,
  };
  const error = await failing(inspector.quantize(task, { signal: never, onProgress: () => undefined }));
  expect(error.code).toBe('models.quantize-failed');
  expect(error.message).toMatch(/: llama-model\.cpp:\d+: GGML_ASSERT\(.+\) failed$/);
  await rm(sourcePath);
  await rm((await quantize('Q8_0')).path);
});

test('weights that are no numbers are refused with the reason, and leave nothing', async () => {
  const sourcePath = join(folder, 'nan-F32.gguf');
  await synthesizeModel(files, { path: sourcePath, shape: 'nano', type: 'F32' });
  {
    await using file = await files.openWrite(sourcePath);
    const { size } = await stat(sourcePath);
    await file.write(new Uint8Array(1024).fill(0xff), size - 1024);
  }
  const error = await failing(quantize('Q8_0', {}, { sourcePath }));
  expect(error.code).toBe('models.quantize-failed');
  expect(error.message).toMatch(/invalid|validation/);
  expect(await readdir(folder)).toEqual(['nan-F32.gguf']);
  await rm(sourcePath);
});
