import type { AppError } from '../../../shared/errors/app-error.ts';
import { badHeader } from './header-errors.ts';
import { readHyperparameters, type Hyperparameters } from './hyperparameters.ts';
import type { Metadata } from './metadata.ts';

/** llama.cpp: LLAMA_MAX_LAYERS and LLAMA_MAX_EXPERTS (llama-hparams.h); beyond them it aborts. */
const MAX_LAYERS = 512;
const MAX_EXPERTS = 1024;
/** Far above any model, far below what overflows 32-bit products in llama.cpp. */
const MAX_LENGTH = 2 ** 24;
const MAX_CONTEXT = 2 ** 30;

/** A clause that says what is wrong: "block_count is 0". `undefined` when nothing is. */
type Rule = (model: Hyperparameters) => string | undefined;

const isWithin = (value: number | undefined, least: number, most: number): boolean =>
  value !== undefined && value >= least && value <= most;

/** "name is 0" or "name is missing", unless the value lies within the bounds. */
const bounded = (model: Hyperparameters, name: string, least: number, most: number): string | undefined => {
  const value = model.number(name);
  return isWithin(value, least, most) ? undefined : `${name} is ${value ?? 'missing'}`;
};

const boundedIfThere: typeof bounded = (model, name, least, most) =>
  model.number(name) === undefined ? undefined : bounded(model, name, least, most);

/** Recurrent and hybrid models have layers without attention or feed-forward part; there 0 is a fact. */
const isUniform = (model: Hyperparameters): boolean =>
  model.kind === 'transformer' || model.kind === 'encoder';

const lengths: Rule = (model) =>
  bounded(model, 'block_count', 1, MAX_LAYERS) ??
  bounded(model, 'embedding_length', 1, MAX_LENGTH) ??
  bounded(model, 'context_length', 1, MAX_CONTEXT) ??
  boundedIfThere(model, 'nextn_predict_layers', 0, model.layers);

/** A RoPE over 0 dimensions keeps llama.cpp busy for ever (seen with gemma3). */
const attentionLengths: Rule = (model) =>
  isUniform(model)
    ? (boundedIfThere(model, 'attention.key_length', 1, MAX_LENGTH) ??
      boundedIfThere(model, 'attention.value_length', 1, MAX_LENGTH) ??
      boundedIfThere(model, 'rope.dimension_count', 2, MAX_LENGTH))
    : undefined;

/** A count per layer that some layers may have at 0, but not all. */
const someAbove = (name: string, values: readonly number[] | 'wrong' | undefined): string | undefined => {
  if (values === undefined) return `${name} is missing`;
  if (values === 'wrong') return `${name} does not fit the number of layers`;
  if (values.some((value) => !isWithin(value, 0, MAX_LENGTH))) return `${name} is ${Math.max(...values)}`;
  return values.some((value) => value > 0) ? undefined : `${name} is 0`;
};

const heads: Rule = (model) => {
  if (!isUniform(model)) return undefined;
  const queries = model.perLayer('attention.head_count');
  const keys = model.perLayer('attention.head_count_kv') ?? queries;
  return someAbove('attention.head_count', queries) ?? someAbove('attention.head_count_kv', keys);
};

/** Query heads share key heads in equal groups; ggml asserts it in every product. */
const headGroups: Rule = (model) => {
  const queries = model.perLayer('attention.head_count');
  const keys = model.perLayer('attention.head_count_kv');
  if (!isUniform(model) || queries === undefined || keys === undefined) return undefined;
  if (queries === 'wrong' || keys === 'wrong') return undefined; // told by `heads`
  for (let layer = 0; layer < model.layers; layer += 1) {
    const queryHeads = queries[layer] ?? queries[0] ?? 0;
    const keyHeads = keys[layer] ?? keys[0] ?? 0;
    if (keyHeads > 0 && queryHeads % keyHeads !== 0) {
      return `attention.head_count ${queryHeads} is no multiple of head_count_kv ${keyHeads}`;
    }
  }
  return undefined;
};

