import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { describeModel } from '../../../../electron/models/library/describe-model.ts';
import { readGgufHeader } from '../../../../electron/models/gguf/read-header.ts';
import { readImatrix } from '../../../../electron/models/gguf/read-imatrix.ts';
import type { ImatrixTask } from '../../../../electron/models/inspector.ts';
import { createNodeFiles } from '../../../../electron/platform/node/files.ts';
import { createRealInspector, demoModelPath, isAlive } from '../../../support/real-inspector.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

/** What llama.cpp's own tool collected; the fixture has the command and the text. */
const tool = z
  .object({ rows: z.number(), entries: z.number(), sums: z.record(z.string(), z.array(z.number())) })
  .parse(
    JSON.parse(
      readFileSync(new URL('../../../fixtures/imatrix/llama-imatrix.json', import.meta.url), 'utf8'),
    ),
  );

const { inspector, children } = createRealInspector();
const files = createNodeFiles();
const never = new AbortController().signal;
let folder: string;
let task: ImatrixTask;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dyno-imatrix-'));
  const lines = Array.from(
    { length: 200 },
    (_, line) => `Line ${line}: ${(line * 37) % 101} birds flew over ${(line * 53) % 89} hills.\n`,
  );
  await writeFile(join(folder, 'birds.txt'), lines.join(''));
  task = {
    file: { path: demoModelPath, gpuLayers: 0 },
    textPath: join(folder, 'birds.txt'),
    targetPath: join(folder, 'birds.gguf'),
    contextSize: 256,
    maxChunks: 3,
    backend: 'cpu',
    useMmap: 'auto',
    threads: { limit: 1, isFixed: true },
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('sums of squares are those of llama.cpp’s imatrix tool, and quantize a type that needs them', async () => {
  const notes: string[] = [];
  const found = await inspector.collectImatrix(task, {
    signal: never,
    onProgress: ({ note }) => notes.push(note),
  });
  expect(found).toEqual({ chunkCount: 3, entryCount: tool.entries });
  expect(notes).toEqual(['Chunk 1 of 3', 'Chunk 2 of 3', 'Chunk 3 of 3', '28 matrices observed']);

  await using file = await files.openRead(task.targetPath);
  const { entries } = await readImatrix(file, task.targetPath);
  for (const [name, [total = NaN, first = NaN, largest = NaN]] of Object.entries(tool.sums)) {
    const { sums, counts } = entries.get(name) ?? { sums: new Float32Array(1), counts: [] };
    expect(counts).toEqual([tool.rows]);
    const ours = [sums.reduce((sum, value) => sum + value, 0), sums[0] ?? NaN, Math.max(...sums)];
    // another processor computes other last digits of F16 activations: 0.1 % is far above them
    for (const [index, expected] of [total, first, largest].entries())
      expect(Math.abs((ours[index] ?? NaN) / expected - 1), `${name} ${index}`).toBeLessThan(1e-3);
  }

  const quantize = (targetPath: string, imatrixPath?: string) =>
    inspector.quantize(
      {
        sourcePath: demoModelPath,
        targetPath,
        ftype: 21, // Q2_K_S
        threads: 1,
        allowRequantize: false,
        ...(imatrixPath !== undefined && { imatrixPath }),
      },
      { signal: never, onProgress: () => undefined },
    );
  const refused = await thrownBy(() => quantize(join(folder, 'plain.gguf')));
  expect([refused.code, refused.hint]).toEqual([
    'models.quantize-failed',
    'Make an importance matrix of this very model with dyno models imatrix, or choose Q2_K or a larger type.',
  ]);
  const made = join(folder, 'Q2_K_S.gguf');
  await quantize(made, task.targetPath);
  expect((await describeModel(files, made)).model.quantization).toBe('Q2_K_S imatrix');
  await using quantized = await files.openRead(made);
  const { metadata } = await readGgufHeader(quantized, made);
  const ofImatrix = [...metadata].filter(([key]) => key.includes('imatrix'));
  expect(Object.fromEntries(ofImatrix.map(([key, value]) => [key, 'value' in value && value.value]))).toEqual(
    {
      'quantize.imatrix.file': task.targetPath,
      'quantize.imatrix.dataset': task.textPath,
      'quantize.imatrix.entries_count': 28,
      'quantize.imatrix.chunks_count': 3,
      'dyno.imatrix.text_sha256': await files.sha256(task.textPath),
    },
  );
});

test('a text of less than two chunks is refused, and nothing is written', async () => {
  const textPath = join(folder, 'short.txt');
  await writeFile(textPath, 'Four birds flew over the hills.');
  const targetPath = join(folder, 'short.gguf');
  const error = await thrownBy(() =>
    inspector.collectImatrix(
      { ...task, textPath, targetPath },
      { signal: never, onProgress: () => undefined },
    ),
  );
  expect(error.code).toBe('models.imatrix-failed');
  expect(error.message).toMatch(/has \d+ tokens; 512 are needed/);
  expect(await files.stat(targetPath)).toBeUndefined();
});

test('an abort ends the child in the middle of a chunk', async () => {
  const abort = new AbortController();
  const targetPath = join(folder, 'aborted.gguf');
  let gone: Promise<unknown> = Promise.resolve();
  const run = () =>
    inspector.collectImatrix(
      { ...task, targetPath },
      {
        signal: abort.signal,
        onProgress: () => abort.abort(),
        onAbandoned: (left) => {
          gone = left;
        },
      },
    );
  expect((await thrownBy(run)).code).toBe('app.cancelled');
  await gone;
  expect(children.filter(isAlive)).toEqual([]);
  expect(await files.stat(targetPath)).toBeUndefined();
});
