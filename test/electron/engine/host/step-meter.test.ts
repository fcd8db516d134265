import { describe, expect, it } from 'vitest';
import { createStepMeter } from '../../../../electron/engine/host/step-meter.ts';

describe('the steps of an engine', () => {
  it('say nothing before the first decode step', () => {
    const meter = createStepMeter();
    meter.prefilled(100);
    expect(meter.stats(1)).toBeUndefined();
  });

  it('have a mean batch, a median time and the share of prefill, each over its own steps', () => {
    const meter = createStepMeter();
    meter.prefilled(30);
    for (const ms of [8, 9, 10, 11, 12, 20]) meter.decoded(4, ms);
    meter.decoded(2, 20);
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
    for (let step = 0; step < 5; step += 1) meter.decoded(1, 1000);
    expect(meter.stats(null)).toMatchObject({ decodeMsP50: null, decodeMsP95: null });
    for (let step = 0; step < 512; step += 1) meter.decoded(8, 5);
    expect(meter.stats(null)).toMatchObject({
      decodeSteps: 512,
      decodeBatchMean: 8,
      decodeMsP50: 5,
      decodeMsP95: 5,
    });
  });
});
