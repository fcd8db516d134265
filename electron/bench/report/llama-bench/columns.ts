import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { LlamaBenchRow } from '../llama-bench-row.ts';

/**
 * The columns of llama-bench at llama.cpp v0.5.0, the release inside node-llama-cpp 3.22.1, in its order, with the type
 * it gives each. A test compares them with the real program's output.
 */
export const llamaBenchColumns = {
  build_commit: 'text',
  build_number: 'integer',
  cpu_info: 'text',
  gpu_info: 'text',
  backends: 'text',
  model_filename: 'text',
  model_type: 'text',
  model_size: 'integer',
  model_n_params: 'integer',
  n_batch: 'integer',
  n_ubatch: 'integer',
  n_threads: 'integer',
  cpu_mask: 'text',
  cpu_strict: 'boolean',
  poll: 'integer',
  type_k: 'text',
  type_v: 'text',
  n_gpu_layers: 'integer',
  n_cpu_moe: 'integer',
  split_mode: 'text',
  main_gpu: 'integer',
  no_kv_offload: 'boolean',
  flash_attn: 'integer',
  devices: 'text',
  tensor_split: 'text',
  tensor_buft_overrides: 'text',
  load_mode: 'text',
  lazy_mode: 'text',
  embeddings: 'boolean',
  no_op_offload: 'integer',
  no_host: 'boolean',
  fit_target: 'integer',
  fit_min_ctx: 'integer',
  n_prompt: 'integer',
  n_gen: 'integer',
  n_depth: 'integer',
  test_time: 'text',
  avg_ns: 'integer',
  stddev_ns: 'integer',
  avg_ts: 'real',
  stddev_ts: 'real',
} as const;

export type LlamaBenchColumn = keyof typeof llamaBenchColumns;

/** A line of llama-bench: every column as the program prints it (booleans as 0 and 1), and what its JSON adds. */
export interface LlamaBenchLine {
  readonly values: Readonly<Record<LlamaBenchColumn, string | number>>;
  /** Time of each repetition, ns. */
  readonly samplesNs: readonly number[];
  /** Speed of each repetition, tokens/s. */
  readonly samplesTs: readonly number[];
}

/** What a Dyno engine runs with and cannot change: llama.cpp's defaults, which are llama-bench's as well. */
const fixed = {
  cpu_mask: '0x0',
  cpu_strict: 0,
  poll: 50,
  n_cpu_moe: 0,
  split_mode: 'layer',
  main_gpu: 0,
  no_kv_offload: 0,
  devices: 'auto',
  tensor_split: '0.00',
  tensor_buft_overrides: 'none',
  lazy_mode: 'auto',
  embeddings: 0,
  no_op_offload: 0,
  no_host: 0,
  fit_target: 0,
  fit_min_ctx: 0,
} as const;

/** A result in llama-bench's columns. */
export const lineOf = (row: LlamaBenchRow): LlamaBenchLine => {
  const tokens = row.promptTokens + row.generatedTokens;
  const samplesNs = row.samplesTps.map((speed) => Math.round((tokens / speed) * 1e9));
  return {
    samplesNs,
    samplesTs: row.samplesTps,
    values: {
      ...fixed,
      build_commit: row.build,
      build_number: 0,
      cpu_info: row.processor,
      gpu_info: row.gpus,
      backends: row.backend,
      model_filename: row.modelFile,
      model_type: row.modelDescription,
      model_size: Math.round(row.modelBytes),
      model_n_params: row.parameterCount,
      n_batch: row.batchSize,
      n_ubatch: row.batchSize,
      n_threads: row.threads,
      type_k: row.typeK,
      type_v: row.typeV,
      n_gpu_layers: row.gpuLayers,
      flash_attn: row.flashAttention,
      load_mode: row.usesMmap ? 'mmap' : 'none',
      n_prompt: row.promptTokens,
      n_gen: row.generatedTokens,
      n_depth: row.depth,
      test_time: new Date(row.startedAtMs ?? 0).toISOString().replace(/\.\d+Z$/, 'Z'),
      avg_ns: Math.round(mean(samplesNs)),
      stddev_ns: samplesNs.length < 2 ? 0 : Math.round(sampleStandardDeviation(samplesNs)),
      avg_ts: row.averageTps,
      stddev_ts: row.deviationTps,
    },
  };
};
