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
  /**
   * An abort rejects at once; `onAbandoned` then gets a promise of the moment the child is gone and writes no more.
   * @throws AppError `models.quantize-failed`, `models.quantize-version`, `app.cancelled`
   */
  quantize(
    task: QuantizeTask,
    options: {
      readonly signal: AbortSignal;
      readonly onProgress: (progress: QuantizeProgress) => void;
      readonly onAbandoned?: (gone: Promise<unknown>) => void;
    },
  ): Promise<void>;
}
