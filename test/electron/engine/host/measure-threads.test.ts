import { describe, expect, it } from 'vitest';
import { runLadder } from '../../../../electron/engine/host/ladder.ts';
import { measureThreads } from '../../../../electron/engine/host/measure-threads.ts';
import { randomTokens } from '../../../../electron/engine/host/random-tokens.ts';
import { createFakeBatchEngine } from '../../../support/fake-batch-engine.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const open = (cpuPerWall: number) => {
  const clock = createFakeClock();
  const inner = createFakeBatchEngine({ clock });
  let threads = 1;
  const decodeMs = new Map([
    [8, 30],
    [6, 12],
    [4, 10],
    [2, 14],
    [1, 25],
  ]);
  const engine = {
    ...inner,
    setThreads: (count: number) => {
      threads = count;
    },
    decode: async (items: Parameters<typeof inner.decode>[0]) => {
      await clock.sleep((decodeMs.get(threads) ?? 0) * (items[0]?.tokens.length === 1 ? 1 : 64 / threads));
      return inner.decode(items);
    },
  };
  const meter = {
    cpuSeconds: () => (clock.monotonicMs() / 1000) * cpuPerWall,
    residentBytes: () => 1,
    loopDelayP99Ms: () => null,
  };
  return { clock, engine, meter, vocabularySize: 100 };
};

describe('the measurement of threads', () => {
  it('finds the fastest counts for decode and prefill', async () => {
    const world = open(8);
    const measured = await world.clock.runUntil(measureThreads(world, 8));
    expect(measured).toEqual({ choice: { decode: 4, prefill: 6 }, isQuiet: true });
  });

  it('says so when other programs had the cores', async () => {
    const world = open(2);
    expect((await world.clock.runUntil(measureThreads(world, 8))).isQuiet).toBe(false);
  });

  it('has nothing to measure on one core', async () => {
    const world = open(1);
    expect(await measureThreads(world, 1)).toEqual({ choice: { decode: 1, prefill: 1 }, isQuiet: true });
  });
});

describe('the engine ladder', () => {
  const openLadder = () => {
    const clock = createFakeClock();
    const engine = createFakeBatchEngine({ clock, decodeMs: 20, prefillMsPerToken: 0.5 });
    const meter = {
      cpuSeconds: () => clock.monotonicMs() / 1000,
      residentBytes: () => 7,
      loopDelayP99Ms: () => null,
    };
    const ports = { engine, vocabularySize: 100, clock, meter, threads: { decode: 2, prefill: 4 } };
    return { clock, engine, ports };
  };
  const options = { signal: new AbortController().signal, onTick: () => undefined };

  it('measures decode of all sequences, with the depth filled before the clock', async () => {
    const { clock, engine, ports } = openLadder();
    const test = { kind: 'decode', tokens: 10, depth: 100, sequences: 4, seed: 1 } as const;
    const repetition = await clock.runUntil(runLadder(ports, test, options));
    expect(repetition).toEqual({
      wallMs: expect.closeTo(200, 6) as number,
      tokens: 40,
      tokensPerSecond: expect.closeTo(200, 6) as number,
      cpuPerWall: expect.closeTo(1, 6) as number,
      residentBytes: 7,
    });
    expect(engine.batches.at(-1)).toEqual(['0:1@109', '1:1@109', '2:1@109', '3:1@109']);
    expect(engine.cells).toEqual([0, 0, 0, 0]);
    expect(engine.threadsSet).toEqual([4, 2]);
  });

  it('prefills short prompts together and long ones in full batches', async () => {
    const { clock, engine, ports } = openLadder();
    const test = { kind: 'prefill', tokens: 300, depth: 0, sequences: 3, seed: 1 } as const;
    const repetition = await clock.runUntil(runLadder(ports, test, options));
    expect(repetition.tokens).toBe(900);
    expect(engine.batches).toEqual([
      ['0:300@0', '1:212@0'],
      ['1:88@212', '2:300@0'],
    ]);
  });

  it('tells its progress at most eight times a second', async () => {
    const { clock, ports } = openLadder();
    const ticks: number[] = [];
    const test = { kind: 'decode', tokens: 100, depth: 0, sequences: 1, seed: 1 } as const;
    await clock.runUntil(runLadder(ports, test, { ...options, onTick: (tokens) => ticks.push(tokens) }));
    expect(ticks.length).toBeGreaterThan(5);
    expect(ticks.length).toBeLessThanOrEqual(16);
  });

  it('stops between two steps when it is cancelled', async () => {
    const { clock, engine, ports } = openLadder();
    const stop = new AbortController();
    engine.onDecode((batch) => {
      if (batch === 3) stop.abort();
    });
    const test = { kind: 'decode', tokens: 100, depth: 0, sequences: 1, seed: 1 } as const;
    const failed = thrownBy(() => runLadder(ports, test, { ...options, signal: stop.signal }));
    expect((await clock.runUntil(failed)).code).toBe('app.cancelled');
    expect(engine.batches.length).toBe(3);
  });

  it('draws the same random tokens for the same seed', () => {
    expect(randomTokens(5, 1000, 3)).toEqual(randomTokens(5, 1000, 3));
    expect(randomTokens(5, 1000, 3)).not.toEqual(randomTokens(5, 1000, 4));
    expect(randomTokens(1000, 7, 1).every((token) => token < 7)).toBe(true);
    expect(new Set(randomTokens(1000, 7, 1)).size).toBe(7);
  });
});
