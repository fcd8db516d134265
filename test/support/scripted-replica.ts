import type {
  EngineReplica,
  FinishReason,
  GenerateEvent,
  GenerateRequest,
} from '../../electron/engine/engine.ts';
import type { EngineFacts, EngineState, Replica } from '../../shared/contract/engine.ts';
import { engineSettingsSchema } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { createFakeFacts } from './fake-engine.ts';

/** One generation a test plays by hand. Events reach the reader in order, as it pulls them. */
export interface ScriptedGeneration {
  readonly request: GenerateRequest;
  readonly signal: AbortSignal;
  /** Events the reader has taken. */
  taken(): number;
  start(promptTokens?: number, cachedTokens?: number): void;
  say(text: string, channel?: 'content' | 'reasoning'): void;
  push(event: GenerateEvent): void;
  finish(reason?: FinishReason, reasoningTokens?: number): void;
  fail(error: AppError): void;
}

export interface ScriptedReplica extends EngineReplica {
  /** Resolves with the next generation that begins, oldest first. */
  next(): Promise<ScriptedGeneration>;
  /** Generations that have begun and not ended. */
  liveCount(): number;
  setState(state: EngineState): void;
  readonly embedded: string[][];
}

/** A list that a reader can wait on. */
const createMailbox = <Item>() => {
  const items: Item[] = [];
  let wake: () => void = () => undefined;
  return {
    put: (item: Item) => {
      items.push(item);
      wake();
    },
    take: async (): Promise<Item> => {
      for (;;) {
        const item = items.shift();
        if (item !== undefined) return item;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
};

/**
 * A replica without an engine, for tests of what lies before it.
 * @param options.script plays every generation by itself; without it the test plays them through `next()`
 */
export const createScriptedReplica = (
  options: {
    readonly id?: string;
    /** Of the content it loaded. */
    readonly fileId?: string | null;
    readonly facts?: Partial<EngineFacts>;
    readonly script?: (request: GenerateRequest, signal: AbortSignal) => AsyncIterable<GenerateEvent>;
  } = {},
): ScriptedReplica => {
  const facts = createFakeFacts({ features: { chat: true, tools: true, reasoning: true }, ...options.facts });
  const begun = createMailbox<ScriptedGeneration>();
  const watchers = new Set<(replica: Replica) => void>();
  const embedded: string[][] = [];
  let live = 0;
  let state: EngineState = { type: 'ready', facts };

  const id = options.id ?? 'scripted';
  const snapshot = (): Replica => ({
    id,
    modelId: 'demo',
    modelPath: '/models/demo.gguf',
    settings: engineSettingsSchema.parse({ slots: facts.slots }),
    state,
    pid: 1,
    running: live,
    queued: 0,
    kvTokens: 0,
    residentBytes: null,
  });

  async function* play(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    const mailbox = createMailbox<GenerateEvent | AppError>();
    let taken = 0;
    let promptTokens = 0;
    let cachedTokens = 0;
    let outputTokens = 0;
    const finish = (reason: FinishReason, reasoningTokens: number) =>
      mailbox.put({
        type: 'finished',
        reason,
        usage: { promptTokens, cachedTokens, outputTokens, reasoningTokens },
        timings: { queueMs: 1, prefillMs: 20, decodeMs: 100 },
      });
    const abort = () => finish('aborted', 0);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    begun.put({
      request,
      signal,
      taken: () => taken,
      start: (prompt = 7, cached = 0) => {
        promptTokens = prompt;
        cachedTokens = cached;
        mailbox.put({ type: 'started', promptTokens, cachedTokens, queueMs: 0 });
      },
      say: (text, channel = 'content') => {
        outputTokens += 1;
        mailbox.put({ type: 'delta', channel, text, tokens: 1 });
      },
      push: (event) => mailbox.put(event),
      finish: (reason = 'stop', reasoningTokens = 0) => finish(reason, reasoningTokens),
      fail: (error) => mailbox.put(error),
    });
    for (;;) {
      const item = await mailbox.take();
      if (item instanceof AppError) throw item;
      taken += 1;
      yield item;
      if (item.type === 'finished') return;
    }
  }

  async function* generate(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    live += 1;
    try {
      yield* options.script?.(request, signal) ?? play(request, signal);
    } finally {
      live -= 1;
    }
  }

  return {
    id,
    modelId: 'demo',
    modelPath: '/models/demo.gguf',
    fileId: () => (options.fileId === undefined ? 'demo-file' : options.fileId),
    snapshot,
    state: () => state,
    facts: () => {
      if (state.type !== 'ready') throw new AppError('engine.not-ready');
      return facts;
    },
    onChange: (act) => {
      watchers.add(act);
      return { [Symbol.dispose]: () => void watchers.delete(act) };
    },
    generate,
    embed: (inputs) => {
      embedded.push([...inputs]);
      return Promise.resolve({
        vectors: inputs.map((_, index) => [index, 0.5, -0.25]),
        promptTokens: inputs.length,
      });
    },
    // The longer a document, the more relevant.
    rank: (_query, documents) =>
      Promise.resolve({
        scores: documents.map(({ length }) => length / 100),
        promptTokens: documents.length,
      }),
    // One token per character: its code point.
    tokenize: (text) => Promise.resolve(Array.from(text, (letter) => letter.codePointAt(0) ?? 0)),
    detokenize: (tokens) => Promise.resolve(String.fromCodePoint(...tokens)),
    renderChat: () => Promise.resolve({ text: '', tokens: 0 }),
    runLadder: () => Promise.reject(new AppError('engine.unsupported')),
    clearCache: () => Promise.resolve(),
    usage: () => Promise.resolve({ cpuSeconds: 0, residentBytes: 0 }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
    next: begun.take,
    liveCount: () => live,
    setState: (next) => {
      state = next;
      for (const watcher of watchers) watcher(snapshot());
    },
    embedded,
  };
};
