import { beforeEach, describe, expect, it } from 'vitest';
import {
  arrayOf,
  int32,
  text,
  uint32,
  type MetadataValue,
} from '../../../../electron/models/gguf/metadata.ts';
import { validateModel } from '../../../../electron/models/gguf/validate.ts';
import { modelShapes, type ModelShape } from '../../../../electron/models/synthesize/shapes.ts';
import { createFakeFiles, type FakeFiles } from '../../../support/fake-files.ts';
import { writeTinyModel } from '../../../support/gguf-fixtures.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const path = '/m/tiny.gguf';

/** A named shape made small: what counts here are its keys. */
const small = (shape: ModelShape): ModelShape => ({
  ...shape,
  embeddingLength: 64,
  blockCount: 2,
  feedForwardLength: 64,
  headCount: 2,
  headCountKv: 1,
  headLength: 32,
  vocabularySize: 400,
  ...(shape.experts && { experts: { count: 4, usedCount: 2, feedForwardLength: 32 } }),
});

describe('validateModel', () => {
  let files: FakeFiles;

  beforeEach(() => {
    files = createFakeFiles();
  });

  const failureOf = async (
    key: string,
    value: MetadataValue | 'missing',
    shape: ModelShape = small(modelShapes.tiny),
  ) => {
    const change = value === 'missing' ? { dropKeys: [key] } : { overrideKeys: { [key]: value } };
    await writeTinyModel(path, { shape, type: 'F16', ...change }, files);
    return thrownBy(() => validateModel(files, path));
  };

  it.each(Object.entries(modelShapes).filter(([name]) => !name.includes('b')))(
    'accepts the generated shape %s',
    async (_name, shape) => {
      const model = await writeTinyModel(path, { shape: small(shape), type: 'F16' }, files);
      const { sizeBytes, parts } = await validateModel(files, path);
      expect({ sizeBytes, parts }).toEqual({ sizeBytes: model.sizeBytes, parts: [path] });
    },
  );

  it('tells both sizes of a file that is one byte short, and what to do', async () => {
    await writeTinyModel(path, {}, files);
    const { header } = await validateModel(files, path);
    files.put(path, files.bytes(path).subarray(0, header.neededBytes - 1));
    const error = await thrownBy(() => validateModel(files, path));
    expect(error).toMatchObject({
      code: 'models.truncated',
      hint: 'The download or copy did not finish: download or copy the file again.',
      details: { path, sizeBytes: header.neededBytes - 1, neededBytes: header.neededBytes },
    });
  });

  it.each([
    'llama.block_count',
    'llama.embedding_length',
    'llama.context_length',
    'llama.feed_forward_length',
    'llama.attention.head_count',
    'general.architecture',
    'tokenizer.ggml.model',
    'tokenizer.ggml.tokens',
  ])('refuses a model without %s', async (key) => {
    const error = await failureOf(key, 'missing');
    expect(error.code).toBe('models.bad-header');
    expect(error.message).toContain(`${key} is missing`);
  });

  it.each([
    ['llama.block_count', uint32(0), 'block_count is 0'],
    ['llama.block_count', uint32(100_000), 'block_count is 100000'],
    ['llama.feed_forward_length', uint32(0), 'feed_forward_length is 0'],
    ['llama.attention.head_count', uint32(0), 'head_count is 0'],
    ['llama.attention.head_count', uint32(65_536), 'no room for 65536 heads'],
    ['llama.attention.head_count', arrayOf('uint32', [2]), 'does not fit the number of layers'],
    ['llama.attention.head_count', text('two'), 'does not fit the number of layers'],
    ['llama.attention.head_count_kv', uint32(3), 'no multiple of head_count_kv 3'],
    ['llama.attention.head_count_kv', arrayOf('uint32', [0, 0]), 'head_count_kv is 0'],
    ['llama.attention.head_count_kv', int32(-1), 'head_count_kv is -1'],
    ['llama.embedding_length', uint32(0), 'embedding_length is 0'],
    ['llama.embedding_length', uint32(4_294_967_295), 'embedding_length is 4294967295'],
    ['llama.rope.dimension_count', uint32(0), 'rope.dimension_count is 0'],
    ['llama.rope.dimension_count', uint32(7), 'rope.dimension_count is 7'],
    ['llama.rope.dimension_count', uint32(64), 'rope.dimension_count is 64'],
    ['llama.rope.scaling.type', text('dynamic'), 'rope.scaling.type is "dynamic"'],
    ['llama.expert_count', uint32(4), 'expert_used_count is 0'],
    ['llama.expert_used_count', uint32(2), 'expert_used_count is 2 of 0'],
    ['llama.expert_count', uint32(5000), 'expert_count is 5000'],
    ['llama.nextn_predict_layers', uint32(9), 'nextn_predict_layers is 9'],
    ['split.count', uint32(1), 'split.count is not of type uint16'],
  ] as const)('refuses %s = %o, on which llama.cpp aborts', async (key, value, clause) => {
    const { code, message } = await failureOf(key, value);
    expect(code).toBe('models.bad-header');
    expect(message).toContain(clause);
  });

  it('names an architecture the bundled llama.cpp does not know', async () => {
    const error = await failureOf('general.architecture', text('llama9'));
    expect(error).toMatchObject({
      code: 'models.unsupported-architecture',
      details: { architecture: 'llama9' },
    });
  });

  it('says of a projector that it is none of the models', async () => {
    const error = await failureOf('general.architecture', text('clip'));
    expect(error.code).toBe('models.unsupported-architecture');
    expect(error.hint).toContain('mmproj');
  });

  it('refuses a vocabulary with double tokens, on which llama.cpp aborts', async () => {
    const tokens = Array.from({ length: 400 }, (_, index) => (index === 399 ? 't1' : `t${index}`));
    const error = await failureOf('tokenizer.ggml.tokens', arrayOf('string', tokens));
    expect(error.message).toContain('1 tokens of its vocabulary are there twice');
  });

  it('takes several empty tokens, which llama.cpp renames', async () => {
    const tokens = Array.from({ length: 400 }, (_, index) => (index < 3 ? '' : `t${index}`));
    await writeTinyModel(
      path,
      { overrideKeys: { 'tokenizer.ggml.tokens': arrayOf('string', tokens) } },
      files,
    );
    await expect(validateModel(files, path)).resolves.toMatchObject({ path });
  });

  it('says of a folder that it is one', async () => {
    await writeTinyModel('/m/tiny/a.gguf', {}, files);
    expect((await thrownBy(() => validateModel(files, '/m/tiny'))).message).toBe(
      '/m/tiny is a folder, not a model.',
    );
  });

  it('says where a file is not', async () => {
    expect((await thrownBy(() => validateModel(files, '/m/none.gguf'))).code).toBe('models.not-found');
  });

  describe('of split files', () => {
    const part = (number: number) => `/m/tiny-0000${number}-of-00003.gguf`;

    beforeEach(async () => {
      await writeTinyModel(path, { parts: 3 }, files);
    });

    it('takes any part for the model and lists all', async () => {
      const { path: first, parts, sizeBytes } = await validateModel(files, part(2));
      const sizes = [1, 2, 3].map((number) => files.bytes(part(number)).length);
      expect({ first, parts, sizeBytes }).toEqual({
        first: part(1),
        parts: [part(1), part(2), part(3)],
        sizeBytes: sizes.reduce((sum, size) => sum + size, 0),
      });
    });

    it.each([1, 2, 3])('names part %i when it is missing', async (number) => {
      await files.remove(part(number));
      const error = await thrownBy(() => validateModel(files, part(number === 1 ? 2 : 1)));
      expect(error).toMatchObject({ code: 'models.missing-part', details: { part: number, count: 3 } });
      expect(error.message).toContain(`tiny-0000${number}-of-00003.gguf`);
    });

    it('finds a later part cut short', async () => {
      files.put(part(3), files.bytes(part(3)).subarray(0, -64));
      const error = await thrownBy(() => validateModel(files, part(1)));
      expect(error).toMatchObject({ code: 'models.truncated', details: { path: part(3) } });
    });

    it('finds a part under the name of another', async () => {
      files.put(part(3), files.bytes(part(2)));
      expect((await thrownBy(() => validateModel(files, part(1)))).message).toContain('says part 2 of 3');
    });

    it('refuses a first part that was renamed', async () => {
      await files.rename(part(1), '/m/renamed.gguf');
      const error = await thrownBy(() => validateModel(files, '/m/renamed.gguf'));
      expect(error.hint).toContain('renamed-00001-of-00003.gguf');
    });
  });
});
