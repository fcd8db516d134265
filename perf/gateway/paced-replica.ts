import type { EngineReplica, GenerateEvent, GenerateRequest } from '../../electron/engine/index.ts';
import type { Clock } from '../../electron/platform/ports.ts';
import type { EngineFacts, Replica } from '../../shared/contract/engine.ts';
import { engineSettingsSchema } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';

const facts: EngineFacts = {
  backend: 'none',
  nodeLlamaCppVersion: '',
  llamaCppRelease: '',
  batchEngine: 'fast',
  contextSize: 4096,
  slots: 256,
  threads: 1,
  batchSize: 512,
  flashAttention: false,
  kvKeyType: 'F16',
  kvValueType: 'F16',
  gpuLayers: 0,
  useMmap: false,
  vocabularySize: 32_000,
  embeddingLength: 256,
  trainedContextLength: 4096,
  features: { chat: true, tools: true, reasoning: false },
  loadMs: 0,
  memory: {
    processBytes: 0,
    modelRamBytes: 0,
    modelVramBytes: 0,
    contextRamBytes: 0,
    contextVramBytes: 0,
  },
};

/** Steps of a decode loop that several streams share, as an engine gives one token to every stream per step. */
export interface Pace {
  /** Resolves at the next step with the monotonic time it was taken, milliseconds. */
  next(): Promise<number>;
}

export const createPace = (clock: Clock, stepMs: number): Pace & Disposable => {
  let waiting: ((atMs: number) => void)[] = [];
  const timer = clock.every(stepMs, () => {
    const due = waiting;
    waiting = [];
    const atMs = clock.monotonicMs();
    for (const wake of due) wake(atMs);
  });
  return {
    next: () => new Promise((resolve) => void waiting.push(resolve)),
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  };
};

const never = () => Promise.reject(new AppError('engine.unsupported'));

/**
 * An engine that costs nothing: answers one token at once, or with `maxTokens` above 1 one token per step of `pace`.
 * The text of a token is the monotonic time it was made, so that a reader can tell how long it was on its way.
 */
export const createPacedReplica = (clock: Clock, pace: Pace): EngineReplica => {
  const snapshot = (): Replica => ({
    id: 'paced',
    modelId: 'paced',
    modelPath: '',
    settings: engineSettingsSchema.parse({ slots: facts.slots }),
    state: { type: 'ready', facts },
    pid: null,
    running: 0,
    queued: 0,
    kvTokens: 0,
    residentBytes: null,
  });

  async function* generate(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    const length = request.maxTokens ?? 1;
    yield { type: 'started', promptTokens: 16, cachedTokens: 0, queueMs: 0 };
    let outputTokens = 0;
    for (; outputTokens < length && !signal.aborted; outputTokens += 1) {
      const atMs = length === 1 ? clock.monotonicMs() : await pace.next();
      yield { type: 'delta', channel: 'content', text: `${atMs.toFixed(4)} `, tokens: 1 };
    }
    yield {
      type: 'finished',
      reason: signal.aborted ? 'aborted' : 'length',
      usage: { promptTokens: 16, cachedTokens: 0, outputTokens, reasoningTokens: 0 },
      timings: { queueMs: 0, prefillMs: 0, decodeMs: 0 },
    };
  }

  return {
    id: 'paced',
    modelId: 'paced',
    modelPath: '',
    snapshot,
    state: () => ({ type: 'ready', facts }),
    facts: () => facts,
    onChange: () => ({ [Symbol.dispose]: () => undefined }),
    generate,
    embed: never,
    rank: never,
    tokenize: never,
    detokenize: never,
    renderChat: never,
    runLadder: never,
    clearCache: () => Promise.resolve(),
    usage: () => Promise.resolve({ cpuSeconds: 0, residentBytes: 0 }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
};
