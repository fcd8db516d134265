import { describe, expect, test } from 'vitest';
import { arrayOf, text, uint32, type MetadataValue } from '../../../../electron/models/gguf/metadata.ts';
import type { ValidModel } from '../../../../electron/models/gguf/validate.ts';
import { refuseImpossible } from '../../../../electron/models/refuse-impossible.ts';
import { engineSettingsSchema, type EngineSettings } from '../../../../shared/contract/models.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const GIB = 2 ** 30;

/** 16 layers of 8 key heads of 64: 32 KiB a token in F16. */
const modelOf = (
  architecture = 'llama',
  more: Readonly<Record<string, MetadataValue>> = {},
): Pick<ValidModel, 'path' | 'header' | 'sizeBytes'> => {
  const entries: Readonly<Record<string, MetadataValue>> = {
    block_count: uint32(16),
    embedding_length: uint32(2048),
    context_length: uint32(131_072),
    'attention.head_count': uint32(32),
    'attention.head_count_kv': uint32(8),
    ...more,
  };
  const metadata = new Map<string, MetadataValue>([
    ['general.architecture', text(architecture)],
    ...Object.entries(entries).map(([key, value]) => [`${architecture}.${key}`, value] as const),
  ]);
  const header = {
    path: '/m.gguf',
    version: 3,
    metadata,
    tensors: [],
    dataOffset: 0,
    fileBytes: 2 * GIB,
    neededBytes: 0,
  };
  return { path: '/m.gguf', header, sizeBytes: 2 * GIB };
};

interface Question {
  readonly settings: Partial<EngineSettings>;
  readonly model?: ReturnType<typeof modelOf>;
  readonly vramBytes?: number;
}

const ask = ({ settings, model = modelOf(), vramBytes = 0 }: Question) =>
  refuseImpossible(
    { host: createFakeHost(), totalVramBytes: () => Promise.resolve(vramBytes) },
    model,
    engineSettingsSchema.parse(settings),
  );

describe('a context that no such machine can hold', () => {
  test('is refused with what it needs and the nearest settings', async () => {
    const error = await thrownBy(() => ask({ settings: { contextSize: 16_000_000, slots: 4 } }));
    expect(error.code).toBe('engine.out-of-memory');
    expect(error.message).toBe(
      'A context of 16,000,000 tokens in 4 slots needs at least 1,950 GiB; this machine has 32.0 GiB.',
    );
    expect(error.hint).toContain('a context of 131,072');
  });

  test('names fewer slots where those alone hold the training context', async () => {
    const { hint } = await thrownBy(() => ask({ settings: { contextSize: 131_072, slots: 256 } }));
    expect(hint).toContain('1 slot with a context of 131,072');
  });

  test('counts the memory of the cards before it refuses', async () => {
    const settings = { contextSize: 524_288, slots: 4 };
    expect((await thrownBy(() => ask({ settings, vramBytes: 24 * GIB }))).details).toMatchObject({
      leastBytes: 64 * GIB,
      totalBytes: 56 * GIB,
    });
    await ask({ settings, vramBytes: 40 * GIB });
  });

  test('is one with half the numbers when the cache has a smaller type', async () => {
    const settings = { contextSize: 262_144, slots: 7 } as const;
    await thrownBy(() => ask({ settings }));
    await ask({ settings: { ...settings, kvKeyType: 'Q4_0', kvValueType: 'Q4_0' } });
  });

  test.each([
    ['auto, which takes what fits', { settings: {} }],
    ['a sliding window', { model: modelOf('llama', { 'attention.sliding_window': uint32(4096) }) }],
    ['compressed keys', { model: modelOf('llama', { 'attention.kv_lora_rank': uint32(512) }) }],
    ['an architecture with a window of its own', { model: modelOf('gemma2') }],
    ['a recurrent architecture', { model: modelOf('mamba') }],
    [
      'one count of heads per layer',
      {
        model: modelOf('llama', { 'attention.head_count_kv': arrayOf('uint32', [8, 0]) }),
      },
    ],
  ] as const)('is left to llama.cpp with %s', async (_what, more) => {
    await ask({ settings: { contextSize: 16_000_000 }, ...more });
  });
});
