import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { validateModel } from '../../../../electron/models/gguf/validate.ts';
import { createNodeFiles } from '../../../../electron/platform/node/files.ts';
import { blockScales } from '../../../../electron/models/synthesize/block-scales.ts';
import { modelShapes } from '../../../../electron/models/synthesize/shapes.ts';
import { writeTinyModel } from '../../../support/gguf-fixtures.ts';

const generatedSchema = z.object({
  path: z.string(),
  error: z.string().optional(),
  tokens: z.number().optional(),
  distinct: z.number().optional(),
  roundTrip: z.string().optional(),
});

const child = fileURLToPath(new URL('../../../support/llama-generate.ts', import.meta.url));

/** Loads the files with the real llama.cpp in a child and generates 16 tokens from each. */
const generateFrom = async (paths: readonly string[]) => {
  const { stdout } = await promisify(execFile)(process.execPath, [child, ...paths], { timeout: 110_000 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => generatedSchema.parse(JSON.parse(line)));
};

describe('generated models in the real llama.cpp', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dyno-synthesize-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const expectToGenerate = async (paths: readonly string[]) => {
    const results = await generateFrom(paths);
    const failed = results.filter(
      ({ error, tokens, distinct = 0, roundTrip }) =>
        error !== undefined || tokens !== 16 || distinct < 4 || roundTrip !== 'Hello, wörld! 42',
    );
    expect({ count: results.length, failed }).toEqual({ count: paths.length, failed: [] });
  };

  it('load and generate varied text in every tensor type and mix', async () => {
    const types = ['F32', 'F16', 'BF16', 'Q3_K_M', 'Q4_K_M', 'Q5_K_M', ...Object.keys(blockScales)] as const;
    const paths: string[] = [];
    for (const type of types as readonly (keyof typeof blockScales)[]) {
      const { path } = await writeTinyModel(join(folder, `${type}.gguf`), { shape: 'tiny', type });
      paths.push(path);
    }
    await expectToGenerate(paths);
  });

  it('load and generate varied text in every architecture, and from a split file', async () => {
    const paths: string[] = [];
    for (const shape of Object.keys(modelShapes) as (keyof typeof modelShapes)[]) {
      if (!shape.startsWith('tiny')) continue;
      const { path } = await writeTinyModel(join(folder, `${shape}.gguf`), { shape, type: 'F16' });
      paths.push(path);
    }
    const split = await writeTinyModel(join(folder, 'split.gguf'), { shape: 'tiny', parts: 3 });
    await expectToGenerate([...paths, split.path]);
  });

  it('are valid to the validator, as is the bundled model', async () => {
    const { path } = await writeTinyModel(join(folder, 'valid.gguf'));
    const bundled = fileURLToPath(
      new URL('../../../../resources/model/dyno-demo-4m-f16.gguf', import.meta.url),
    );
    for (const each of [path, bundled]) {
      await expect(validateModel(createNodeFiles(), each)).resolves.toMatchObject({ path: each });
    }
  });
});
