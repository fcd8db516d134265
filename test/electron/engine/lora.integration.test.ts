import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdapterFile, AdapterScale, EngineReplica } from '../../../electron/engine/engine.ts';
import { createNodeFiles } from '../../../electron/platform/node/files.ts';
import { writeAdapter } from '../../support/lora-adapter.ts';
import {
  answerOf,
  demoModelPath,
  greedyRequest,
  openRealPool,
  type RealPool,
} from '../../support/real-pool.ts';
import { thrownBy } from '../../support/thrown-by.ts';

let world: RealPool;
let both: EngineReplica;
let files: readonly [AdapterFile, AdapterFile];

const fileOf = async (name: string, seed: number, scale: number): Promise<AdapterFile> => {
  const path = await writeAdapter({ model: demoModelPath, path: join(world.folder, name), seed });
  return { path, scale, sha256: await createNodeFiles().sha256(path), sizeBytes: 1 };
};
const load = (adapters: readonly AdapterFile[]) => world.load(demoModelPath, {}, { adapters });
const question = 'What is perplexity?';
const ask = async (replica: EngineReplica, adapters?: readonly AdapterScale[], more = {}) =>
  answerOf(
    replica,
    greedyRequest(question, { ...(adapters && { adapters }), maxTokens: 24, ignoreEos: true, ...more }),
  );
const textOf = async (...parameters: Parameters<typeof ask>): Promise<string> =>
  (await ask(...parameters)).content;

const first = [{ id: 0, scale: 1 }];
const second = [{ id: 1, scale: 1 }];

beforeAll(async () => {
  world = await openRealPool();
  files = [await fileOf('one.gguf', 1, 0), await fileOf('two.gguf', 2, 0)];
  both = await load(files);
});
afterAll(() => world[Symbol.asyncDispose]());

describe('adapters of a request', () => {
  it('at scale 0, and unnamed, leave the model as it is, to the last digit of its probabilities', async () => {
    await using base = await load([]);
    const bare = (replica: EngineReplica, adapters?: readonly AdapterScale[]) =>
      ask(replica, adapters, { logprobs: { top: 5 }, cachePrompt: false });
    const events = (await bare(base)).events.slice(1, -1);
    expect((await bare(both)).events.slice(1, -1)).toEqual(events);
    expect((await bare(both, [{ id: 0, scale: 0 }])).events.slice(1, -1)).toEqual(events);
  });

  it('each answer as an engine does that serves this adapter alone', async () => {
    const [plain, one, two] = [await textOf(both), await textOf(both, first), await textOf(both, second)];
    expect(new Set([plain, one, two]).size).toBe(3);
    await using oneAlone = await load([{ ...files[0], scale: 1 }]);
    await using twoAlone = await load([{ ...files[1], scale: 1 }]);
    expect(await textOf(oneAlone)).toBe(one);
    expect(await textOf(twoAlone)).toBe(two);
    expect(await textOf(oneAlone, [])).toBe(plain);
    // embeddings name no adapters: they are made at the scales of the load
    const vectorOf = async (replica: EngineReplica) =>
      (await replica.embed([question], new AbortController().signal)).vectors[0];
    expect(await vectorOf(oneAlone)).not.toEqual(await vectorOf(twoAlone));
    await using base = await load([]);
    expect(await vectorOf(both)).toEqual(await vectorOf(base));
  });

  it('run beside each other, and beside requests without, each with its own answer', async () => {
    const wishes = [first, second, [], first, [...first, ...second], [{ id: 0, scale: 0.5 }]];
    const alone: string[] = [];
    for (const wish of wishes) alone.push(await textOf(both, wish, { cachePrompt: false }));
    await both.clearCache();
    expect(await Promise.all(wishes.map((wish) => textOf(both, wish)))).toEqual(alone);
    expect(new Set(alone).size).toBe(5);
  });

  it('reuse what the same ones computed, and nothing of any other', async () => {
    await both.clearCache();
    const cached = async (adapters: readonly AdapterScale[]) =>
      (await ask(both, adapters)).started.cachedTokens;
    expect(await cached(first)).toBe(0);
    expect(await cached(second)).toBe(0);
    expect(await cached([])).toBe(0);
    expect(await cached([{ id: 0, scale: 0.5 }])).toBe(0);
    expect(await cached(first)).toBeGreaterThan(5);
    expect(await cached(second)).toBeGreaterThan(5);
  });

  it('are refused by name where they are not loaded', async () => {
    const error = await thrownBy(() => ask(both, [{ id: 7, scale: 1 }]));
    expect(error).toMatchObject({ code: 'app.bad-input', message: 'There is no adapter 7.' });
  });
});

it('says in native code, too, why an adapter does not fit, and the engine is gone', async () => {
  const path = join(world.folder, 'wide.gguf');
  await writeAdapter({ model: demoModelPath, path, rows: 64 });
  const error = await thrownBy(() => load([{ path, scale: 1, sha256: 'x', sizeBytes: 1 }]));
  expect(error).toMatchObject({
    code: 'models.adapter-mismatch',
    message: expect.stringContaining('has incorrect shape') as string,
  });
});
