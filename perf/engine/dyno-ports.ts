import { fileURLToPath } from 'node:url';
import { createNodePorts } from '../../electron/platform/node/create-ports.ts';
import { createLineLogger } from '../../electron/platform/node/logger.ts';
import { sourceEntries } from '../../electron/platform/node/worker-entries.ts';
import type { FactStore } from '../../electron/platform/stores.ts';
import { createEnginePool, type ManagedEnginePool } from '../../electron/engine/index.ts';
import type { Ports } from '../../electron/platform/ports.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const factsInMemory = (): FactStore => {
  const kept = new Map<string, unknown>();
  return {
    get: (key) => kept.get(key),
    set: (key, value) => void kept.set(key, value),
    remove: (key) => void kept.delete(key),
    list: (prefix) => [...kept].flatMap(([key, value]) => (key.startsWith(prefix) ? [{ key, value }] : [])),
  };
};

/** A pool as the app builds it, on the source tree; the files measured are our own, so headers are not validated. */
export const openPool = (): { readonly pool: ManagedEnginePool; readonly ports: Ports } => {
  const log = createLineLogger((line) => process.stderr.write(line), 'warn');
  const ports = createNodePorts({ resources: `${root}resources`, entryOf: sourceEntries(root), log });
  const pool = createEnginePool({ ...ports, facts: factsInMemory(), validate: () => Promise.resolve() });
  return { pool, ports };
};
