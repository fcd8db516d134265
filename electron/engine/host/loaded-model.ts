import type { EngineFacts } from '../../../shared/contract/engine.ts';
import type { BatchEngine } from './batch-engine.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface Embedder {
  /**
   * L2-normalised vector of one text. Not to be called while the batch engine decodes.
   * @throws AppError `engine.context-exceeded`, `engine.unsupported`
   */
  embed(
    text: string,
    threads: number,
  ): Promise<{ readonly vector: readonly number[]; readonly tokens: number }>;
}

/** Of a cross-encoder only. */
export interface Ranker {
  /**
   * How relevant the document is to the query, 0 to 1. Not to be called while the batch engine decodes.
   * @throws AppError `engine.context-exceeded`
   */
  rank(
    query: string,
    document: string,
    threads: number,
  ): Promise<{ readonly score: number; readonly tokens: number }>;
}

/** A model that is loaded in this process, with its one context. */
export interface LoadedModel {
  readonly engine: BatchEngine;
  readonly vocabulary: Vocabulary;
  /** The model's own Jinja template. */
  readonly chatTemplate: string | null;
  /** What the load itself knows; the child adds the rest. */
  readonly facts: Omit<EngineFacts, 'threads' | 'prefillThreads' | 'features' | 'loadMs'>;
  /** Cores that are of use for arithmetic; hyper-threads are not. */
  readonly physicalCores: number;
  readonly embedder: Embedder;
  readonly ranker: Ranker;
}
