import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateAdapter } from '../../../../electron/models/gguf/check-adapter.ts';
import { arrayOf, text } from '../../../../electron/models/gguf/metadata.ts';
import { validateModel } from '../../../../electron/models/gguf/validate.ts';
import { createNodeFiles } from '../../../../electron/platform/node/files.ts';
import { writeTinyModel } from '../../../support/gguf-fixtures.ts';
import { writeAdapter } from '../../../support/lora-adapter.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const files = createNodeFiles();
let folder = '';
let model = '';
let base: Parameters<typeof validateAdapter>[2];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dyno-adapter-'));
  ({ path: model } = await writeTinyModel(join(folder, 'model.gguf')));
  const { header } = await validateModel(files, model);
  const tensors = header.tensors.map(({ name, shape, type, sizeBytes }) => ({
    name,
    shape: [...shape],
    type: type.name,
    sizeBytes,
  }));
  base = { id: 'model', architecture: 'llama', tensors };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const write = (options: Partial<Parameters<typeof writeAdapter>[0]> = {}) =>
  writeAdapter({ model, path: join(folder, 'adapter.gguf'), ...options });
const refusalOf = async (path: string) => {
  const { code, message } = await thrownBy(() => validateAdapter(files, path, base));
  return [code, message];
};

describe('an adapter before its load', () => {
  it('that fits is let through with its size', async () => {
    const path = await write();
    expect(await validateAdapter(files, path, base)).toEqual({
      sizeBytes: (await files.stat(path))?.sizeBytes,
    });
  });

  it.each([
    ['a model', () => Promise.resolve(model), 'models.adapter-mismatch', 'model.gguf is no LoRA adapter.'],
    [
      'of another architecture',
      () => write({ metadata: { 'general.architecture': text('gemma3') } }),
      'models.adapter-mismatch',
      'adapter.gguf is for the architecture gemma3; model is llama.',
    ],
    [
      'an activated LoRA',
      () => write({ metadata: { 'adapter.alora.invocation_tokens': arrayOf('uint32', [1]) } }),
      'models.adapter-mismatch',
      'adapter.gguf is an activated LoRA (aLoRA), which is not supported.',
    ],
    [
      'of another width',
      () => write({ rows: 7 }),
      'models.adapter-mismatch',
      expect.stringMatching(
        /^adapter\.gguf changes blk\.0\.attn_q\.weight as .* and 4×7; it is .* in model\.$/u,
      ),
    ],
    [
      'for weights the model lacks',
      () => write({ rename: (name) => name.replace('blk.0.', 'blk.90.') }),
      'models.adapter-mismatch',
      'adapter.gguf changes blk.90.attn_q.weight, which model does not have.',
    ],
    [
      'with half a pair',
      () =>
        write({ rename: (name) => name.replace('blk.0.attn_q.weight.lora_b', 'blk.0.attn_k.weight.lora_b') }),
      'models.adapter-mismatch',
      'adapter.gguf lacks one half of blk.0.attn_q.weight.',
    ],
    [
      'with whole weights',
      () => write({ rename: (name) => name.replace('blk.0.attn_q.weight.lora_b', 'blk.0.attn_q.weight') }),
      'models.adapter-mismatch',
      'adapter.gguf has a tensor blk.0.attn_q.weight, which is no part of a LoRA adapter.',
    ],
    [
      'without a weight',
      () => write({ rename: () => undefined }),
      'models.adapter-mismatch',
      'adapter.gguf changes nothing.',
    ],
  ] as const)('%s is refused with its reason', async (_, make, code, message) => {
    expect(await refusalOf(await make())).toEqual([code, message]);
  });

  it('that is cut short, no GGUF or not there is refused as a model is', async () => {
    const path = await write();
    await truncate(path, ((await files.stat(path))?.sizeBytes ?? 0) - 64);
    expect((await refusalOf(path))[0]).toBe('models.truncated');
    await writeFile(path, 'hello');
    expect((await refusalOf(path))[0]).toBe('models.not-gguf');
    expect((await refusalOf(join(folder, 'none.gguf')))[0]).toBe('models.not-found');
  });
});
