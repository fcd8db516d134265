import { describe, expect, test } from 'vitest';
import { arrayOf, text, uint32, type MetadataValue } from '../../../../electron/models/gguf/metadata.ts';
import type { ValidModel } from '../../../../electron/models/gguf/validate.ts';
import { leastKvBytesPerToken } from '../../../../electron/models/least-cache.ts';
import { refuseImpossible } from '../../../../electron/models/refuse-impossible.ts';
import type { HostFacts } from '../../../../electron/platform/ports.ts';
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
  readonly host?: Partial<HostFacts>;
}

const ask = ({ settings, model = modelOf(), vramBytes = 0, host = {} }: Question) =>
  refuseImpossible(
    { host: createFakeHost(host), totalVramBytes: () => Promise.resolve(vramBytes) },
    model,
    engineSettingsSchema.parse(settings),
  );

describe('a context that no such machine can hold', () => {
  test('is refused with what it needs and the nearest settings', async () => {
    const error = await thrownBy(() => ask({ settings: { contextSize: 16_000_000, slots: 4 } }));
    expect(error.code).toBe('engine.out-of-memory');
    expect(error.message).toBe(
      'A context of 16,000,000 tokens in 4 slots needs at least 1,960 GiB; this machine has 32.0 GiB.',
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
      leastBytes: 64 * GIB + 4 * 524_288 * 52, // keys and values, and the notes of each token
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
    ['an architecture with a window of its own', { model: modelOf('gemma3n') }],
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

describe('a bound of a cache that is smaller than the plain one', () => {
  const types = { kvKeyType: 'F16', kvValueType: 'F16' } as const;
  const of = (architecture: string, more: Readonly<Record<string, unknown>> = {}): number => {
    const facts: Readonly<Record<string, unknown>> = {
      block_count: 13,
      embedding_length: 2048,
      'attention.head_count': 32,
      'attention.head_count_kv': 8,
      ...more,
    };
    return leastKvBytesPerToken({ architecture, read: (name) => facts[name] }, types);
  };
  const layer = 8 * 64 * 2 * 2;

  test.each([
    ['gemma2, every second layer without a window', 'gemma2', {}, 6 * layer],
    ['gemma3, every sixth', 'gemma3', { 'attention.sliding_window': 1024 }, 2 * layer],
    ['a pattern of the file', 'gemma3', { 'attention.sliding_window_pattern': 3 }, 4 * layer],
    [
      'a pattern that leaves no layer out of the window',
      'gemma2',
      { 'attention.sliding_window_pattern': 0 },
      0,
    ],
    ['a list of layers, which is not counted', 'gpt-oss', { 'attention.sliding_window_pattern': [1, 0] }, 0],
    ['phi3, whose window llama.cpp does not use', 'phi3', { 'attention.sliding_window': 2047 }, 13 * layer],
    [
      'qwen3next, every fourth layer, without those that predict',
      'qwen3next',
      { nextn_predict_layers: 2 },
      2 * layer,
    ],
    ['falcon-h1, attention in every layer', 'falcon-h1', {}, 13 * layer],
    ['jamba, the key heads of the list', 'jamba', { 'attention.head_count_kv': [0, 8, 0, 8] }, 2 * layer],
    [
      'deepseek2, one compressed key and no value',
      'deepseek2',
      { 'attention.head_count_kv': 1, 'attention.key_length': 576, 'attention.value_length': 512 },
      13 * 576 * 2,
    ],
    ['mamba, a state of constant size', 'mamba', {}, 0],
  ] as const)('is known of %s', (_what, architecture, more, bytes) => {
    expect(of(architecture, more)).toBe(bytes);
  });

  test('refuses a windowed model at once, and leaves to llama.cpp what would fit', async () => {
    const model = modelOf('gemma3', { 'attention.sliding_window': uint32(1024) });
    const { code, hint } = await thrownBy(() =>
      ask({ settings: { contextSize: 16_000_000, slots: 4 }, model }),
    );
    expect(code).toBe('engine.out-of-memory');
    expect(hint).toBe('Choose a smaller context or fewer slots; dyno models fit says what fits exactly.');
  });

  test('32 slots of 16 million tokens are refused for their notes alone, a state of constant size is not', async () => {
    const host = { totalMemoryBytes: () => 24 * GIB };
    const settings = { contextSize: 16_000_000, slots: 32 };
    const { details } = await thrownBy(() => ask({ settings, model: modelOf('gemma3n'), host }));
    expect(details).toMatchObject({ leastBytes: 512_000_000 * 52 });
    await ask({ settings, model: modelOf('mamba'), host });
  });
});
