import type { EngineFacts, EngineState, Replica } from '../../shared/contract/engine.ts';
import type { EngineSettings } from '../../shared/contract/models.ts';
import type { ThreadChoice } from './thread-policy.ts';

/**
 * The engine as the rest of the host sees it: replicas, each one loaded model in a child process of its own.
 * The state machine is in `shared/contract/engine.ts`.
 */

/** A chat message as templates expect it. Content is plain text; images are not supported by this engine. */
export interface ChatMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  readonly name?: string;
  readonly reasoning?: string;
  readonly toolCalls?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly toolCallId?: string;
}

export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  /** JSON schema of the arguments object. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Arguments that break the schema must be impossible: refused where the engine cannot promise it. */
  readonly isStrict?: boolean;
}

export type ToolChoice =
  { readonly type: 'none' | 'auto' | 'required' } | { readonly type: 'named'; readonly name: string };

export type Prompt =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tokens'; readonly tokens: readonly number[] }
  | {
      readonly type: 'chat';
      readonly messages: readonly ChatMessage[];
      readonly tools?: readonly ToolDefinition[];
      readonly toolChoice?: ToolChoice;
      /** Handed to the model's template as variables, e.g. `{ enable_thinking: false }`. */
      readonly templateVariables?: Readonly<Record<string, unknown>>;
    };

/** All explicit: the library's own defaults (top-k 40, top-p 0.95) never apply. */
export interface Sampling {
  /** 0 = greedy. */
  readonly temperature: number;
  /** 0 = off. */
  readonly topK: number;
  /** Locally typical sampling, between top-k and top-p; 1 = off. */
  readonly typicalP: number;
  /** 1 = off. */
  readonly topP: number;
  /** 0 = off. */
  readonly minP: number;
  readonly repeatPenalty: number;
  readonly repeatLastN: number;
  readonly frequencyPenalty: number;
  readonly presencePenalty: number;
  /** Same seed, same settings, same slot count: same tokens. */
  readonly seed: number;
  /** Token id → additive bias in logits, −100..100. */
  readonly logitBias: Readonly<Record<string, number>>;
}

export type Grammar =
  | { readonly type: 'json-object' }
  | { readonly type: 'json-schema'; readonly schema: Readonly<Record<string, unknown>> }
  | { readonly type: 'gbnf'; readonly text: string };

