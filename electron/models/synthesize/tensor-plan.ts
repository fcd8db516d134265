import type { TensorSpec } from '../gguf/encode-header.ts';
import { tensorTypes } from '../gguf/tensor-types.ts';
import type { Distribution } from './fill-tensor.ts';
import type { MatrixRole, Recipe } from './recipe.ts';
import type { ModelShape } from './shapes.ts';

/** A tensor to write and how its values are drawn. */
export interface PlannedTensor extends TensorSpec {
  readonly distribution: Distribution;
}

const float32Type = tensorTypes[0];
const ones: Distribution = { type: 'constant', value: 1 };
/** Keeps activations at deviation 1 through a product with `inputs` terms. */
const preserving = (inputs: number): Distribution => ({ type: 'normal', std: 1 / Math.sqrt(inputs) });

/**
 * A tied embedding has to stay small in the residual stream, else the output matrix finds the input token in it and the
 * model repeats one token. gemma3 multiplies embeddings by √n, so there it is made smaller still.
 */
const embeddingDistribution = (shape: ModelShape): Distribution => {
  if (!shape.hasTiedOutput) return { type: 'normal', std: 1 };
  const gain = shape.architecture === 'gemma3' ? 0.05 : 1;
  return { type: 'normal', std: gain / Math.sqrt(shape.embeddingLength) };
};

const norm = (name: string, length: number): PlannedTensor => ({
  name,
  shape: [length],
  type: float32Type,
  distribution: ones,
});

const hasHeadNorms = (shape: ModelShape): boolean =>
  shape.architecture === 'qwen3' || shape.architecture === 'qwen3moe' || shape.architecture === 'gemma3';

/** The tensors of one layer, with the names llama.cpp looks for (llama-arch.cpp, LLM_TENSOR_NAMES). */
const layerTensors = (shape: ModelShape, recipe: Recipe, layer: number): readonly PlannedTensor[] => {
  const { embeddingLength, feedForwardLength, headCount, headCountKv, headLength, experts } = shape;
  const at = (name: string) => `blk.${layer}.${name}`;
  const matrix = (name: string, dims: readonly [number, ...number[]], role: MatrixRole = 'layer') => ({
    name: at(name),
    shape: dims,
    type: recipe.typeFor(role, dims[0], layer),
    distribution: preserving(dims[0]),
  });
  const bias = (name: string, length: number): PlannedTensor => ({
    name: at(name),
    shape: [length],
    type: float32Type,
    distribution: { type: 'normal', std: 0.02 },
  });
  const queryLength = headCount * headLength;
  const keyLength = headCountKv * headLength;
  const expertLength = experts?.feedForwardLength ?? 0;
  return [
    norm(at('attn_norm.weight'), embeddingLength),
    matrix('attn_q.weight', [embeddingLength, queryLength]),
    matrix('attn_k.weight', [embeddingLength, keyLength]),
    matrix('attn_v.weight', [embeddingLength, keyLength], 'sensitive'),
    ...(shape.architecture === 'qwen2'
      ? [bias('attn_q.bias', queryLength), bias('attn_k.bias', keyLength), bias('attn_v.bias', keyLength)]
      : []),
    ...(hasHeadNorms(shape)
      ? [norm(at('attn_q_norm.weight'), headLength), norm(at('attn_k_norm.weight'), headLength)]
      : []),
    matrix('attn_output.weight', [queryLength, embeddingLength]),
    ...(shape.architecture === 'gemma3'
      ? [
          norm(at('post_attention_norm.weight'), embeddingLength),
          norm(at('post_ffw_norm.weight'), embeddingLength),
        ]
      : []),
    norm(at('ffn_norm.weight'), embeddingLength),
    ...(experts === undefined
      ? [
          matrix('ffn_gate.weight', [embeddingLength, feedForwardLength]),
          matrix('ffn_up.weight', [embeddingLength, feedForwardLength]),
          matrix('ffn_down.weight', [feedForwardLength, embeddingLength], 'sensitive'),
        ]
      : [
          { ...matrix('ffn_gate_inp.weight', [embeddingLength, experts.count]), type: float32Type },
          matrix('ffn_gate_exps.weight', [embeddingLength, expertLength, experts.count]),
          matrix('ffn_up_exps.weight', [embeddingLength, expertLength, experts.count]),
          matrix('ffn_down_exps.weight', [expertLength, embeddingLength, experts.count], 'sensitive'),
        ]),
  ];
};

/** All tensors in file order. */
export const planTensors = (shape: ModelShape, recipe: Recipe): readonly PlannedTensor[] => {
  const { embeddingLength, vocabularySize, hasTiedOutput } = shape;
  const embedding: PlannedTensor = {
    name: 'token_embd.weight',
    shape: [embeddingLength, vocabularySize],
    type: recipe.typeFor(hasTiedOutput ? 'output' : 'embedding', embeddingLength, 0),
    distribution: embeddingDistribution(shape),
  };
  const output: PlannedTensor = {
    name: 'output.weight',
    shape: [embeddingLength, vocabularySize],
    type: recipe.typeFor('output', embeddingLength, 0),
    distribution: { type: 'normal', std: 1.5 / Math.sqrt(embeddingLength) },
  };
  const layers = Array.from({ length: shape.blockCount }, (_, layer) => layerTensors(shape, recipe, layer));
  return [
    embedding,
    ...layers.flat(),
    norm('output_norm.weight', embeddingLength),
    ...(hasTiedOutput ? [] : [output]),
  ];
};
