import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryScale } from '../../../electron/app/memory-scale.ts';
import type { EngineReplica, LoadScale } from '../../../electron/engine/index.ts';
import { createHardware } from '../../../electron/hardware/index.ts';
import { createMemoryLedger, createModelLibrary } from '../../../electron/models/index.ts';
import { createNodePorts } from '../../../electron/platform/node/create-ports.ts';
import { sourceEntries } from '../../../electron/platform/node/worker-entries.ts';
import { settingsSchema } from '../../../shared/contract/settings.ts';
import { createFakeFacts } from '../../support/fake-facts.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { createFakeModelStore } from '../../support/fake-model-store.ts';
import { writeWideModel } from '../../support/gguf-fixtures.ts';
import { createRealInspector } from '../../support/real-inspector.ts';
import { answerOf, greedyRequest, openRealPool, type RealPool } from '../../support/real-pool.ts';
import { createSmallMachine } from '../../support/small-machine.ts';
import { thrownBy } from '../../support/thrown-by.ts';

const root = join(import.meta.dirname, '../../..');
const mib = 2 ** 20;

/** A pool on a machine of that size, weighing as the app does. */
const openSmallPool = async (totalBytes: number, changes: Partial<LoadScale> = {}): Promise<RealPool> => {
  const ports = createNodePorts({
    resources: join(root, 'resources'),
    entryOf: sourceEntries(root),
    log: createFakeLog(),
  });
  const enginePids = (): readonly number[] =>
    world.pool.list().flatMap(({ pid }) => (pid === null ? [] : [pid]));
  const host = { ...ports.host, ...createSmallMachine(totalBytes, enginePids) };
  const { inspector } = createRealInspector();
  const hardware = createHardware({ ...ports, host, inspector, intervalMs: 1_000 });
  const library = createModelLibrary({
    ...ports,
    store: createFakeModelStore(),
    settings: () => settingsSchema.parse({}),
    publish: () => undefined,
    isInUse: () => false,
    isBusy: () => true,
  });
  const scale = createMemoryScale({
    host,
    hardware,
    inspector,
    memory: createMemoryLedger(createFakeFacts(), ports.clock),
    inspect: library.inspect,
  });
  const world = await openRealPool({ host, scale: { ...scale, ...changes } });
  return {
    ...world,
    [Symbol.asyncDispose]: async () => {
      await world[Symbol.asyncDispose]();
      await library[Symbol.asyncDispose]();
      await hardware[Symbol.asyncDispose]();
    },
  };
};

const contextOf = (hint: string | undefined): number =>
  Number(/a context of ([\d,]+)/.exec(hint ?? '')?.[1]?.replaceAll(',', ''));

/** Each of the contexts would fit, and passes llama.cpp's own check; together they call the system's killer. */
describe.skipIf(process.platform !== 'linux')('a machine that fills up with contexts', () => {
  let world: RealPool;
  beforeAll(async () => {
    world = await openSmallPool(1300 * mib);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('refuses the one for which there is no room, names one that there is for, and the others go on', async () => {
    const path = await writeWideModel(join(world.folder, 'wide.gguf'));
    const load = (contextSize: number): Promise<EngineReplica> =>
      world.load(path, { contextSize, slots: 4, useMmap: false, batchSize: 32 });
    const engines = [await load(1024), await load(1024)]; // 256 MiB of cache each
    const error = await thrownBy(() => load(1024));
    expect(error).toMatchObject({
      code: 'engine.out-of-memory',
      message: 'There is no room for 4 slots of 1,024 tokens.',
    });
    const fitting = contextOf(error.hint);
    expect(fitting).toBeLessThan(1024);
    engines.push(await load(fitting));
    for (const engine of engines) {
      const answer = await answerOf(
        engine,
        greedyRequest({ type: 'text', text: 'Hi' }, { maxTokens: 2, ignoreEos: true }),
      );
      expect(answer.finished.usage.outputTokens).toBe(2);
    }
  });
});

describe('memory that runs out inside llama.cpp', () => {
  it('is told with the nearest setting that fits, as if it had been seen before', async () => {
    // nothing is refused before the load, so that llama.cpp itself has to
    await using world = await openSmallPool(1300 * mib, { isTight: () => Promise.resolve(false) });
    const path = await writeWideModel(join(world.folder, 'wide.gguf'));
    const wish = { slots: 8, batchSize: 32 };
    const error = await thrownBy(() => world.load(path, { ...wish, contextSize: 1_000_000 })); // 488 GiB
    expect(error.code).toBe('engine.out-of-memory');
    expect(error.message).toMatch(/does not fit in memory with 8 slots and a context of 1000000/);
    const fitting = contextOf(error.hint);
    const replica = await world.load(path, { ...wish, contextSize: fitting });
    expect(replica.facts().contextSize).toBe(fitting);
  });
});
