import type { GenerateRequest } from '../engine/engine.ts';
import type { ServedModel } from './router/route-table.ts';

/** What a parsed request asks of the engine, whichever dialect it came in. */

export interface ChoicePlan {
  readonly request: Omit<GenerateRequest, 'id'>;
  /** Choices of one prompt share it: usage counts the prompt once. */
  readonly promptIndex: number;
  /** False: the answer ends before a second tool call would begin. */
  readonly allowsParallelToolCalls: boolean;
}

export interface GenerationCall {
  readonly type: 'generation';
  readonly dialect: 'chat' | 'completion';
  readonly model: ServedModel;
  readonly choices: readonly ChoicePlan[];
  readonly isStream: boolean;
  /** A last stream chunk carries the token counts. */
  readonly includesUsage: boolean;
}

export interface EmbeddingCall {
  readonly type: 'embedding';
  readonly model: ServedModel;
  readonly inputs: readonly (string | readonly number[])[];
  readonly encoding: 'float' | 'base64';
}

export type Call = GenerationCall | EmbeddingCall;
