import { fileURLToPath } from 'node:url';
import { createEnginePool } from '../../electron/engine/index.ts';
import type { EngineReplica } from '../../electron/engine/index.ts';
import { createNodePorts } from '../../electron/platform/node/create-ports.ts';
import { sourceEntries } from '../../electron/platform/node/worker-entries.ts';
import type { FactStore } from '../../electron/platform/stores.ts';
import { engineSettingsSchema } from '../../shared/contract/models.ts';
import { createFakeLog } from './fake-log.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const demoModel = `${root}resources/model/dyno-demo-4m-f16.gguf`;

const createFacts = (): FactStore => {
  const kept = new Map<string, unknown>();
  return {
    get: (key) => kept.get(key),
    set: (key, value) => void kept.set(key, value),
    remove: (key) => void kept.delete(key),
    list: () => [],
  };
};

/** The bundled model in a real engine process, one thread, four slots. */
export const openRealReplica = async (): Promise<AsyncDisposable & { readonly replica: EngineReplica }> => {
  const ports = createNodePorts({
    resources: `${root}resources`,
    entryOf: sourceEntries(root),
    log: createFakeLog(),
  });
  const pool = createEnginePool({ ...ports, facts: createFacts(), validate: () => Promise.resolve() });
  const replica = await pool.acquire(
    {
      modelId: 'demo',
      path: demoModel,
      settings: engineSettingsSchema.parse({ threads: 1 }),
      isExclusive: true,
    },
    { signal: new AbortController().signal },
  );
  return { replica, [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose]() };
};
