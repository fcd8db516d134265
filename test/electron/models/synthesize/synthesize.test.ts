import { describe, expect, it } from 'vitest';
import { readGgufHeader } from '../../../../electron/models/gguf/read-header.ts';
import { validateModel } from '../../../../electron/models/gguf/validate.ts';
import { synthesizeModel } from '../../../../electron/models/synthesize.ts';
import { createRandomSource, gaussians } from '../../../../electron/models/synthesize/random-source.ts';
import { createVocabulary } from '../../../../electron/models/synthesize/vocabulary.ts';
import { createFakeFiles, type FakeFiles } from '../../../support/fake-files.ts';
import { writeTinyModel } from '../../../support/gguf-fixtures.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const path = '/m/tiny.gguf';

const headerOf = async (files: FakeFiles, of = path) => {
  await using file = await files.openRead(of);
  return await readGgufHeader(file, of);
};

/** Weights of one tensor of an unsplit file. */
const weightsOf = async (files: FakeFiles, name: string): Promise<Uint8Array> => {
  const { tensors, dataOffset } = await headerOf(files);
  const tensor = tensors.find((each) => each.name === name);
  const start = dataOffset + (tensor?.offset ?? 0);
  return files.bytes(path).slice(start, start + (tensor?.sizeBytes ?? 0));
};

const statistics = (values: ArrayLike<number>) => {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return {
    mean,
    deviation: Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length),
  };
};

describe('synthesizeModel', () => {
  it('writes the same bytes for the same seed and others for another', async () => {
    const write = async (seed: number) => {
      const files = createFakeFiles();
      await writeTinyModel(path, { seed }, files);
      return files.bytes(path);
    };
    const [first, again, other] = [await write(1), await write(1), await write(2)];
    expect(Buffer.compare(first, again)).toBe(0);
    expect(Buffer.compare(first, other)).not.toBe(0);
  });

  it('reports size and weights as the file has them', async () => {
    const files = createFakeFiles();
    const model = await writeTinyModel(path, { type: 'F16' }, files);
    const { tensors } = await headerOf(files);
    expect(model).toEqual({
      path,
      parts: [path],
      sizeBytes: files.bytes(path).length,
      parameterCount: tensors.reduce((sum, { elementCount }) => sum + elementCount, 0),
    });
  });

  it('draws weights of mean 0 that keep activations at deviation 1', async () => {
    const files = createFakeFiles();
    await writeTinyModel(path, { type: 'F32' }, files);
    const bytes = await weightsOf(files, 'blk.0.attn_q.weight');
    const { mean, deviation } = statistics(new Float32Array(bytes.buffer));
    expect(Math.abs(mean)).toBeLessThan(0.005);
    expect(deviation * Math.sqrt(128)).toBeCloseTo(1, 1);
  });

  it('gives F16 the weights of F32', async () => {
    const files = createFakeFiles();
    await writeTinyModel(path, { type: 'F32' }, files);
    const whole = new Float32Array((await weightsOf(files, 'token_embd.weight')).buffer);
    await writeTinyModel(path, { type: 'F16' }, files);
    const half = new Float16Array((await weightsOf(files, 'token_embd.weight')).buffer);
    expect(half).toEqual(Float16Array.from(whole));
  });

  it('has no two tokens with the same embedding', async () => {
    const files = createFakeFiles();
    await writeTinyModel(path, { shape: 'tiny', type: 'F16' }, files);
    const bytes = Buffer.from(await weightsOf(files, 'token_embd.weight'));
    const rows = Array.from({ length: 4096 }, (_, row) =>
      bytes.toString('base64', row * 512, (row + 1) * 512),
    );
    expect(new Set(rows).size).toBe(4096);
  });

  it('falls back as llama.cpp does where rows do not divide into blocks', async () => {
    const files = createFakeFiles();
    await writeTinyModel(path, { type: 'Q4_K' }, files); // rows of 128 and 256
    const { tensors } = await headerOf(files);
    const types = Object.fromEntries(tensors.map(({ name, type }) => [name, type.name]));
    expect(types).toMatchObject({ 'blk.0.attn_q.weight': 'Q5_0', 'blk.0.ffn_down.weight': 'Q4_K' });
  });

  it('mixes types in an _M model', async () => {
    const files = createFakeFiles();
    await writeTinyModel(path, { shape: 'tiny', type: 'Q4_K_M' }, files);
    const { tensors, metadata } = await headerOf(files);
    const types = new Set(tensors.map(({ type }) => type.name));
    expect([...types].sort()).toEqual(['F32', 'Q4_K', 'Q6_K']);
    expect(metadata.get('general.file_type')).toEqual({ type: 'uint32', value: 15 });
  });

  it('leaves out and replaces metadata as told', async () => {
    const files = createFakeFiles();
    const value = { type: 'uint32', value: 7 } as const;
    await writeTinyModel(
      path,
      {
        dropKeys: ['general.name'],
        overrideKeys: { 'llama.block_count': value, 'a.b': value },
        chatTemplate: null,
      },
      files,
    );
    const { metadata } = await headerOf(files);
    expect([metadata.get('general.name'), metadata.get('tokenizer.chat_template')]).toEqual([
      undefined,
      undefined,
    ]);
    expect([metadata.get('llama.block_count'), metadata.get('a.b')]).toEqual([value, value]);
  });

  it('splits a model into files that belong together', async () => {
    const files = createFakeFiles();
    const { parts, sizeBytes } = await writeTinyModel(path, { parts: 4 }, files);
    const valid = await validateModel(files, parts[0] ?? '');
    expect({ parts: valid.parts, sizeBytes: valid.sizeBytes }).toEqual({ parts, sizeBytes });
  });

  it('leaves nothing behind when it is cancelled, and tells progress up to there', async () => {
    const files = createFakeFiles();
    const stop = new AbortController();
    const fractions: number[] = [];
    const error = await thrownBy(() =>
      synthesizeModel(
        files,
        { path, shape: 'tiny', type: 'F16', parts: 2 },
        {
          signal: stop.signal,
          onProgress: (fraction) => {
            fractions.push(fraction);
            if (fraction > 0.6) stop.abort();
          },
        },
      ),
    );
    expect(error.code).toBe('app.cancelled');
    expect(files.texts()).toEqual({});
    expect(fractions.at(-1)).toBeGreaterThan(0.6);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  });

  it('overwrites what a killed process left half-written', async () => {
    const files = createFakeFiles();
    await writeTinyModel(path, {}, files);
    const clean = files.bytes(path);
    files.put(`${path}.part`, new Uint8Array(clean.length * 2));
    await writeTinyModel(path, {}, files);
    expect(files.bytes(path).length).toBe(clean.length);
  });
});

describe('the parts of a generated model', () => {
  it('draw Gaussians of mean 0 and deviation 1', () => {
    const { mean, deviation } = statistics(gaussians(createRandomSource('seed'), 65_521));
    expect([Math.abs(mean) < 0.02, Math.abs(deviation - 1) < 0.02]).toEqual([true, true]);
  });

  it.each(['bpe', 'spm'] as const)(
    'have a %s vocabulary without doubles, each merge made of tokens',
    (kind) => {
      const { tokens, tokenTypes, merges } = createVocabulary(kind, 5000);
      const known = new Set(tokens);
      expect([tokens.length, known.size, tokenTypes.length]).toEqual([5000, 5000, 5000]);
      for (const merge of merges ?? []) {
        const [left = '', right = ''] = merge.split(' ');
        expect([known.has(left), known.has(right), known.has(left + right)]).toEqual([true, true, true]);
      }
    },
  );
});
