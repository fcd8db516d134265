import { describe, expect, it } from 'vitest';
import { noAdapters, type AdapterMix } from '../../../../electron/engine/host/adapter-mix.ts';
import { createAnswerStream } from '../../../../electron/engine/host/answer/answer-stream.ts';
import type { PreparedRequest } from '../../../../electron/engine/host/prepared-request.ts';
import type { PrefixStore } from '../../../../electron/engine/host/prefix-store/prefix-store.ts';
import { createStepLoop } from '../../../../electron/engine/host/step-loop.ts';
import { createThreadControl } from '../../../../electron/engine/host/thread-control.ts';
import type { GenerateEvent } from '../../../../electron/engine/engine.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { byteVocabulary, createFakeBatchEngine } from '../../../support/fake-batch-engine.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { greedy } from '../../../support/greedy.ts';

const mix = (key: string): AdapterMix => ({ key, scales: [1] });

type EngineOptions = Omit<Parameters<typeof createFakeBatchEngine>[0], 'clock'> & {
  readonly store?: PrefixStore;
};

const open = (options: EngineOptions = {}) => {
  const clock = createFakeClock();
  const engine = createFakeBatchEngine({ clock, ...options });
  const events: { readonly id: string; readonly event: GenerateEvent; readonly atMs: number }[] = [];
  const steps: Parameters<Parameters<typeof createStepLoop>[0]['onStep']>[0][] = [];
  const failures: (readonly [string, string])[] = [];
  const startMs = clock.monotonicMs();
  const loop = createStepLoop({
    engine,
    vocabulary: byteVocabulary,
    clock,
    meter: { cpuSeconds: () => 0, residentBytes: () => 1, loopDelayP99Ms: () => 2 },
    store: options.store,
    threads: createThreadControl({
      clock,
      choice: { decode: 2, prefill: 4 },
      limit: 8,
      onChanged: () => undefined,
    }),
    onStep: (news) => {
      steps.push(news);
      for (const [id, event] of news.events) events.push({ id, event, atMs: clock.monotonicMs() - startMs });
    },
    onFailed: (id, error) => void failures.push([id, error.code]),
  });
  const request = (
    id: string,
    promptTokens: number | readonly number[],
    more: Partial<PreparedRequest> = {},
  ): PreparedRequest => ({
    id,
    prompt: Uint32Array.from(
      typeof promptTokens === 'number' ? Array.from({ length: promptTokens }, () => 65) : promptTokens,
    ),
    maxTokens: 4,
    sampler: { sampling: greedy, history: [] },
    adapters: noAdapters,
    answer: createAnswerStream({
      stop: [],
      reasoning: undefined,
      startsInReasoning: false,
      tools: undefined,
      newCallId: () => 'call',
    }),
    ignoreEos: false,
    cachePrompt: true,
    arrivedMs: clock.monotonicMs(),
    isAborted: false,
    isSpecialShown: () => false,
    describeLogprob: () => ({ token: '', bytes: [], logprob: 0, top: [] }),
    ...more,
  });
  const textOf = (id: string) =>
    events.flatMap(({ id: of, event }) => (of === id && event.type === 'delta' ? [event.text] : [])).join('');
  const finishOf = (id: string) =>
    events.flatMap(({ id: of, event }) => (of === id && event.type === 'finished' ? [event] : []))[0];
  return { clock, engine, loop, events, steps, failures, request, textOf, finishOf };
};