/** Length of a head where all layers are alike; layers of two kinds (sliding window) have lengths of their own. */
const headLengths: Rule = (model) => {
  const counts = model.perLayer('attention.head_count');
  if (!isUniform(model) || counts === undefined || counts === 'wrong' || counts.length !== 1)
    return undefined;
  if (model.number('attention.key_length_swa') !== undefined) return undefined;
  const usualLength = Math.floor((model.number('embedding_length') ?? 0) / (counts[0] ?? 1));
  const keyLength = model.number('attention.key_length') ?? usualLength;
  const valueLength = model.number('attention.value_length') ?? usualLength;
  const ropeLength = model.number('rope.dimension_count') ?? keyLength;
  if (keyLength < 1 || valueLength < 1) return `embedding_length has no room for ${counts[0] ?? 0} heads`;
  if (model.needsEqualHeads && keyLength !== valueLength) {
    return `attention.key_length ${keyLength} is not its value_length ${valueLength}`;
  }
  if (ropeLength > keyLength || ropeLength % 2 !== 0) {
    return `rope.dimension_count is ${ropeLength} for heads of ${keyLength}`;
  }
  return model.needsFullRope && ropeLength !== valueLength
    ? `rope.dimension_count is ${ropeLength} for heads of ${valueLength}`
    : undefined;
};

/** Pure expert models may leave the dense length out. */
const feedForward: Rule = (model) => {
  const values = model.perLayer('feed_forward_length');
  if (!isUniform(model) || (values === undefined && (model.number('expert_count') ?? 0) > 0))
    return undefined;
  return someAbove('feed_forward_length', values);
};

const experts: Rule = (model) => {
  const count = model.number('expert_count') ?? 0;
  if (!isWithin(count, 0, MAX_EXPERTS)) return `expert_count is ${count}`;
  const used = model.perLayer('expert_used_count');
  if (used === 'wrong') return 'expert_used_count does not fit the number of layers';
  const mostUsed = Math.max(0, ...(used ?? []));
  if (mostUsed > count) return `expert_used_count is ${mostUsed} of ${count}`;
  return count > 0 && mostUsed === 0 ? 'expert_used_count is 0' : undefined;
};

const expertGroups: Rule = (model) => {
  const count = model.number('expert_count') ?? 0;
  const groups = model.number('expert_group_count') ?? 0;
  const used = model.number('expert_group_used_count') ?? 0;
  if (groups === 0 || (groups === 1 && count > 1)) return undefined;
  const isSane = groups < count && count % groups === 0 && isWithin(used, 1, groups - 1);
  return isSane
    ? undefined
    : `expert_group_count is ${groups} for ${count} experts, of which ${used} are used`;
};

/** llama.cpp: LLAMA_ROPE_SCALING_TYPES. */
const ropeScaling: Rule = (model) => {
  const type = model.text('rope.scaling.type');
  const isKnown = type === undefined || ['none', 'linear', 'yarn', 'longrope'].includes(type);
  return isKnown ? undefined : `rope.scaling.type is "${type}"`;
};

const rules = [
  lengths,
  attentionLengths,
  experts,
  expertGroups,
  heads,
  headGroups,
  headLengths,
  feedForward,
  ropeScaling,
] as const;

/**
 * Checks the dimensions llama.cpp asserts or divides by: missing, zero or too large, each ends its process with SIGABRT
 * or SIGFPE (llama-model.cpp, `load_hparams`). The first problem found; `undefined` when all are sane.
 */
export const checkHyperparameters = (
  metadata: Metadata,
  architecture: string,
  path: string,
): AppError | undefined => {
  const model = readHyperparameters(metadata, architecture);
  for (const rule of rules) {
    const problem = rule(model);
    if (problem !== undefined) return badHeader(path, `${architecture}.${problem}`);
  }
  return undefined;
};
