import type {
  EnginePool,
  EngineReplica,
  GenerateEvent,
  GenerateRequest,
  LadderRepetition,
  LadderTest,
  LoadSpec,
  Prompt,
} from '../../electron/engine/engine.ts';
import type { Clock } from '../../electron/platform/ports.ts';
import type { EngineFacts, EngineState, Replica } from '../../shared/contract/engine.ts';
import { engineSettingsSchema } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { createFakeTokenizer } from './fake-tokenizer.ts';

export interface FakeEngineOptions {
  /** Decode speed of one sequence; 40 unless given. */
  readonly tokensPerSecond?: number;
  /** Prefill speed; ten times the decode speed unless given. */
  readonly prefillTokensPerSecond?: number;
  /** Same seed, same words and same noise. */
  readonly seed?: number;
  /** Half-width of the uniform noise on every time, relative; 0 unless given. */
  readonly noise?: number;
  /** Time passes on this clock; without one nothing waits and times are computed only. */
  readonly clock?: Clock;
  /** Tokens of an answer that ends by itself; 32 unless given. */
  readonly answerTokens?: number;
  readonly contextSize?: number;
  readonly facts?: Partial<EngineFacts>;
  /** Of the content it loaded; none unless given. */
  readonly fileId?: string;
}

export interface FakeReplica extends EngineReplica {
  /** Lets every call from now on fail with `error`, until called with `undefined`. */
  fail(error: AppError | undefined): void;
  readonly ladderRuns: readonly LadderTest[];
  readonly requests: readonly GenerateRequest[];
}

const mebibyte = 1024 ** 2;

/** What a loaded fake reports of itself. */
export const createFakeFacts = (overrides: Partial<EngineFacts> = {}): EngineFacts => ({
  backend: 'cpu',
  nodeLlamaCppVersion: '3.22.1',
  llamaCppRelease: 'b9999',
  batchEngine: 'fast',
  contextSize: 1024,
  slots: 4,
  threads: 2,
  batchSize: 512,
  flashAttention: true,
  kvKeyType: 'F16',
  kvValueType: 'F16',
  gpuLayers: 0,
  useMmap: true,
  vocabularySize: 4096,
  embeddingLength: 256,
  trainedContextLength: 1024,
  features: { chat: true, tools: false, reasoning: false },
  loadMs: 120,
  memory: {
    processBytes: 200 * mebibyte,
    modelRamBytes: 100 * mebibyte,
    modelVramBytes: 0,
    contextRamBytes: 20 * mebibyte,
    contextVramBytes: 0,
  },
  ...overrides,
});

/** Uniform numbers in 0..1 from a seed (Lehmer generator; period far beyond a test). */
const createNoise = (seed: number) => {
  let state = (seed % 2_147_483_646) + 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
};