describe('the step loop', () => {
  it('fills every batch: N running sequences are N tokens in one decode', async () => {
    const { clock, engine, loop, request } = open({ slots: 8 });
    for (let index = 0; index < 8; index += 1) loop.submit(request(`r${index}`, 5, { maxTokens: 20 }));
    await clock.advance(10_000);
    const decodes = engine.batches.filter((batch) => batch.every((item) => item.includes(':1@')));
    expect(decodes.length).toBe(19);
    expect(decodes.every((batch) => batch.length === 8)).toBe(true);
  });

  it('tells all sequences of a step in one message', async () => {
    const { clock, loop, request, events, steps } = open();
    for (const id of ['a', 'b', 'c']) loop.submit(request(id, 8));
    await clock.advance(1_000);
    expect(events.filter(({ event }) => event.type === 'finished').length).toBe(3);
    expect(
      new Set(events.filter(({ event }) => event.type === 'finished').map(({ atMs }) => atMs)).size,
    ).toBe(1);
    expect(steps.length).toBeLessThanOrEqual(6);
  });

  it('tells every step once, with the tokens it made', async () => {
    const { clock, loop, request, steps } = open();
    for (const id of ['a', 'b']) loop.submit(request(id, 8));
    await clock.advance(1_000);
    const told = steps.flatMap((news) => news.steps);
    // the first of the four tokens comes out of the prefill
    expect(told.map(({ decoded, prefilled }) => [decoded, prefilled])).toEqual([
      [0, 16],
      [2, 0],
      [2, 0],
      [2, 0],
    ]);
    expect(told.every(({ running, queued }) => running === 2 && queued === 0)).toBe(true);
    expect(told.map(({ atMs }) => atMs)).toEqual(told.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    expect(steps.at(-1)?.load).toMatchObject({ running: 0, loopDelayP99Ms: 2 });
  });

  it('streams what the engine sampled, and ends at the asked length', async () => {
    const { clock, loop, request, textOf, finishOf } = open();
    loop.submit(request('a', 3));
    await clock.advance(1_000);
    expect(textOf('a')).toBe('defg');
    expect(finishOf('a')).toMatchObject({ reason: 'length', usage: { promptTokens: 3, outputTokens: 4 } });
  });

  it('ends at an end-of-generation token, which is no output', async () => {
    const { clock, loop, request, finishOf, textOf } = open({
      next: (_, position) => (position === 5 ? 0 : 65),
    });
    loop.submit(request('a', 3, { maxTokens: 50 }));
    await clock.advance(1_000);
    expect(textOf('a')).toBe('AA');
    expect(finishOf('a')).toMatchObject({ reason: 'stop', usage: { outputTokens: 2 } });
  });

  it('goes on past it when told to', async () => {
    const { clock, loop, request, finishOf } = open({ next: (_, position) => (position === 5 ? 0 : 65) });
    loop.submit(request('a', 3, { maxTokens: 50, ignoreEos: true }));
    await clock.advance(5_000);
    expect(finishOf('a')).toMatchObject({ reason: 'length', usage: { outputTokens: 50 } });
  });

  it('stops an aborted prefill at the next chunk, not at the end of the prompt', async () => {
    const { clock, engine, loop, request, finishOf } = open({ contextSize: 100_000, prefillMsPerToken: 5 });
    loop.submit(request('a', 50_000));
    await clock.advance(700);
    loop.abort('a');
    const before = engine.batches.length;
    await clock.advance(600);
    expect(finishOf('a')).toMatchObject({ reason: 'aborted', usage: { outputTokens: 0 } });
    expect(engine.batches.length).toBe(before);
  });

  it('stops an aborted answer after the step that runs', async () => {
    const { clock, engine, loop, request, finishOf } = open();
    loop.submit(request('a', 4, { maxTokens: 1000 }));
    engine.onDecode((batch) => {
      if (batch === 5) loop.abort('a');
    });
    await clock.advance(5_000);
    expect(finishOf('a')?.reason).toBe('aborted');
    expect(engine.batches.length).toBe(5);
  });

  it('ends a waiting request that is aborted without giving it a slot', async () => {
    const { clock, loop, request, finishOf } = open({ slots: 1 });
    loop.submit(request('a', 4, { maxTokens: 500 }));
    loop.submit(request('b', 4));
    await clock.advance(50);
    loop.abort('b');
    await clock.advance(50);
    expect(finishOf('b')).toMatchObject({ reason: 'aborted' });
    expect(finishOf('a')).toBeUndefined();
  });

  it('lets nobody wait much over 250 ms for a token while a long prompt comes in', async () => {
    const { clock, loop, request, events } = open({ contextSize: 100_000, prefillMsPerToken: 2 });
    loop.submit(request('talker', 4, { maxTokens: 200 }));
    await clock.advance(300);
    loop.submit(request('reader', 5_000));
    await clock.advance(20_000);
    const times = events.flatMap(({ id, event, atMs }) =>
      id === 'talker' && event.type === 'delta' ? [atMs] : [],
    );
    const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
    expect(times.length).toBe(200);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(300);
  });

  it('does not let a short question wait behind a long document', async () => {
    const { clock, loop, request, events } = open({ contextSize: 100_000 });
    loop.submit(request('long', 20_000));
    await clock.advance(100);
    loop.submit(request('short', 50));
    await clock.advance(60_000);
    const firstOf = (id: string) =>
      events.find((told) => told.id === id && told.event.type === 'delta')?.atMs ?? NaN;
    expect(firstOf('short')).toBeLessThan(1_500);
    expect(firstOf('long')).toBeGreaterThan(firstOf('short'));
  });

  it('reuses the common prefix of an earlier prompt and counts the cached tokens', async () => {
    const { clock, loop, request, finishOf, engine } = open();
    loop.submit(request('a', [1, 2, 3, 4, 5, 6]));
    await clock.advance(1_000);
    loop.submit(request('b', [1, 2, 3, 4, 9]));
    await clock.advance(1_000);
    expect(finishOf('b')?.usage.cachedTokens).toBe(4);
    expect(engine.batches.flat()).toContain('0:1@4');
  });

  it('goes on from an answer it gave: the next turn of a chat', async () => {
    const { clock, loop, request, finishOf, textOf } = open();
    loop.submit(request('a', [1, 2, 3]));
    await clock.advance(1_000);
    const answer = [...new TextEncoder().encode(textOf('a'))];
    loop.submit(request('b', [1, 2, 3, ...answer, 7, 8]));
    await clock.advance(1_000);
    // the last token of an answer is never fed, so it is not in the cache
    expect(finishOf('b')?.usage.cachedTokens).toBe(3 + answer.length - 1);
  });

  it('copies a shared system prompt from a busy slot', async () => {
    const { clock, loop, request, finishOf, engine } = open();
    const system = Array.from({ length: 200 }, (_, index) => (index % 200) + 2);
    loop.submit(request('a', [...system, 1], { maxTokens: 100 }));
    await clock.advance(400);
    loop.submit(request('b', [...system, 2, 3]));
    await clock.advance(5_000);
    expect(engine.copies).toEqual([[1, 0]]);
    expect(finishOf('b')?.usage.cachedTokens).toBe(200);
    expect(finishOf('a')?.usage.outputTokens).toBe(100);
  });

  it('offers the disk what a slot loses, and takes from it what a prompt shares', async () => {
    const system = Array.from({ length: 300 }, (_, index) => (index % 200) + 2);
    const saved: string[] = [];
    const store: PrefixStore = {
      find: () => ({ id: 'kept', commonTokens: 300, leastGain: 128 }),
      load: (sequence, id) => {
        saved.push(`${id} into ${sequence}`);
        world.engine.decodeNow([
          { sequence, position: 0, tokens: Uint32Array.from([...system, 9, 9]), want: 'nothing' },
        ]);
        return Promise.resolve([...system, 9, 9]);
      },
      save: (sequence, tokens, { keptTokens }) => {
        saved.push(`${tokens.length} of ${sequence}, ${keptTokens} kept`);
        return Promise.resolve();
      },
      clear: () => Promise.resolve(),
    };
    const world = open({ slots: 1, store });
    world.loop.submit(world.request('a', [...system, 1, 2]));
    await world.clock.advance(1_000);
    world.loop.submit(world.request('b', [...system, 3]));
    await world.clock.advance(1_000);
    expect(world.finishOf('a')?.usage.cachedTokens).toBe(300);
    expect(world.finishOf('b')?.usage.cachedTokens).toBe(300);
    await Promise.all([world.loop.saveIdle(), world.clock.advance(10)]);
    expect(saved).toEqual([
      '0 of 0, 0 kept',
      'kept into 0',
      '305 of 0, 300 kept', // the second prompt found its prefix in memory
      '304 of 0, 0 kept',
    ]);
    world.loop.submit(world.request('c', system, { cachePrompt: false }));
    await world.clock.advance(1_000);
    expect(world.finishOf('c')?.usage.cachedTokens).toBe(0);
  });

  it('computes what the disk promised and could not give', async () => {
    const store: PrefixStore = {
      find: () => ({ id: 'broken', commonTokens: 300, leastGain: 128 }),
      load: () => Promise.resolve([]),
      save: () => Promise.resolve(),
      clear: () => Promise.resolve(),
    };
    const { loop, clock, request, finishOf } = open({ store });
    loop.submit(request('a', 400));
    await clock.advance(2_000);
    expect(finishOf('a')).toMatchObject({ reason: 'length', usage: { cachedTokens: 0 } });
  });

  it('starts over where a model cannot cut its state', async () => {
    const { clock, loop, request, finishOf } = open({ reuse: 'whole' });
    loop.submit(request('a', [1, 2, 3, 4]));
    await clock.advance(1_000);
    loop.submit(request('b', [1, 2, 3, 9]));
    await clock.advance(1_000);
    expect(finishOf('b')?.usage.cachedTokens).toBe(0);
  });

  it('computes everything when the request wants no cache', async () => {
    const { clock, loop, request, finishOf } = open();
    loop.submit(request('a', [1, 2, 3, 4]));
    await clock.advance(1_000);
    loop.submit(request('b', [1, 2, 3, 4], { cachePrompt: false }));
    await clock.advance(1_000);
    expect(finishOf('b')?.usage.cachedTokens).toBe(0);
  });

  it('queues what finds no slot, and says how long it waited', async () => {
    const { clock, loop, request, finishOf, steps } = open({ slots: 1 });
    loop.submit(request('a', 4));
    loop.submit(request('b', 4));
    await clock.advance(20);
    expect(steps.at(-1)?.load).toMatchObject({ running: 1, queued: 1 });
    await clock.advance(1_000);
    expect(finishOf('b')?.timings.queueMs).toBeGreaterThan(30);
    expect(loop.load()).toMatchObject({ running: 0, queued: 0 });
  });

  it('fails the requests of a batch that fails, and goes on with the next', async () => {
    const { clock, loop, request, engine, failures, finishOf } = open();
    loop.submit(request('a', 4));
    engine.failNext(new AppError('app.internal'));
    await clock.advance(1_000);
    expect(failures).toEqual([['a', 'app.internal']]);
    loop.submit(request('b', 4));
    await clock.advance(1_000);
    expect(finishOf('b')?.reason).toBe('length');
  });

  it('keeps others away from the engine during an exclusive act, and goes on after it failed', async () => {
    const { clock, loop, request, engine, finishOf } = open();
    loop.submit(request('a', 4, { maxTokens: 50 }));
    await clock.advance(100);
    const seen: number[] = [];
    const act = loop.exclusive(async () => {
      seen.push(engine.batches.length);
      await clock.sleep(100);
      seen.push(engine.batches.length);
      throw new AppError('app.cancelled');
    });
    const rejected = expect(act).rejects.toMatchObject({ code: 'app.cancelled' });
    await clock.advance(5_000);
    await rejected;
    expect(seen[0]).toBe(seen[1]);
    expect(finishOf('a')?.reason).toBe('length');
  });

  it('forgets cached prefixes on request', async () => {
    const { clock, loop, request, finishOf, engine } = open();
    loop.submit(request('a', [1, 2, 3, 4]));
    await clock.advance(1_000);
    const cleared = loop.clearCache();
    await clock.advance(10);
    await cleared;
    expect(engine.cells).toEqual([0, 0, 0, 0]);
    loop.submit(request('b', [1, 2, 3, 4]));
    await clock.advance(1_000);
    expect(finishOf('b')?.usage.cachedTokens).toBe(0);
  });

  it('runs one mix of adapters in a batch, and lets none wait for another', async () => {
    const { clock, loop, request, engine, finishOf } = open({ slots: 4 });
    const mixes = { a: mix('a*1'), b: mix('b*1'), c: mix('a*1'), d: noAdapters };
    for (const [id, adapters] of Object.entries(mixes))
      loop.submit(request(id, 5, { adapters, maxTokens: 9 }));
    await clock.advance(10_000);
    const decodes = engine.batches.flatMap((batch, index) =>
      batch.every((item) => item.includes(':1@')) ? [`${engine.mixes[index]} ${batch.length}`] : [],
    );
    // 8 rounds of three batches: the first of the 9 tokens comes out of the prefill
    expect(decodes).toEqual(Array.from({ length: 8 }, () => ['a*1 2', 'b*1 1', ' 1']).flat());
    for (const id of Object.keys(mixes)) expect(finishOf(id)?.usage.outputTokens).toBe(9);
  });

  it('computes a prompt anew that other adapters have in a slot', async () => {
    const { clock, loop, request, finishOf } = open({ slots: 1 });
    const ask = async (id: string, adapters: ReturnType<typeof mix>) => {
      loop.submit(request(id, [1, 2, 3, 4, 5], { adapters }));
      await clock.advance(1_000);
      return finishOf(id)?.usage.cachedTokens;
    };
    expect(await ask('a', noAdapters)).toBe(0);
    expect(await ask('b', mix('a*1'))).toBe(0);
    expect(await ask('c', mix('a*1'))).toBe(4);
    expect(await ask('d', mix('a*0.5'))).toBe(0);
    expect(await ask('e', noAdapters)).toBe(0);
  });

  it('sets the threads of every step: few to decode, more to prefill', async () => {
    const { clock, loop, request, engine } = open();
    loop.submit(request('a', 4, { maxTokens: 2 }));
    await clock.advance(1_000);
    expect(engine.threadsSet).toEqual([4, 2]);
  });
});
