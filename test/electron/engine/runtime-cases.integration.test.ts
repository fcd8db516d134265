import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineReplica } from '../../../electron/engine/index.ts';
import { engineSettingsSchema } from '../../../shared/contract/models.ts';
import {
  answerOf,
  demoModelPath,
  greedyRequest,
  openRealPool,
  type RealPool,
} from '../../support/real-pool.ts';
import { thrownBy } from '../../support/thrown-by.ts';

/** What a sound file and a wrong wish do to llama.cpp. */
describe('settings and calls at the edge', () => {
  const cache = { kvKeyType: 'Q8_0', kvValueType: 'Q8_0', slots: 2 } as const;
  let world: RealPool;
  let replica: EngineReplica;
  beforeAll(async () => {
    world = await openRealPool();
    replica = await world.load(demoModelPath, { ...cache, flashAttention: 'on' });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('answers with a quantized cache', async () => {
    expect(replica.facts()).toMatchObject({ kvKeyType: 'Q8_0', flashAttention: true, slots: 2 });
    expect((await answerOf(replica, greedyRequest('Who are you?'))).content).toContain('demo model');
  });

  it('says why a quantized cache cannot be had without flash attention', async () => {
    const error = await thrownBy(() => world.load(demoModelPath, { ...cache, flashAttention: 'off' }));
    expect(error.code).toBe('engine.load-failed');
    expect(error.message).toMatch(/quantized V cache requires flash_attn/);
    expect(error.hint).toMatch(/setting/);
  });

  it('passes on that llama.cpp has no more than 256 sequences', async () => {
    const settings = {
      ...engineSettingsSchema.parse({ threads: 1, gpuLayers: 0, contextSize: 16 }),
      slots: 257,
    };
    const error = await thrownBy(() =>
      world.pool.acquire(
        { modelId: 'demo', path: demoModelPath, settings, isExclusive: true },
        { signal: new AbortController().signal },
      ),
    );
    expect(error.code).toBe('engine.load-failed');
    expect(error.message).toMatch(/256/);
  });

  it('refuses an answer beyond the training context, where a larger slot would hold it', async () => {
    const long = await world.load(demoModelPath, { contextSize: 4096, slots: 1 });
    const { contextSize, trainedContextLength } = long.facts();
    expect([contextSize, trainedContextLength]).toEqual([4096, 1024]);
    const error = await thrownBy(() => answerOf(long, greedyRequest('word '.repeat(1200))));
    expect(error).toMatchObject({
      code: 'engine.context-exceeded',
      details: { contextSize: 1024, trainedContextLength: 1024 },
    });
    const told = await answerOf(long, greedyRequest('Tell me.', { maxTokens: null, ignoreEos: true }));
    expect(told.finished.usage.promptTokens + told.finished.usage.outputTokens).toBe(1024);
    await long[Symbol.asyncDispose]();
  });

  it('refuses token ids that are none, before llama.cpp sees them', async () => {
    const { vocabularySize } = replica.facts();
    for (const tokens of [[1, vocabularySize], [4_294_967_295], []])
      expect(
        await thrownBy(() => answerOf(replica, greedyRequest({ type: 'tokens', tokens }))),
      ).toMatchObject({ code: 'app.bad-input', details: { param: 'prompt' } });
  });

  it('unloads in the middle of an answer, which then ends with an error', async () => {
    let unloading: PromiseLike<void> | undefined;
    const error = await thrownBy(async () => {
      const request = greedyRequest('Tell me a story.', { maxTokens: 900, ignoreEos: true });
      for await (const event of replica.generate(request, new AbortController().signal))
        if (event.type === 'delta') unloading ??= replica[Symbol.asyncDispose]();
    });
    expect(error.code).toBe('engine.not-ready');
    await unloading;
    expect(replica.state().type).toBe('stopped');
  });
});