/** A loaded model without a model: known speeds, seeded noise, a word tokenizer. Typed as the real replica. */
export const createFakeReplica = (
  options: FakeEngineOptions & { readonly id?: string; readonly spec?: LoadSpec } = {},
): FakeReplica => {
  const decodeTps = options.tokensPerSecond ?? 40;
  const prefillTps = options.prefillTokensPerSecond ?? decodeTps * 10;
  const settings = engineSettingsSchema.parse(options.spec?.settings ?? {});
  const asked = options.spec?.settings;
  const facts = createFakeFacts({
    contextSize: options.contextSize ?? (typeof asked?.contextSize === 'number' ? asked.contextSize : 1024),
    slots: settings.slots,
    ...(typeof settings.threads === 'number' && { threads: settings.threads }),
    ...options.facts,
  });
  const tokenizer = createFakeTokenizer();
  const noise = createNoise(options.seed ?? 1);
  const ladderRuns: LadderTest[] = [];
  const requests: GenerateRequest[] = [];
  const listeners = new Set<(replica: Replica) => void>();
  let state: EngineState = { type: 'ready', facts };
  let failure: AppError | undefined;
  let cpuSeconds = 0;

  const check = (): void => {
    if (failure !== undefined) throw failure;
    if (state.type !== 'ready') throw new AppError('engine.not-ready');
  };
  const snapshot = (): Replica => ({
    id: options.id ?? 'fake-1',
    modelId: options.spec?.modelId ?? 'fake-model',
    modelPath: options.spec?.path ?? '/models/fake-model.gguf',
    settings,
    state,
    pid: 4242,
    running: 0,
    queued: 0,
    kvTokens: 0,
    residentBytes: facts.memory.processBytes,
  });
  const durationMs = (tokens: number, tokensPerSecond: number): number =>
    (tokens / tokensPerSecond) * 1000 * (1 + (options.noise ?? 0) * (2 * noise() - 1));
  const spend = async (ms: number, signal?: AbortSignal): Promise<void> => {
    cpuSeconds += (ms / 1000) * facts.threads;
    if (signal?.aborted === true) throw new AppError('app.cancelled');
    await options.clock?.sleep(ms, signal);
  };
  const textOf = (prompt: Prompt): string => {
    if (prompt.type === 'text') return prompt.text;
    if (prompt.type === 'tokens') return tokenizer.decode(prompt.tokens);
    return (
      prompt.messages.map((message) => `<|${message.role}|> ${message.content}\n`).join('') + '<|assistant|>'
    );
  };

  async function* generate(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    check();
    requests.push(request);
    const promptTokens = tokenizer.encode(textOf(request.prompt)).length;
    const room = facts.contextSize - promptTokens;
    if (room < (request.maxTokens ?? 1)) {
      throw new AppError('engine.context-exceeded', `The prompt has ${promptTokens} tokens.`);
    }
    const natural = request.ignoreEos === true ? Infinity : (options.answerTokens ?? 32);
    const length = Math.min(request.maxTokens ?? room, room, natural);
    yield { type: 'started', promptTokens, cachedTokens: 0, queueMs: 0 };
    const prefillMs = durationMs(promptTokens, prefillTps);
    let outputTokens = 0;
    let decodeMs = 0;
    try {
      await spend(prefillMs, signal);
      for (; outputTokens < length; outputTokens += 1) {
        if (outputTokens > 0) {
          const stepMs = durationMs(1, decodeTps);
          decodeMs += stepMs;
          await spend(stepMs, signal);
        }
        check();
        yield { type: 'delta', channel: 'content', text: tokenizer.word(noise()), tokens: 1 };
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    yield {
      type: 'finished',
      reason: signal.aborted ? 'aborted' : length === natural ? 'stop' : 'length',
      usage: { promptTokens, cachedTokens: 0, outputTokens, reasoningTokens: 0 },
      timings: { queueMs: 0, prefillMs, decodeMs },
    };
  }

  const runLadder: EngineReplica['runLadder'] = async (test, { signal, onTick }) => {
    check();
    ladderRuns.push(test);
    const perSequence = test.kind === 'prefill' ? prefillTps : decodeTps;
    const tokens = test.tokens * test.sequences;
    const wallMs = durationMs(test.tokens, perSequence);
    await spend(wallMs, signal);
    check();
    onTick?.(tokens);
    const repetition: LadderRepetition = {
      wallMs,
      tokens,
      tokensPerSecond: (tokens / wallMs) * 1000,
      cpuPerWall: facts.threads,
      residentBytes: facts.memory.processBytes + test.tokens * 1024,
    };
    return repetition;
  };

  return {
    id: options.id ?? 'fake-1',
    modelId: snapshot().modelId,
    modelPath: snapshot().modelPath,
    fileId: () => options.fileId ?? null,
    snapshot,
    state: () => state,
    facts: () => {
      check();
      return facts;
    },
    onChange: (act) => {
      listeners.add(act);
      return { [Symbol.dispose]: () => void listeners.delete(act) };
    },
    generate,
    embed: async (inputs) => {
      check();
      await spend(1);
      const promptTokens = inputs.reduce((sum, text) => sum + tokenizer.encode(text).length, 0);
      const length = 1 / Math.sqrt(facts.embeddingLength);
      return { vectors: inputs.map(() => Array<number>(facts.embeddingLength).fill(length)), promptTokens };
    },
    rank: () => Promise.reject(new AppError('engine.unsupported')),
    tokenize: async (text) => {
      await Promise.resolve();
      check();
      return tokenizer.encode(text);
    },
    detokenize: async (tokens) => {
      await Promise.resolve();
      check();
      return tokenizer.decode(tokens);
    },
    renderChat: async (prompt) => {
      await Promise.resolve();
      check();
      const text = textOf(prompt);
      return { text, tokens: tokenizer.encode(text).length };
    },
    runLadder,
    clearCache: () => Promise.resolve(),
    usage: () => Promise.resolve({ cpuSeconds, residentBytes: facts.memory.processBytes }),
    [Symbol.asyncDispose]: async () => {
      await Promise.resolve();
      state = { type: 'stopped' };
      for (const listener of listeners) listener(snapshot());
    },
    fail: (error) => {
      failure = error;
    },
    ladderRuns,
    requests,
  };
};

export interface FakeEngine extends EnginePool {
  /** Every replica made so far, in order of loading. */
  readonly replicas: readonly FakeReplica[];
  readonly loads: readonly LoadSpec[];
  /** Replicas loaded and not disposed yet. */
  openCount(): number;
  /** Lets loading this model fail, until called with `undefined`. */
  failLoad(modelId: string, error: AppError | undefined): void;
}

/**
 * A pool whose replicas have the given speeds.
 * @param speedOf overrides of single models, by model id.
 */
export const createFakeEngine = (
  options: FakeEngineOptions & {
    readonly speedOf?: (modelId: string) => FakeEngineOptions;
  } = {},
): FakeEngine => {
  const replicas: FakeReplica[] = [];
  const loads: LoadSpec[] = [];
  const loadFailures = new Map<string, AppError>();
  const listeners = new Set<(replica: Replica) => void>();
  const isOpen = (replica: FakeReplica) => replica.state().type !== 'stopped';

  return {
    acquire: async (spec, { signal, onProgress }) => {
      if (signal.aborted) throw new AppError('app.cancelled');
      loads.push(spec);
      await options.clock?.sleep(50, signal);
      const failure = loadFailures.get(spec.modelId);
      if (failure !== undefined) throw failure;
      onProgress?.(1);
      const replica = createFakeReplica({
        ...options,
        ...options.speedOf?.(spec.modelId),
        seed: (options.seed ?? 1) + replicas.length,
        id: `fake-${replicas.length + 1}`,
        spec,
      });
      replicas.push(replica);
      replica.onChange((change) => {
        for (const listener of listeners) listener(change);
      });
      for (const listener of listeners) listener(replica.snapshot());
      return replica;
    },
    list: () => replicas.filter(isOpen).map((replica) => replica.snapshot()),
    unload: async (replicaId) => {
      await replicas.find((replica) => replica.id === replicaId)?.[Symbol.asyncDispose]();
    },
    onChange: (act) => {
      listeners.add(act);
      return { [Symbol.dispose]: () => void listeners.delete(act) };
    },
    [Symbol.asyncDispose]: async () => {
      for (const replica of replicas) await replica[Symbol.asyncDispose]();
    },
    replicas,
    loads,
    openCount: () => replicas.filter(isOpen).length,
    failLoad: (modelId, error) => {
      if (error === undefined) loadFailures.delete(modelId);
      else loadFailures.set(modelId, error);
    },
  };
};
