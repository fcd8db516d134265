import type { EngineStep } from '../../shared/contract/engine-steps.ts';
import type { EngineFacts } from '../../shared/contract/engine.ts';
import type { EngineSettings } from '../../shared/contract/models.ts';
import type { ErrorPayload } from '../../shared/errors/app-error.ts';
import type {
  AdapterFile,
  GenerateEvent,
  GenerateRequest,
  LadderRepetition,
  LadderTest,
  Prompt,
} from './engine.ts';
import type { ThreadChoice } from './thread-policy.ts';

/**
 * What the host and an engine child say to each other. One `step` message carries the events of all sequences of a
 * decode step: a message costs 8 + 5 µs of CPU on the two sides, so one per token per request would not scale.
 */

/** The disk tier of the prefix cache. */
export interface PrefixCachePlace {
  /** Shared by all engines of the machine. */
  readonly folder: string;
  /** 0 keeps nothing and removes what is there. */
  readonly limitBytes: number;
  /** See `identifyModel`. */
  readonly model: string;
}

export interface LoadMessage {
  readonly type: 'load';
  readonly path: string;
  readonly settings: EngineSettings;
  readonly adapters: readonly AdapterFile[];
  /** Threads this process may use at most, shared engines counted. */
  readonly threadLimit: number;
  /** What an earlier load measured on this machine for a model of this size; `null` lets the child measure. */
  readonly knownThreads: ThreadChoice | null;
  /** Looks at every weight while it loads; once per file is enough. */
  readonly checkTensors: boolean;
  /** Where prefixes are kept over restarts; `null` in benchmarks. */
  readonly prefixCache: PrefixCachePlace | null;
  /** `public` leaves the fast implementation alone: the fallback's own tests. */
  readonly batchEngine: 'auto' | 'public';
}

export type EngineCall =
  | { readonly method: 'embed'; readonly inputs: readonly string[] }
  | { readonly method: 'rank'; readonly query: string; readonly documents: readonly string[] }
  | { readonly method: 'tokenize'; readonly text: string; readonly parseSpecial: boolean }
  | { readonly method: 'detokenize'; readonly tokens: readonly number[] }
  | { readonly method: 'render'; readonly prompt: Extract<Prompt, { type: 'chat' }> }
  | { readonly method: 'ladder'; readonly test: LadderTest }
  | { readonly method: 'clear-cache' }
  | { readonly method: 'usage' };

export type EngineCallResult =
  | {
      readonly method: 'embed';
      readonly vectors: readonly (readonly number[])[];
      readonly promptTokens: number;
    }
  | { readonly method: 'rank'; readonly scores: readonly number[]; readonly promptTokens: number }
  | { readonly method: 'tokenize'; readonly tokens: readonly number[] }
  | { readonly method: 'detokenize'; readonly text: string }
  | { readonly method: 'render'; readonly text: string; readonly tokens: number }
  | { readonly method: 'ladder'; readonly repetition: LadderRepetition }
  | { readonly method: 'clear-cache' }
  | { readonly method: 'usage'; readonly cpuSeconds: number; readonly residentBytes: number };

export type HostMessage =
  | LoadMessage
  | { readonly type: 'generate'; readonly request: GenerateRequest }
  | { readonly type: 'abort'; readonly id: string }
  | { readonly type: 'call'; readonly callId: number; readonly call: EngineCall }
  | { readonly type: 'cancel-call'; readonly callId: number }
  | { readonly type: 'limit-threads'; readonly threadLimit: number };

/** How busy the child is; sent with every step. */
export interface EngineLoad {
  readonly running: number;
  readonly queued: number;
  readonly kvTokens: number;
  readonly residentBytes: number;
  /** How late the child's event loop was, since it began to answer; read once a second. */
  readonly loopDelayP99Ms: number | null;
}

export type ChildMessage =
  | { readonly type: 'progress'; readonly fraction: number; readonly residentBytes: number }
  | {
      readonly type: 'loaded';
      readonly facts: EngineFacts;
      /** Set when the child measured on an otherwise quiet machine: worth keeping. */
      readonly measuredThreads: ThreadChoice | null;
    }
  | { readonly type: 'load-failed'; readonly error: ErrorPayload }
  | {
      readonly type: 'step';
      readonly events: readonly (readonly [requestId: string, event: GenerateEvent])[];
      /** Every step since the last message, exactly: each adds 1 + 0.7 µs of CPU on the two sides (Node 24, 40,000 messages). */
      readonly steps: readonly EngineStep[];
      readonly load: EngineLoad;
    }
  | { readonly type: 'request-failed'; readonly id: string; readonly error: ErrorPayload }
  | { readonly type: 'result'; readonly callId: number; readonly result: EngineCallResult }
  | { readonly type: 'call-failed'; readonly callId: number; readonly error: ErrorPayload }
  | { readonly type: 'tick'; readonly callId: number; readonly tokensDone: number }
  /** The oversubscription watchdog acted. */
  | { readonly type: 'threads-changed'; readonly threads: number; readonly reason: string }
  /** Something went wrong that cost no request anything; for the log. */
  | { readonly type: 'problem'; readonly message: string };

const hostTypes: ReadonlySet<string> = new Set<HostMessage['type']>([
  'load',
  'generate',
  'abort',
  'call',
  'cancel-call',
  'limit-threads',
]);

const childTypes: ReadonlySet<string> = new Set<ChildMessage['type']>([
  'progress',
  'loaded',
  'load-failed',
  'step',
  'request-failed',
  'result',
  'call-failed',
  'tick',
  'threads-changed',
  'problem',
]);

const typeOf = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
    ? value.type
    : undefined;

/**
 * Both ends are this program in one version, so a message is known by its type alone: parsing every step's content
 * again would cost more than sending it.
 */
export const isHostMessage = (value: unknown): value is HostMessage => hostTypes.has(typeOf(value) ?? '');

/** See `isHostMessage`. */
export const isChildMessage = (value: unknown): value is ChildMessage => childTypes.has(typeOf(value) ?? '');
