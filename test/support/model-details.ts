import type { ModelDetails } from '../../shared/contract/models.ts';

type Tensor = ModelDetails['tensors'][number];

/** A Llama-like F16 model of 16 layers with 1.09 billion parameters, unless told otherwise. */
export const createModelDetails = (changes: Partial<ModelDetails> = {}): ModelDetails => {
  const matrix = (name: string, columns: number, rows: number): Tensor => ({
    name,
    type: 'F16',
    shape: [columns, rows],
    sizeBytes: columns * rows * 2,
  });
  const layers = Array.from({ length: 16 }, (_, layer) => [
    matrix(`blk.${layer}.attn_q.weight`, 2048, 2048),
    matrix(`blk.${layer}.ffn_up.weight`, 2048, 8192),
    matrix(`blk.${layer}.ffn_gate.weight`, 2048, 8192),
    matrix(`blk.${layer}.ffn_down.weight`, 8192, 2048),
    { name: `blk.${layer}.attn_norm.weight`, type: 'F32', shape: [2048], sizeBytes: 8192 },
  ]).flat();
  const tensors = [
    matrix('token_embd.weight', 2048, 32_000),
    matrix('output.weight', 2048, 32_000),
    ...layers,
  ];
  const sizeBytes = tensors.reduce((sum, tensor) => sum + tensor.sizeBytes, 1_000_000);
  return {
    id: 'llama-1b-f16',
    path: '/models/llama-1b-f16.gguf',
    parts: ['/models/llama-1b-f16.gguf'],
    name: 'Llama 1B',
    architecture: 'llama',
    quantization: 'F16',
    sizeBytes,
    parameterCount: (sizeBytes - 1_000_000) / 2,
    bitsPerWeight: 16,
    contextLength: 131_072,
    tensorTypes: { F16: 66, F32: 16 },
    sha256: null,
    source: 'folder',
    hasChatTemplate: true,
    problem: null,
    modifiedMs: 0,
    derivedFrom: null,
    isSynthetic: false,
    metadata: {},
    chatTemplate: null,
    tensors,
    layerCount: 16,
    embeddingLength: 2048,
    headCount: 32,
    kvHeadCount: 8,
    vocabularySize: 32_000,
    trainedContextLength: 131_072,
    features: { tools: false, reasoning: false, embeddings: false },
    ...changes,
  };
};
