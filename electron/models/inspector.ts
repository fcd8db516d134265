import type { EngineSettings } from '../../shared/contract/models.ts';

/**
 * The inspector as models and hardware need it: a throw-away child that runs llama.cpp for anything that could abort
 * (estimates, the device probe, quantization). Implemented in `engine/inspector`, handed down by `app`.
 */

export interface ResourceEstimate {
  readonly weightsRamBytes: number;
  readonly weightsVramBytes: number;
  readonly kvCacheBytes: number;
  /** Graph, compute and output buffers. */
  readonly computeBytes: number;
  readonly totalRamBytes: number;
  readonly totalVramBytes: number;
  readonly gpuLayers: number;
}

export interface DeviceProbe {
  readonly nodeLlamaCppVersion: string;
  readonly llamaCppRelease: string;
  readonly backend: string;
  readonly supportedBackends: readonly string[];
  readonly deviceNames: readonly string[];
  readonly vram: {
    readonly totalBytes: number;
    readonly usedBytes: number;
    readonly freeBytes: number;
  } | null;
  readonly cpuMathCores: number;
}

export interface QuantizeProgress {
  /** 0..1 by elements done. */
  readonly fraction: number;
  readonly note: string;
}

export interface QuantizeTask {
  readonly sourcePath: string;
  /** A temporary path; the caller renames. */
  readonly targetPath: string;
  /** llama_ftype value. */
  readonly ftype: number;
  readonly threads: number;
  readonly allowRequantize: boolean;
  /** An importance matrix to weigh the columns by. */
  readonly imatrixPath?: string | undefined;
}

export interface ImatrixProgress {
  /** 0..1 by chunks done. */
  readonly fraction: number;
  readonly note: string;
}

/** Where a model that is only read computes, and with how many threads. */
export interface ReadingDevice {
  /** The prebuilt llama.cpp to use, as node-llama-cpp names its packages. */
  readonly backend: 'cpu' | 'cuda' | 'vulkan' | 'metal';
  /** −1 = all. */
  readonly gpuLayers: number;
  readonly useMmap: boolean | 'auto';
  /** `isFixed`: the user chose; else the child takes what proves fastest up to `limit`. */
  readonly threads: { readonly limit: number; readonly isFixed: boolean };
}

export interface ImatrixTask extends Omit<ReadingDevice, 'gpuLayers'> {
  readonly file: { readonly path: string; readonly gpuLayers: number };
  /** The calibration text. */
  readonly textPath: string;
  /** A temporary path; the caller renames. */
  readonly targetPath: string;
  /** Tokens per chunk; a smaller training context clips it. */
  readonly contextSize: number;
  /** At most this many chunks, from the beginning; `null`: the whole text. */
  readonly maxChunks: number | null;
}

interface LongTaskOptions<Progress> {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** At an abort, which rejects at once: a promise of the moment the child is gone and writes no more. */
  readonly onAbandoned?: (gone: Promise<unknown>) => void;
}

export interface Inspector {
  /**
   * Memory of `settings` at each context size (tokens per slot), without loading weights.
   * @throws AppError `engine.crashed` when llama.cpp aborts on the file, `engine.load-failed`, `app.cancelled`
   */
  estimate(
    path: string,
    settings: EngineSettings,
    contextSizes: readonly number[],
    signal: AbortSignal,
  ): Promise<readonly (ResourceEstimate & { readonly contextSize: number })[]>;
  /** @throws AppError `hardware.probe-failed`, `app.cancelled` */
  probe(signal: AbortSignal): Promise<DeviceProbe>;
  /**
   * Bytes per second that `processes` children read from memory together, one figure per round: each streams over a
   * buffer of its own, larger than the caches.
   * @throws AppError `hardware.probe-failed`, `app.cancelled`
   */
  bandwidth(
    question: { readonly processes: number; readonly rounds: number; readonly bufferBytes: number },
    signal: AbortSignal,
  ): Promise<readonly number[]>;
  /** @throws AppError `models.quantize-failed`, `models.quantize-version`, `models.bad-imatrix`, `app.cancelled` */
  quantize(task: QuantizeTask, options: LongTaskOptions<QuantizeProgress>): Promise<void>;
  /** @throws AppError `models.imatrix-failed`, `engine.load-failed`, `engine.version-mismatch`, `app.cancelled` */
  collectImatrix(
    task: ImatrixTask,
    options: LongTaskOptions<ImatrixProgress>,
  ): Promise<{ readonly chunkCount: number; readonly entryCount: number }>;
}
