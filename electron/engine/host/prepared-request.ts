import type { TokenLogprob } from '../engine.ts';
import type { AdapterMix } from './adapter-mix.ts';
import type { AnswerStream } from './answer/answer-stream.ts';
import type { SamplerSpec } from './batch-engine.ts';

/** Switches the grammar of the running answer; false when it does not allow the tokens already generated. */
export type SetGrammar = (gbnf: string | undefined, accepted: readonly number[]) => boolean;

/** A request whose prompt is tokens and whose grammar is GBNF: what the step loop needs, and no more. */
export interface PreparedRequest {
  readonly id: string;
  /** Never empty; with `maxTokens` it fits in a slot. */
  readonly prompt: Uint32Array;
  readonly maxTokens: number;
  readonly sampler: SamplerSpec;
  readonly adapters: AdapterMix;
  readonly answer: AnswerStream;
  readonly ignoreEos: boolean;
  readonly cachePrompt: boolean;
  readonly arrivedMs: number;
  isAborted: boolean;
  /** Control tokens whose text the answer's parser needs to see. */
  isSpecialShown(token: number): boolean;
  describeLogprob(
    token: number,
    logprob: number,
    top: readonly { readonly token: number; readonly logprob: number }[],
  ): TokenLogprob;
  /** Called after every token that did not end the answer: grammars that begin in the middle of it. */
  readonly afterToken?: (token: number, setGrammar: SetGrammar) => void;
}
