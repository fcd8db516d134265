import { createHash } from 'node:crypto';
import type { MemoryFit, Model, ModelDetails, QuantType } from '../../../shared/contract/models.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

type Wanted = Pick<Model, 'id' | 'quantization' | 'sizeBytes' | 'bitsPerWeight'> & Partial<Model>;

/** A whole model of the library from the few fields a test cares about. Test-only. */
export const fakeModel = (wanted: Wanted): Model => ({
  path: `/models/${wanted.id}.gguf`,
  parts: [`/models/${wanted.id}.gguf`],
  name: 'Dyno Demo 4M',
  architecture: 'llama',
  parameterCount: 4_030_000,
  contextLength: 2048,
  tensorTypes: { F32: 13, [wanted.quantization.replace('_M', '')]: 24 },
  sha256: sha256(wanted.id),
  source: 'dyno',
  hasChatTemplate: true,
  problem: null,
  modifiedMs: 1_764_000_000_000,
  derivedFrom: null,
  isSynthetic: false,
  ...wanted,
});

export const bundledModelId = 'dyno-demo-4m-f16';

export const demoModel = (quantization: string): Model => {
  const sizes: Readonly<Record<string, readonly [number, number]>> = {
    F16: [7.72, 16.1],
    Q8_0: [4.14, 8.63],
    Q4_K_M: [2.71, 5.64],
    Q2_K: [1.86, 3.87],
  };
  const [mib = 3, bitsPerWeight = 6] = sizes[quantization] ?? [];
  const isBase = quantization === 'F16';
  return fakeModel({
    id: `dyno-demo-4m-${quantization.toLowerCase()}`,
    quantization,
    sizeBytes: mib * MIB,
    bitsPerWeight,
    source: isBase ? 'bundled' : 'dyno',
    derivedFrom: isBase ? null : bundledModelId,
    isSynthetic: false,
  });
};

/** A library of a real workstation: large, small, foreign, unhashed and damaged files. */
export const otherModels: readonly Model[] = [
  fakeModel({
    id: 'Llama-3.2-3B-Instruct-Q4_K_M',
    name: 'Llama 3.2 3B Instruct',
    quantization: 'Q4_K_M',
    sizeBytes: 1.88 * GIB,
    bitsPerWeight: 5.02,
    parameterCount: 3_210_000_000,
    contextLength: 131_072,
    source: 'hugging-face',
  }),
  fakeModel({
    id: 'Qwen3-8B-Q6_K',
    name: 'Qwen3 8B',
    architecture: 'qwen3',
    quantization: 'Q6_K',
    sizeBytes: 6.26 * GIB,
    bitsPerWeight: 6.57,
    parameterCount: 8_190_000_000,
    contextLength: 40_960,
    source: 'lm-studio',
    sha256: null,
  }),
  fakeModel({
    id: 'mistral-7b-truncated',
    name: 'mistral-7b',
    architecture: 'llama',
    quantization: 'Q5_K_M',
    sizeBytes: 2.1 * GIB,
    bitsPerWeight: 5.7,
    parameterCount: 7_240_000_000,
    contextLength: null,
    source: 'folder',
    sha256: null,
    problem: {
      code: 'models.truncated',
      message: 'The file ends 2.68 GiB before its header says.',
      hint: 'Download it again.',
    },
  }),
];

const template = `{%- for message in messages %}
{{- '<|' + message.role + '|>' + message.content + '<|end|>' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|assistant|>' }}{%- endif %}`;

