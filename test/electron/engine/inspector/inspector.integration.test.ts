import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getLlama } from 'node-llama-cpp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseMmap } from '../../../../electron/engine/host/llama/copied-weights.ts';
import { kernelsOf } from '../../../../electron/engine/host/llama/cpu-kernels.ts';
import { readFileFacts } from '../../../../electron/engine/host/llama/file-facts.ts';
import { uint32 } from '../../../../electron/models/gguf/metadata.ts';
import { synthesizeModel } from '../../../../electron/models/synthesize.ts';
import { createNodeFiles } from '../../../../electron/platform/node/files.ts';
import { engineSettingsSchema, type EngineSettings } from '../../../../shared/contract/models.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { createRealInspector, demoModelPath, isAlive } from '../../../support/real-inspector.ts';

const { inspector, children } = createRealInspector();
const never = new AbortController().signal;
const settingsOf = (changes: Partial<EngineSettings> = {}): EngineSettings => ({
  ...engineSettingsSchema.parse({}),
  ...changes,
});
const files = createNodeFiles();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dyno-inspector-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const failing = async (promise: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await promise.catch((caught: unknown) => caught);
  if (error instanceof AppError) return error;
  throw new Error('expected an AppError', { cause: error });
};

/** What llama.cpp reports of itself once model and context are really there. */
const measure = async (path: string, settings: EngineSettings, contextSize: number): Promise<number> => {
  const llama = await getLlama({ gpu: false, build: 'never', progressLogs: false, logger: () => undefined });
  try {
    const { tensors } = await readFileFacts(path);
    const useMmap = chooseMmap(settings.useMmap, tensors, kernelsOf(llama));
    const model = await llama.loadModel({ modelPath: path, gpuLayers: 0, useMmap });
    const context = await model.createContext({
      contextSize,
      sequences: settings.slots,
      batchSize: settings.batchSize,
      experimentalKvCacheKeyType: settings.kvKeyType,
      experimentalKvCacheValueType: settings.kvValueType,
    });
    return model.memoryUsage.ram + context.memoryUsage.ram;
  } finally {
    await llama.dispose();
  }
};

test.each([
  ['defaults', settingsOf(), 1024],
  ['one slot', settingsOf({ slots: 1, batchSize: 128 }), 512],
  ['a quantized cache', settingsOf({ slots: 2, kvKeyType: 'Q8_0', kvValueType: 'Q8_0' }), 768],
  ['a mapped file', settingsOf({ useMmap: true }), 512],
  ['a file read into memory', settingsOf({ useMmap: false }), 512],
] as const)(
  'an estimate with %s is what llama.cpp takes when it really loads',
  async (_name, settings, size) => {
    const [estimate] = await inspector.estimate(demoModelPath, settings, [size], never);
    expect(estimate?.totalRamBytes).toBe(await measure(demoModelPath, settings, size));
  },
);

test.each(['Q4_0', 'Q8_0'] as const)('an estimate counts what the kernels copy of %s', async (type) => {
  const path = join(folder, `tiny-${type}.gguf`);
  await synthesizeModel(files, { path, shape: 'tiny', type });
  for (const useMmap of [true, false]) {
    const settings = settingsOf({ useMmap, slots: 1 });
    const [estimate] = await inspector.estimate(path, settings, [256], never);
    expect(estimate?.totalRamBytes).toBe(await measure(path, settings, 256));
  }
});

test('one child estimates many context sizes, with the exact size of the cache', async () => {
  const started = children.length;
  const sizes = [256, 512, 1024, 2048];
  const estimates = await inspector.estimate(demoModelPath, settingsOf({ slots: 2 }), sizes, never);
  expect(children.length - started).toBe(1);
  // 4 layers × (128 keys + 128 values) × 2 bytes × 2 slots
  expect(estimates.map(({ contextSize, kvCacheBytes }) => [contextSize, kvCacheBytes])).toEqual(
    sizes.map((size) => [size, size * 4 * 256 * 2 * 2]),
  );
  for (const each of estimates)
    expect(each.weightsRamBytes + each.kvCacheBytes + each.computeBytes).toBe(each.totalRamBytes);
});

test('the probe tells versions, backend and cores', async () => {
  expect(await inspector.probe(never)).toMatchObject({
    nodeLlamaCppVersion: '3.22.1',
    llamaCppRelease: 'v0.5.0',
    supportedBackends: expect.arrayContaining(['cpu']) as unknown,
  });
});

test('a file on which llama.cpp aborts costs one typed error with the assertion; the next call works', async () => {
  const path = join(folder, 'layers.gguf');
  await synthesizeModel(files, {
    path,
    shape: 'nano',
    type: 'F16',
    overrideKeys: { 'llama.block_count': uint32(100_000) },
  });
  const estimate = await failing(inspector.estimate(path, settingsOf(), [256], never));
  expect(estimate.code).toBe('engine.crashed');
  expect(estimate.message).toMatch(/SIGABRT.*GGML_ASSERT|GGML_ASSERT.*/);
  expect((await inspector.estimate(demoModelPath, settingsOf(), [256], never)).length).toBe(1);
});

test('a file llama.cpp cannot read gives its reason', async () => {
  const path = join(folder, 'unknown.gguf');
  await synthesizeModel(files, { path, shape: 'nano', type: 'F16' });
  await writeFile(path, (await readFirst(path, 4096)).subarray(0, 2000));
  const error = await failing(inspector.estimate(path, settingsOf(), [256], never));
  expect(error.code).toBe('engine.load-failed');
  const quantize = await failing(
    inspector.quantize(
      { sourcePath: path, targetPath: join(folder, 'x.part'), ftype: 7, threads: 1, allowRequantize: false },
      { signal: never, onProgress: () => undefined },
    ),
  );
  expect(quantize.code).toBe('models.quantize-failed');
  expect(quantize.message).toMatch(/^llama\.cpp refused: .+/);
});

test('an abort kills the child and does not wait for its end', async () => {
  const controller = new AbortController();
  const estimating = failing(inspector.estimate(demoModelPath, settingsOf(), [256], controller.signal));
  await expect.poll(() => children.filter(isAlive).length).toBe(1);
  controller.abort();
  expect((await estimating).code).toBe('app.cancelled');
  await expect.poll(() => children.filter(isAlive)).toEqual([]);
});

test('no child outlives its call, and nothing is left in the folder', async () => {
  expect(children.filter(isAlive)).toEqual([]);
  expect((await readdir(folder)).sort()).toEqual([
    'layers.gguf',
    'tiny-Q4_0.gguf',
    'tiny-Q8_0.gguf',
    'unknown.gguf',
  ]);
});

const readFirst = async (path: string, length: number): Promise<Uint8Array> => {
  await using file = await files.openRead(path);
  return await file.read(0, length);
};
