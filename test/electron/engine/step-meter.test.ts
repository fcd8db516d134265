import { describe, expect, it } from 'vitest';
import { createStepMeter } from '../../../electron/engine/step-meter.ts';
import type { EngineStep } from '../../../shared/contract/engine-steps.ts';

const step = (decoded: number, tookMs: number): EngineStep => ({
  atMs: 0,
  decoded,
  prefilled: decoded === 0 ? 32 : 0,
  tookMs,
  sampleMs: null,
  running: 1,
  queued: 0,
});

describe('the steps of an engine', () => {
  it('say nothing before the first decode step', () => {
    const meter = createStepMeter();
    meter.add([step(0, 100)]);
    expect(meter.stats(1)).toBeUndefined();
  });

  it('have a mean batch, a median time and the share of prefill, each over its own steps', () => {
    const meter = createStepMeter();
    meter.add([step(0, 30), ...[8, 9, 10, 11, 12, 20].map((ms) => step(4, ms)), step(2, 20)]);
    expect(meter.stats(2.5)).toEqual({
      decodeSteps: 7,
      decodeBatchMean: 26 / 7,
      decodeMsP50: 11,
      decodeMsP95: null,
      prefillShare: 0.25,
      loopDelayP99Ms: 2.5,
    });
  });

  it('have no percentile without enough steps, and forget the oldest beyond 512', () => {
    const meter = createStepMeter();
    meter.add(Array.from({ length: 5 }, () => step(1, 1000)));
    expect(meter.stats(null)).toMatchObject({ decodeMsP50: null, decodeMsP95: null });
    meter.add(Array.from({ length: 512 }, () => step(8, 5)));
    expect(meter.stats(null)).toMatchObject({
      decodeSteps: 512,
      decodeBatchMean: 8,
      decodeMsP50: 5,
      decodeMsP95: 5,
    });
  });

  it('add up by kind, those that are forgotten included', () => {
    const meter = createStepMeter();
    meter.add([step(0, 30), ...Array.from({ length: 600 }, () => step(2, 5)), step(0, 12)]);
    expect(meter.totals()).toEqual({ prefillMs: 42, decodeMs: 3000, prefilled: 64 });
  });

  it('are kept one by one, the newest last', () => {
    const meter = createStepMeter();
    meter.add(Array.from({ length: 600 }, (_, index) => step(1, index)));
    expect(meter.newest(3).map(({ tookMs }) => tookMs)).toEqual([597, 598, 599]);
    expect(meter.newest(1000).map(({ tookMs }) => tookMs)).toEqual(
      Array.from({ length: 512 }, (_, index) => index + 88),
    );
  });
});
