import { describe, expect, it } from 'vitest';
import {
  nextLevel,
  pressureOf,
  type DegradationLevel,
} from '../../../../electron/gateway/degradation/degradation-level.ts';

const walk = (pressures: readonly number[]): readonly DegradationLevel[] => {
  let level: DegradationLevel = 0;
  return pressures.map((pressure) => (level = nextLevel(level, pressure)));
};

describe('how far a server is degraded', () => {
  it('clamps answers from half the pressure on, then has a smaller model make them, then gives kept ones', () => {
    expect(walk([0, 0.49, 0.5, 0.64, 0.65, 0.75, 3])).toEqual([0, 0, 1, 1, 2, 3, 3]);
  });

  it('leaves a level well below where it began, so that it does not flap around a threshold', () => {
    expect(walk([0.5, 0.45, 0.5, 0.36, 0.34, 0.45])).toEqual([1, 1, 1, 1, 0, 0]);
    expect(walk([0.75, 0.6, 0.53, 0.52, 0.46, 0.45, 0.64])).toEqual([3, 3, 3, 2, 2, 1, 1]);
  });

  it('is at ease at once when a request need not wait', () => {
    expect(walk([1, 0])).toEqual([3, 0]);
  });

  it('is pressed by a full queue, or by a wait that the tier does not bear', () => {
    const wait = { fill: 0.1, waitMs: 3000 };
    expect([
      pressureOf(wait, 'realtime'),
      pressureOf(wait, 'interactive'),
      pressureOf(wait, 'batch'),
    ]).toEqual([1.5, 0.2, 0.1]);
    expect(pressureOf({ fill: 0.8, waitMs: 0 }, 'batch')).toBe(0.8);
  });
});
