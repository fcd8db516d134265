import { describe, expect, it } from 'vitest';
import { startWatchdog, watchStep, type WatchdogState } from '../../../../electron/engine/host/watchdog.ts';

const feed = (state: WatchdogState, stepsMs: readonly number[], startMs = 0): WatchdogState =>
  stepsMs.reduce(
    (current, stepMs, index) => watchStep(current, { sequences: 1, stepMs, nowMs: startMs + index }),
    state,
  );
const calm = Array.from({ length: 20 }, () => 10);

describe('the oversubscription watchdog', () => {
  it('halves the threads after three steps over five times the median', () => {
    expect(feed(startWatchdog(8), [...calm, 300, 300]).threads).toBe(8);
    expect(feed(startWatchdog(8), [...calm, 300, 300, 300]).threads).toBe(4);
  });

  it('forgives single accidents', () => {
    expect(feed(startWatchdog(8), [...calm, 300, 10, 300, 10, 300, 10]).threads).toBe(8);
  });

  it('never goes below one thread', () => {
    const slow = Array.from({ length: 30 }, () => 5000);
    expect(feed(startWatchdog(2), [...calm, ...slow]).threads).toBe(1);
  });

  it('tries more threads again after a while, and waits longer each time it was wrong', () => {
    const lowered = feed(startWatchdog(2), [...calm, 300, 300, 300]);
    const soon = watchStep(lowered, { sequences: 1, stepMs: 12, nowMs: 1_000 });
    expect(soon.threads).toBe(1);
    const later = watchStep(lowered, { sequences: 1, stepMs: 12, nowMs: 2_100 });
    expect(later.threads).toBe(2);
    const again = feed(later, [300, 300, 300], 2_200);
    expect(again.threads).toBe(1);
    expect(again.retryAtMs).toBeGreaterThanOrEqual(2_200 + 4_000);
  });

  it('judges a step by others of the same number of sequences', () => {
    const one = feed(startWatchdog(4), calm);
    const eight = Array.from({ length: 10 }).reduce<WatchdogState>(
      (state) => watchStep(state, { sequences: 8, stepMs: 80, nowMs: 100 }),
      one,
    );
    expect(eight.threads).toBe(4);
  });
});
