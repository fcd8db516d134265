import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { engineSettingsSchema } from '../../shared/contract/models.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeEngine, createFakeReplica } from './fake-engine.ts';
import { greedy } from './greedy.ts';

describe('the fake engine', () => {
  it('decodes at the asked speed on a virtual clock', async () => {
    const clock = createFakeClock();
    const replica = createFakeReplica({ clock, tokensPerSecond: 50 });
    const startMs = clock.monotonicMs();
    const repetition = await clock.runUntil(
      replica.runLadder(
        { kind: 'decode', tokens: 100, depth: 0, sequences: 1, seed: 1 },
        { signal: new AbortController().signal },
      ),
    );
    expect(repetition.tokensPerSecond).toBeCloseTo(50, 9);
    expect(clock.monotonicMs() - startMs).toBeCloseTo(2000, 9);
  });

  it('streams an answer of fixed length and ends with its usage', async () => {
    const replica = createFakeReplica();
    const events = await Array.fromAsync(
      replica.generate(
        {
          id: 'r1',
          prompt: { type: 'text', text: 'one two three' },
          sampling: greedy,
          maxTokens: 5,
          stop: [],
          ignoreEos: true,
        },
        new AbortController().signal,
      ),
    );
    expect(events.map((event) => event.type)).toEqual([
      'started',
      ...Array<string>(5).fill('delta'),
      'finished',
    ]);
    expect(events.at(-1)).toMatchObject({ reason: 'length', usage: { promptTokens: 3, outputTokens: 5 } });
  });

  it('ends an aborted answer with finished: aborted', async () => {
    const replica = createFakeReplica();
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const event of replica.generate(
      { id: 'r1', prompt: { type: 'text', text: 'a' }, sampling: greedy, maxTokens: 50, stop: [] },
      stop.signal,
    )) {
      seen.push(event.type === 'finished' ? event.reason : event.type);
      if (seen.length === 3) stop.abort();
    }
    expect(seen.at(-1)).toBe('aborted');
    expect(seen.length).toBeLessThan(6);
  });

  it('counts open replicas and fails the loads it is told to', async () => {
    const pool = createFakeEngine();
    const spec = {
      modelId: 'm',
      path: '/m.gguf',
      settings: engineSettingsSchema.parse({}),
      isExclusive: true,
    };
    const options = { signal: new AbortController().signal };
    const replica = await pool.acquire(spec, options);
    expect(pool.openCount()).toBe(1);
    await replica[Symbol.asyncDispose]();
    expect(pool.openCount()).toBe(0);
    pool.failLoad('m', new AppError('engine.load-failed'));
    await expect(pool.acquire(spec, options)).rejects.toMatchObject({ code: 'engine.load-failed' });
  });
});
