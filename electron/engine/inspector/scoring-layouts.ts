import koffi from 'koffi';
import { z } from 'zod';

/** `llama_model_params` in include/llama.h of llama.cpp v0.5.0. */
const modelParamsLayout = {
  devices: 'void *',
  tensor_buft_overrides: 'void *',
  n_gpu_layers: 'int32_t',
  split_mode: 'int',
  load_mode: 'int',
  lazy_mode: 'int',
  main_gpu: 'int32_t',
  tensor_split: 'void *',
  progress_callback: 'void *',
  progress_callback_user_data: 'void *',
  kv_overrides: 'void *',
  vocab_only: 'bool',
  check_tensors: 'bool',
  use_extra_bufts: 'bool',
  no_host: 'bool',
  no_alloc: 'bool',
  load_mtp: 'bool',
} as const;

/** `llama_context_params` in include/llama.h of llama.cpp v0.5.0. */
const contextParamsLayout = {
  n_ctx: 'uint32_t',
  n_batch: 'uint32_t',
  n_ubatch: 'uint32_t',
  n_seq_max: 'uint32_t',
  n_rs_seq: 'uint32_t',
  n_outputs_max: 'uint32_t',
  n_outputs_max_per_seq: 'uint32_t',
  n_threads: 'int32_t',
  n_threads_batch: 'int32_t',
  ctx_type: 'int',
  rope_scaling_type: 'int',
  pooling_type: 'int',
  attention_type: 'int',
  flash_attn_type: 'int',
  rope_freq_base: 'float',
  rope_freq_scale: 'float',
  yarn_ext_factor: 'float',
  yarn_attn_factor: 'float',
  yarn_beta_fast: 'float',
  yarn_beta_slow: 'float',
  yarn_orig_ctx: 'uint32_t',
  defrag_thold: 'float',
  cb_eval: 'void *',
  cb_eval_user_data: 'void *',
  type_k: 'int',
  type_v: 'int',
  abort_callback: 'void *',
  abort_callback_data: 'void *',
  embeddings: 'bool',
  offload_kqv: 'bool',
  no_perf: 'bool',
  op_offload: 'bool',
  swa_full: 'bool',
  kv_unified: 'bool',
  samplers: 'void *',
  n_samplers: 'size_t',
  ctx_other: 'void *',
} as const;

/** `llama_batch` in include/llama.h of llama.cpp v0.5.0. */
const batchLayout = {
  n_tokens: 'int32_t',
  token: 'int32_t *',
  embd: 'float *',
  pos: 'int32_t *',
  n_seq_id: 'int32_t *',
  seq_id: 'void *',
  logits: 'int8_t *',
} as const;

/** The defaults v0.5.0 fills in, over all of the struct; anything else means that the layout does not fit. */
const modelDefaultsSchema = z.looseObject({
  devices: z.null(),
  n_gpu_layers: z.literal(-1),
  split_mode: z.literal(1),
  load_mode: z.literal(-1),
  lazy_mode: z.literal(1),
  main_gpu: z.literal(0),
  kv_overrides: z.null(),
  vocab_only: z.literal(false),
  check_tensors: z.literal(false),
  use_extra_bufts: z.literal(true),
  no_host: z.literal(false),
  no_alloc: z.literal(false),
  load_mtp: z.literal(false),
});

const contextDefaultsSchema = z.looseObject({
  n_ctx: z.literal(512),
  n_batch: z.literal(2048),
  n_ubatch: z.literal(512),
  n_seq_max: z.literal(1),
  n_outputs_max_per_seq: z.literal(1),
  n_threads: z.literal(4),
  rope_scaling_type: z.literal(-1),
  flash_attn_type: z.literal(-1),
  rope_freq_base: z.literal(0),
  yarn_ext_factor: z.literal(-1),
  yarn_orig_ctx: z.literal(0),
  cb_eval: z.null(),
  type_k: z.literal(1),
  type_v: z.literal(1),
  abort_callback: z.null(),
  embeddings: z.literal(false),
  offload_kqv: z.literal(true),
  no_perf: z.literal(true),
  op_offload: z.literal(true),
  swa_full: z.literal(true),
  kv_unified: z.literal(false),
  samplers: z.null(),
  ctx_other: z.null(),
});

/** `LLAMA_LOAD_MODE_*` in include/llama.h. */
export const loadModes = { auto: -1, none: 0, mmap: 1 } as const;

type Defaults = Readonly<Record<string, unknown>>;

interface ScoringDefaults {
  readonly model: Defaults;
  readonly context: Defaults;
}

/** Names the structs to koffi, once per process. */
export const registerScoringLayouts = (): void => {
  koffi.struct('llama_model_params', modelParamsLayout);
  koffi.struct('llama_context_params', contextParamsLayout);
  koffi.struct('llama_batch', batchLayout);
};

/** The library's own defaults, `undefined` when they do not look like those the layouts were written for. */
export const readScoringDefaults = (model: unknown, context: unknown): ScoringDefaults | undefined => {
  const parsedModel = modelDefaultsSchema.safeParse(model);
  const parsedContext = contextDefaultsSchema.safeParse(context);
  if (!parsedModel.success || !parsedContext.success) return undefined;
  return { model: parsedModel.data, context: parsedContext.data };
};
