import { describe, expect, it } from 'vitest';
import { createEngineArm } from '../../../electron/bench/measure/engine-ladder.ts';
import { planBlocks } from '../../../electron/bench/measure/plan-blocks.ts';
import { createProgressMeter } from '../../../electron/bench/run/run-progress.ts';
import { createTickMeter } from '../../../electron/bench/run/tick-meter.ts';
import type { BenchTick } from '../../../shared/contract/bench-tick.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeReplica } from '../../support/fake-engine.ts';

describe('the points of the live page', () => {
  it('gather short spans per cell until they are long enough to mean something', () => {
    const ticks: Omit<BenchTick, 'atMs'>[] = [];
    const meter = createTickMeter((tick) => void ticks.push(tick));
    meter.setResidentBytes(7);
    meter.add('a', { tokens: 10, spanMs: 150 });
    meter.add('b', { tokens: 99, spanMs: 150 });
    meter.add('a', { tokens: 20, spanMs: 150, ttftsMs: [12] });
    expect(ticks).toEqual([{ cellId: 'a', tokensPerSecond: 100, ttftsMs: [12], residentBytes: 7 }]);
  });

  it('tell every token of a ladder test exactly once', async () => {
    const clock = createFakeClock();
    const replica = createFakeReplica({ tokensPerSecond: 100 });
    const told: { tokens: number; spanMs: number }[] = [];
    const arm = createEngineArm({
      cellId: 'c',
      replica: {
        runLadder: async (test, options) => {
          for (const done of [10, 25, 40]) {
            await clock.sleep(100);
            options.onTick?.(done);
          }
          return { ...(await replica.runLadder(test, { signal: options.signal })), wallMs: 500, tokens: 50 };
        },
      },
      test: { kind: 'decode', tokens: 50, depth: 0, sequences: 1 },
      clock,
      signal: new AbortController().signal,
      onTokens: (tokens, spanMs) => void told.push({ tokens, spanMs }),
    });
    await clock.runUntil(arm.measure({ index: 0, isWarmup: true, seed: 1 }));
    // between ticks 15 tokens in 100 ms each; the rest of the 50 tokens in the rest of the 500 ms
    expect(told).toEqual([
      { tokens: 15, spanMs: 100 },
      { tokens: 15, spanMs: 100 },
      { tokens: 20, spanMs: 300 },
    ]);
  });
});

describe('the progress of a run', () => {
  const cells = [
    { id: 'a', state: 'done' as const },
    { id: 'b', state: 'waiting' as const },
  ];

  it('counts finished cells of earlier starts, but not for the time left', async () => {
    const clock = createFakeClock();
    const meter = createProgressMeter(cells, 2, clock);
    expect(meter.now()).toEqual({ fraction: 0.5, etaMs: null });
    await clock.advance(1000);
    expect(meter.step('b')).toEqual({ fraction: 0.6, etaMs: 4000 });
  });

  it('keeps the last step of a cell for its end, however many warm-ups it takes', () => {
    const meter = createProgressMeter(cells, 2, createFakeClock());
    for (let step = 0; step < 20; step += 1) meter.step('b');
    expect(meter.now().fraction).toBe(0.9);
    expect(meter.finish('b').fraction).toBe(1);
  });
});

describe('the order of models', () => {
  const models = [
    { modelId: 'a', sizeBytes: 4e9 },
    { modelId: 'b', sizeBytes: 2e9 },
  ];

  it.each([
    ['all in memory', { availableRamBytes: 32e9, freeVramBytes: null }, 'interleaved'],
    ['memory short', { availableRamBytes: 12e9, freeVramBytes: null }, 'blocks'],
    ['all in video memory', { availableRamBytes: 1e9, freeVramBytes: 24e9 }, 'interleaved'],
    ['video memory short', { availableRamBytes: 64e9, freeVramBytes: 8e9 }, 'blocks'],
  ] as const)('with %s is %j → %s', (_name, memory, order) => {
    expect(planBlocks(models, memory).order).toBe(order);
  });

  it('of a single model needs no decision', () => {
    expect(planBlocks(models.slice(0, 1), { availableRamBytes: 0, freeVramBytes: null })).toEqual({
      order: 'interleaved',
      blocks: [['a']],
    });
  });
});
