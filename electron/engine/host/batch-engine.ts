import type { Sampling } from '../engine.ts';
import type { AdapterMix } from './adapter-mix.ts';

/** How a sequence picks its tokens. Set once per request; nothing is allocated per token. */
export interface SamplerSpec {
  readonly sampling: Sampling;
  /** The last tokens of the prompt: the penalties' history. */
  readonly history: readonly number[];
  /** GBNF that the answer must follow. */
  readonly grammar?: string;
  /** The grammar comes later, by `setGrammar`: an answer that must follow it cannot end before. */
  readonly awaitsGrammar?: boolean;
  /** Alternatives wanted with each token's log-probability; `undefined`: no log-probabilities. */
  readonly topLogprobs?: number;
}

/** Tokens of one sequence in a step, appended at `position`. */
export interface StepItem {
  readonly sequence: number;
  readonly position: number;
  readonly tokens: Uint32Array;
  /** Of the last token: nothing, its logits only (a ladder), or a sampled next token. */
  readonly want: 'nothing' | 'logits' | 'token';
}

export interface Sampled {
  readonly token: number;
  /** Natural logarithm of the token's probability under the model, before any sampling transform. */
  readonly logprob?: number;
  /** The most likely tokens, best first. */
  readonly top?: readonly { readonly token: number; readonly logprob: number }[];
}

/**
 * One context with a fixed number of sequences, stepped by its one owner. No call may be made while `decode` or
 * `copy` is pending: the native batch is not guarded. Memory is given back by the end of the process.
 */
export interface BatchEngine {
  readonly kind: 'fast' | 'public';
  readonly slots: number;
  /** Tokens per sequence. */
  readonly contextSize: number;
  /** Tokens of all items of one `decode` together. */
  readonly batchSize: number;
  /**
   * `any-prefix`: a sequence can be cut at any length and copied. `whole`: recurrent, hybrid and sliding-window
   * models can only go on from where they are, or start over.
   */
  readonly reuse: 'any-prefix' | 'whole';
  /** Threads of the steps that follow. */
  setThreads(threads: number): void;
  /** Adapters of the steps that follow. True for a change, which costs the next step a new plan of its graph. */
  useAdapters(mix: AdapterMix): boolean;
  /** @throws AppError `engine.bad-grammar` */
  checkGrammar(gbnf: string): void;
  /** Starts a sequence's sampler afresh. */
  configure(sequence: number, spec: SamplerSpec): void;
  /**
   * Switches a running sequence's grammar on (after `accepted` tokens of it were already generated) or off.
   * False when the grammar does not accept those tokens; it is then off.
   */
  setGrammar(sequence: number, gbnf: string | undefined, accepted: readonly number[]): boolean;
  /**
   * Runs the items as one batch and samples where asked; results in the order of the items. `onDecoded` is called
   * between the two, where they are two.
   */
  decode(items: readonly StepItem[], onDecoded?: () => void): Promise<readonly (Sampled | undefined)[]>;
  /** Keeps the first `length` tokens of a sequence. False when the model cannot; the sequence is then empty. */
  truncate(sequence: number, length: number): boolean | Promise<boolean>;
  /** True when `copy` works. */
  readonly canCopy: boolean;
  /** Makes `target` equal to `source`. The buffers are copied at the next `decode`. */
  copy(target: number, source: number): Promise<void>;
  /** True when a sequence's state can go to a file and back. */
  readonly canSave: boolean;
  /** Writes the state of `sequence`, which holds `tokens`. False while a copy waits for its `decode`. */
  saveState(sequence: number, path: string, tokens: readonly number[]): Promise<boolean>;
  /**
   * Replaces the sequence by a state that `saveState` wrote; the tokens it then holds. `undefined` while a copy waits
   * for its `decode`. The file must be whole: llama.cpp ends the process on a truncated one.
   */
  loadState(sequence: number, path: string): Promise<readonly number[] | undefined>;
}