/** A LoRA adapter that is loaded with a model; its place in the list is the id that requests name. */
export interface AdapterFile {
  readonly path: string;
  /** At work in requests that name no adapters; 0: only for those that do. */
  readonly scale: number;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** A loaded adapter in one request. */
export interface AdapterScale {
  readonly id: number;
  readonly scale: number;
}

export interface GenerateRequest {
  readonly id: string;
  readonly prompt: Prompt;
  readonly sampling: Sampling;
  /** `null`: until the context of the slot is full. */
  readonly maxTokens: number | null;
  readonly stop: readonly string[];
  readonly grammar?: Grammar;
  /** Log-probabilities of the model (before sampling transforms) with this many alternatives, 0..20. */
  readonly logprobs?: { readonly top: number };
  readonly ignoreEos?: boolean;
  /** Reuse of the longest common prefix of an earlier prompt; true unless told otherwise. */
  readonly cachePrompt?: boolean;
  /** Adapters at work, all others are off; those of the load, unless given. */
  readonly adapters?: readonly AdapterScale[];
}

export interface TokenLogprob {
  readonly token: string;
  readonly bytes: readonly number[];
  readonly logprob: number;
  readonly top: readonly {
    readonly token: string;
    readonly bytes: readonly number[];
    readonly logprob: number;
  }[];
}

export interface GenerateUsage {
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

/** Engine-side times of one request; milliseconds. */
export interface GenerateTimings {
  readonly queueMs: number;
  /** First prefill step to the first sampled token. */
  readonly prefillMs: number;
  /** First sampled token to the last. */
  readonly decodeMs: number;
}

export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'aborted';

export type GenerateEvent =
  | {
      readonly type: 'started';
      readonly promptTokens: number;
      readonly cachedTokens: number;
      readonly queueMs: number;
    }
  | {
      readonly type: 'delta';
      readonly channel: 'content' | 'reasoning';
      readonly text: string;
      /** Tokens this delta stands for; a delta may hold back an incomplete UTF-8 character or stop string. */
      readonly tokens: number;
      readonly logprobs?: readonly TokenLogprob[];
    }
  | {
      readonly type: 'tool-call';
      readonly index: number;
      readonly id: string;
      readonly name: string;
      /** A piece of the arguments' JSON text; concatenate by `index`. */
      readonly argumentsDelta: string;
      readonly tokens: number;
    }
  | {
      readonly type: 'finished';
      readonly reason: FinishReason;
      /** The stop string that ended the answer. */
      readonly stopText?: string;
      readonly usage: GenerateUsage;
      readonly timings: GenerateTimings;
    };

/** Engine ladder: no HTTP, greedy, prefix cache off, comparable to llama-bench's pp and tg. */
export interface LadderTest {
  readonly kind: 'prefill' | 'decode';
  /** Per sequence. */
  readonly tokens: number;
  /** Tokens already in the cache of every sequence before the clock starts. */
  readonly depth: number;
  readonly sequences: number;
  readonly seed: number;
}

/** One repetition of a ladder test. */
export interface LadderRepetition {
  readonly wallMs: number;
  /** All sequences together. */
  readonly tokens: number;
  /** tokens / wall. */
  readonly tokensPerSecond: number;
  /** CPU seconds of the engine process over wall seconds. */
  readonly cpuPerWall: number;
  readonly residentBytes: number;
}

export interface EngineReplica extends AsyncDisposable {
  readonly id: string;
  readonly modelId: string;
  readonly modelPath: string;
  /**
   * Which content was loaded, as `identifyModel` names it; `null` before a load, and where the file changed while it was
   * read. A restart after a crash reads the file anew, so it may be another one then.
   */
  fileId(): string | null;
  snapshot(): Replica;
  state(): EngineState;
  /** Facts of the loaded engine. Throws `engine.not-ready` in any state but `ready`. */
  facts(): EngineFacts;
  /** Calls `act` on every change of state, until disposed. */
  onChange(act: (replica: Replica) => void): Disposable;
  /**
   * Yields `started`, then deltas, then exactly one `finished`. Aborting `signal` stops the request within one step,
   * also in prefill, and ends with `finished: aborted`.
   * @throws AppError `engine.context-exceeded`, `engine.unsupported`, `engine.bad-grammar`, `engine.bad-template`,
   *   `engine.crashed`, `engine.not-ready`
   */
  generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<GenerateEvent>;
  /** One L2-normalised vector per input, mean pooling unless the model says otherwise; plus prompt tokens used. */
  embed(
    inputs: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly vectors: readonly (readonly number[])[]; readonly promptTokens: number }>;
  /**
   * How relevant each document is to the query, in the order given, plus prompt tokens used: 0 to 1 by a cross-encoder;
   * by any other model that embeds (`facts().ranking`) the cosine similarity of the embeddings, −1 to 1.
   * @throws AppError `engine.unsupported` for a model that does neither, `engine.context-exceeded`
   */
  rank(
    query: string,
    documents: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly scores: readonly number[]; readonly promptTokens: number }>;
  tokenize(text: string, options?: { readonly parseSpecial?: boolean }): Promise<readonly number[]>;
  detokenize(tokens: readonly number[]): Promise<string>;
  /** Prompt text and token count of a chat, as the model's template renders it. */
  renderChat(
    prompt: Extract<Prompt, { type: 'chat' }>,
  ): Promise<{ readonly text: string; readonly tokens: number }>;
  /** Runs one repetition. The replica must be idle; `onTick` gets tokens done so far, at most 8 times a second. */
  runLadder(
    test: LadderTest,
    options: { readonly signal: AbortSignal; readonly onTick?: (tokensDone: number) => void },
  ): Promise<LadderRepetition>;
  /** Drops every cached prefix (before a benchmark). */
  clearCache(): Promise<void>;
  /** CPU seconds the engine process used so far, and its resident memory. */
  usage(): Promise<{ readonly cpuSeconds: number; readonly residentBytes: number }>;
}

export interface LoadSpec {
  readonly modelId: string;
  readonly path: string;
  readonly settings: EngineSettings;
  /** LoRA adapters beside the model; none unless given. */
  readonly adapters?: readonly AdapterFile[];
  /** With threads on `auto`: these, as another engine of a comparison chose; else remembered or measured ones. */
  readonly threadChoice?: ThreadChoice | undefined;
  /** Benchmarks get a fresh process of their own and never share it. */
  readonly isExclusive: boolean;
}

export interface EnginePool extends AsyncDisposable {
  /**
   * Loads the model, or joins the load of an equal shared spec. Resolves when the replica is ready.
   * Disposing the returned replica unloads it when no one else holds it.
   * @throws AppError `models.*` (header validation, weights that are no numbers), `engine.load-failed`, `engine.out-of-memory`, `engine.crashed`,
   *   `engine.marked-bad`, `app.cancelled`
   */
  acquire(
    spec: LoadSpec,
    options: { readonly signal: AbortSignal; readonly onProgress?: (fraction: number) => void },
  ): Promise<EngineReplica>;
  list(): readonly Replica[];
  /** Stops a replica whoever holds it; their requests get `engine.not-ready`. */
  unload(replicaId: string): Promise<void>;
  onChange(act: (replica: Replica) => void): Disposable;
}
