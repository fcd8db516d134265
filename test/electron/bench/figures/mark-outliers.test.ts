import { describe, expect, it } from 'vitest';
import { markOutliers, oddRepetitions } from '../../../../electron/bench/figures/mark-outliers.ts';
import { createSample } from '../../../support/bench-samples.ts';

const sample = (index: number, firstTokenMs: number, changes: Parameters<typeof createSample>[0] = {}) => ({
  ...createSample({ index, firstTokenMs, lastTokenMs: 100 + firstTokenMs, outputTokens: 11, ...changes }),
  cellId: 'c1',
});

describe('requests', () => {
  it('are marked in the metrics in which they lie far from their cell, and all are kept', () => {
    const marked = markOutliers([
      ...[10, 10.4, 9.7, 10.1, 9.9].map((ttft, index) => sample(index, ttft)),
      sample(5, 48),
      { ...sample(6, 900), cellId: 'c2' },
      sample(7, 700, { isWarmup: true }),
    ]);
    expect(marked.map(({ outliers }) => outliers)).toEqual([[], [], [], [], [], ['ttftMs', 'e2eMs'], [], []]);
  });
});

describe('repetitions', () => {
  it('far from the others are found by their index, warm-ups left alone', () => {
    const repetition = (index: number, decodeTps: number, isWarmup = false) => ({
      index,
      isWarmup,
      startedAtMs: 0,
      wallMs: 1,
      cpuPerWall: null,
      values: { decodeTps },
      residentBytes: null,
    });
    const repetitions = [
      repetition(0, 20, true),
      ...[100, 101, 99.5, 100.4, 80, 100.2].map((value, index) => repetition(index, value)),
    ];
    expect(oddRepetitions(repetitions, 'decodeTps')).toEqual([{ metric: 'decodeTps', index: 4, value: 80 }]);
    expect(oddRepetitions(repetitions, 'ttftMs')).toEqual([]);
  });
});
