import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createEnginePool,
  type EnginePoolOptions,
  type ManagedEnginePool,
} from '../../electron/engine/index.ts';
import type {
  ChatMessage,
  EngineReplica,
  GenerateEvent,
  GenerateRequest,
} from '../../electron/engine/index.ts';
import type { LoadSpec } from '../../electron/engine/engine.ts';
import { validateModel } from '../../electron/models/index.ts';
import { createNodePorts } from '../../electron/platform/node/create-ports.ts';
import { sourceEntries } from '../../electron/platform/node/worker-entries.ts';
import type { FactStore } from '../../electron/platform/stores.ts';
import { engineSettingsSchema, type EngineSettings } from '../../shared/contract/models.ts';
import type { Replica } from '../../shared/contract/engine.ts';
import { createFakeFacts } from './fake-facts.ts';
import { createFakeLog } from './fake-log.ts';
import { greedy } from './greedy.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const demoModelPath = join(root, 'resources/model/dyno-demo-4m-f16.gguf');

export interface RealPool extends AsyncDisposable {
  readonly pool: ManagedEnginePool;
  /** A folder of the test's own, removed with the pool. */
  readonly folder: string;
  readonly states: readonly Replica[];
  readonly facts: FactStore;
  /** What the pool logged. */
  readonly log: ReturnType<typeof createFakeLog>;
  /** Loads with one thread and no GPU, unless the settings say otherwise. */
  load(
    path?: string,
    settings?: Partial<EngineSettings>,
    more?: Pick<LoadSpec, 'adapters'> & { readonly isExclusive?: boolean; readonly signal?: AbortSignal },
  ): Promise<EngineReplica>;
}

/** A pool on real processes. */
export const openRealPool = async (
  options: Partial<
    Pick<EnginePoolOptions, 'batchEngine' | 'validate' | 'prefixCache' | 'host' | 'scale'>
  > = {},
): Promise<RealPool> => {
  const log = createFakeLog();
  const ports = createNodePorts({ resources: join(root, 'resources'), entryOf: sourceEntries(root), log });
  const states: Replica[] = [];
  const facts = createFakeFacts();
  const pool = createEnginePool({
    ...ports,
    facts,
    validate: async (path) => {
      await validateModel(ports.files, path);
    },
    onReplicaChange: (replica) => void states.push(replica),
    ...options,
  });
  const folder = await mkdtemp(join(tmpdir(), 'dyno-engine-'));
  return {
    pool,
    folder,
    states,
    facts,
    log,
    load: (path = demoModelPath, settings = {}, { isExclusive = true, signal, adapters } = {}) =>
      pool.acquire(
        {
          modelId: path,
          path,
          settings: engineSettingsSchema.parse({ threads: 1, gpuLayers: 0, ...settings }),
          isExclusive,
          ...(adapters && { adapters }),
        },
        { signal: signal ?? new AbortController().signal },
      ),
    [Symbol.asyncDispose]: async () => {
      await pool[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

let requests = 0;

/** A greedy request for 64 tokens, unless told otherwise. */
export const greedyRequest = (
  prompt: string | readonly ChatMessage[] | GenerateRequest['prompt'],
  more: Partial<Omit<GenerateRequest, 'prompt'>> = {},
): GenerateRequest => ({
  id: `request-${(requests += 1)}`,
  prompt:
    typeof prompt === 'string'
      ? { type: 'chat', messages: [{ role: 'user', content: prompt }] }
      : 'type' in prompt
        ? prompt
        : { type: 'chat', messages: prompt },
  maxTokens: 64,
  stop: [],
  ...more,
  sampling: { ...greedy, ...more.sampling },
});

export interface Answer {
  readonly events: readonly GenerateEvent[];
  readonly content: string;
  readonly reasoning: string;
  readonly calls: readonly { readonly name: string; readonly arguments: string }[];
  readonly started: Extract<GenerateEvent, { type: 'started' }>;
  readonly finished: Extract<GenerateEvent, { type: 'finished' }>;
}

/** Reads an answer to its end. */
export const answerOf = async (
  replica: EngineReplica,
  request: GenerateRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<Answer> => {
  const events = await Array.fromAsync(replica.generate(request, signal));
  const started = events[0];
  const finished = events.at(-1);
  if (started?.type !== 'started' || finished?.type !== 'finished')
    throw new Error(`Not a whole answer: ${JSON.stringify(events)}`);
  const textOf = (channel: string) =>
    events
      .flatMap((event) => (event.type === 'delta' && event.channel === channel ? [event.text] : []))
      .join('');
  const calls: { name: string; arguments: string }[] = [];
  for (const event of events) {
    if (event.type !== 'tool-call') continue;
    const call = (calls[event.index] ??= { name: event.name, arguments: '' });
    call.arguments += event.argumentsDelta;
  }
  return { events, content: textOf('content'), reasoning: textOf('reasoning'), calls, started, finished };
};