export const fakeDetails = (model: Model): ModelDetails => ({
  ...model,
  metadata: {
    'general.architecture': model.architecture,
    'general.name': model.name,
    'general.quantization_version': 2,
    [`${model.architecture}.context_length`]: model.contextLength,
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.tokens': '4096 entries',
  },
  chatTemplate: model.hasChatTemplate ? template : null,
  tensors: ['token_embd', 'blk.0.attn_q', 'blk.0.attn_k', 'blk.0.ffn_up', 'blk.0.attn_norm', 'output'].map(
    (name, index) => ({
      name: `${name}.weight`,
      type: name.endsWith('norm') ? 'F32' : index === 0 ? 'Q6_K' : model.quantization.replace('_M', ''),
      shape: name.endsWith('norm') ? [256] : [256, 256 * (1 + index)],
      sizeBytes: Math.round(model.sizeBytes / (6 + index)),
    }),
  ),
  layerCount: 4,
  embeddingLength: 256,
  headCount: 4,
  kvHeadCount: 2,
  vocabularySize: 4096,
  trainedContextLength: model.contextLength,
  features: { tools: true, reasoning: true, embeddings: false },
});

const fakeLoads = (model: Model, kvCacheBytes: number): MemoryFit['pastLoads'] => {
  const ramBytes = model.sizeBytes + kvCacheBytes + 139 * MIB;
  return [2.1, -1.3].map((errorPercent, index) => ({
    atMs: 1_763_900_000_000 - index * 3_600_000,
    modelId: model.id,
    backend: 'cpu',
    vocabularySize: 4096,
    contextSize: 2048,
    slots: 4,
    kvKeyType: 'F16',
    useMmap: false,
    predicted: {
      weightsBytes: model.sizeBytes,
      kvCacheBytes,
      processBytes: 139 * MIB,
      ramBytes,
      vramBytes: 0,
      basis: 'similar' as const,
      n: 3 - index,
    },
    measured: {
      processBytes: ramBytes / (1 + errorPercent / 100),
      source: 'pss' as const,
      deviceBytes: null,
    },
    errorPercent,
  }));
};

export const fakeFit = (model: Model, settings: MemoryFit['settings']): MemoryFit => {
  const contextSize = settings.contextSize === 'auto' ? 2048 : settings.contextSize;
  const kvCacheBytes = contextSize * settings.slots * 4096;
  const totalRamBytes = model.sizeBytes + kvCacheBytes + 90 * MIB;
  const availableRamBytes = 41.3 * GIB;
  const neededRamBytes = model.sizeBytes + kvCacheBytes + 139 * MIB;
  const fits = neededRamBytes < availableRamBytes;
  return {
    settings,
    contextSize,
    slots: settings.slots,
    weightsBytes: model.sizeBytes,
    kvCacheBytes,
    computeBytes: 90 * MIB,
    totalRamBytes,
    totalVramBytes: 0,
    neededRamBytes,
    decidedBy: 'learned',
    availableRamBytes,
    availableVramBytes: 0,
    fits,
    largestContextSize: 2048,
    expected: {
      weightsBytes: model.sizeBytes,
      kvCacheBytes,
      processBytes: 139 * MIB,
      ramBytes: model.sizeBytes + kvCacheBytes + 139 * MIB,
      vramBytes: 0,
      basis: 'similar',
      n: 4,
    },
    pastLoads: fakeLoads(model, kvCacheBytes),
    advice: fits
      ? 'Fits with room to spare.'
      : 'Needs more memory than is free: choose a context of 2,048 or fewer slots.',
  };
};

export const fakeQuantTypes: readonly QuantType[] = [
  { name: 'Q8_0', ftype: 7, bitsPerWeight: 8.5, needsImatrix: false, note: 'nearly lossless' },
  { name: 'Q6_K', ftype: 18, bitsPerWeight: 6.56, needsImatrix: false, note: 'very good' },
  { name: 'Q5_K_M', ftype: 17, bitsPerWeight: 5.67, needsImatrix: false, note: 'good' },
  { name: 'Q4_K_M', ftype: 15, bitsPerWeight: 4.85, needsImatrix: false, note: 'the usual choice' },
  { name: 'Q3_K_M', ftype: 12, bitsPerWeight: 3.91, needsImatrix: false, note: 'visible loss' },
  { name: 'Q2_K', ftype: 10, bitsPerWeight: 3.0, needsImatrix: false, note: 'smallest, clearly lossy' },
  { name: 'IQ2_XXS', ftype: 19, bitsPerWeight: 2.06, needsImatrix: true, note: 'tiny' },
];
