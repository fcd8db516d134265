import type { EngineReplica, GenerateRequest, Prompt } from '../engine/engine.ts';
import type { GenerationFormat } from './generation/format.ts';
import type { PromptReport } from './generation/report.ts';
import type { RequestRecorder } from './recording/recording-desk.ts';
import type { ServedModel } from './router/route-table.ts';

/** What a parsed request asks of the engine, whichever dialect it came in. */

export interface ChoicePlan {
  readonly request: Omit<GenerateRequest, 'id'>;
  /** Makes the prompt where only the engine can, in place of `request.prompt`. */
  readonly toPrompt?: (replica: EngineReplica) => Promise<Prompt>;
  /** Choices of one prompt share it: usage counts the prompt once. */
  readonly promptIndex: number;
  /** False: the answer ends before a second tool call would begin. */
  readonly allowsParallelToolCalls: boolean;
}

/** Takes tokens from limits and budgets while a call runs. */
export interface TokenMeter {
  /** The engine has counted the prompt. */
  began(promptTokens: number): void;
  /** False where there are no more output tokens, which ends the answer by its length. */
  take(tokens: number): boolean;
}

export interface GenerationCall {
  readonly type: 'generation';
  readonly model: ServedModel;
  readonly choices: readonly ChoicePlan[];
  readonly isStream: boolean;
  /** How the answers are written down. */
  readonly format: GenerationFormat;
  /** What was adjusted, for `x-dyno-warning`. */
  readonly warnings?: readonly string[];
  /** Counts against limits and budgets as it goes. */
  readonly meter?: TokenMeter;
  /** True when the request names a seed: the same one gives the same answer. */
  readonly isSeeded?: boolean;
  /** There while the owner records. */
  readonly recorder?: RequestRecorder;
}

export interface EmbeddingCall {
  readonly type: 'embedding';
  readonly model: ServedModel;
  readonly inputs: readonly (string | readonly number[])[];
  /** The body of the reply. */
  readonly toReply: (result: EmbeddingResult) => unknown;
  readonly warnings?: readonly string[];
}

export interface EmbeddingResult extends PromptReport {
  readonly vectors: readonly (readonly number[])[];
}

/** Asks a ready engine something that needs no slot: tokens, a rendered prompt. */
export interface QuestionCall {
  readonly type: 'question';
  readonly model: ServedModel;
  /** The body of the reply. */
  readonly answer: (replica: EngineReplica, signal: AbortSignal) => Promise<unknown>;
  readonly warnings?: readonly string[];
}

/** Asks how relevant documents are to a query. */
export interface RankCall {
  readonly type: 'rank';
  readonly model: ServedModel;
  readonly query: string;
  readonly documents: readonly string[];
  /** The body of the reply; scores are in the order of the documents. */
  readonly toReply: (result: RankResult) => unknown;
}

export interface RankResult extends PromptReport {
  readonly scores: readonly number[];
}

export type Call = GenerationCall | EmbeddingCall | RankCall | QuestionCall;
