import { basename } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Metadata } from './metadata.ts';

/** What one weight matrix (or the matrices of all experts, one after the other) was multiplied with. */
export interface ImatrixEntry {
  /** Sum of squares per column, for each matrix. */
  readonly sums: Float32Array;
  /** Rows added up: one count for all, or one per expert. */
  readonly counts: readonly number[];
}

/** An importance matrix as the file has it. */
export interface Imatrix {
  /** By the name of the weights, `blk.0.attn_k.weight`. */
  readonly entries: ReadonlyMap<string, ImatrixEntry>;
  /** Paths of the texts it was collected on. */
  readonly datasets: readonly string[];
  readonly chunkCount: number;
  /** Tokens per chunk; 0 where an old file does not say. */
  readonly chunkSize: number;
  /** SHA-256 of the text, which only Dyno writes. */
  readonly textSha256: string | null;
}

/**
 * Keys and names of tools/imatrix/imatrix.cpp of llama.cpp v0.5.0; the last key is Dyno's own, which llama.cpp skips.
 */
export const imatrixKeys = {
  type: 'general.type',
  datasets: 'imatrix.datasets',
  chunkCount: 'imatrix.chunk_count',
  chunkSize: 'imatrix.chunk_size',
  textSha256: 'dyno.imatrix.text_sha256',
} as const;
export const sumsSuffix = '.in_sum2';
export const countsSuffix = '.counts';

export const badImatrix = (path: string, problem: string): AppError =>
  new AppError('models.bad-imatrix', `${basename(path)} is no usable importance matrix: ${problem}.`, {
    hint: 'Make one with dyno models imatrix MODEL --text FILE --out FILE, or with llama-imatrix.',
    details: { path },
  });

/** The keys llama-quantize writes into what it makes with an importance matrix (tools/quantize/quantize.cpp of v0.5.0). */
export const weightedKeys = {
  file: 'quantize.imatrix.file',
  dataset: 'quantize.imatrix.dataset',
  entryCount: 'quantize.imatrix.entries_count',
  chunkCount: 'quantize.imatrix.chunks_count',
} as const;

/** Whether a model was quantized with an importance matrix, by whatever tool. */
export const isMadeWithImatrix = (metadata: Metadata): boolean => metadata.has(weightedKeys.entryCount);

/** Mean square per column, as the quantizer takes it. An expert no token went to weighs every column the same. */
export const columnWeights = ({ sums, counts }: ImatrixEntry): Float32Array => {
  const columns = sums.length / counts.length;
  return sums.map((sum, index) => {
    const count = Math.fround(counts[Math.floor(index / columns)] ?? 0);
    return count > 0 ? Math.fround(sum / count) : 1;
  });
};
