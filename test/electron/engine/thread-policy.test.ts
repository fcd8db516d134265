import { describe, expect, it } from 'vitest';
import {
  chooseThreads,
  readThreadChoice,
  shareThreads,
  threadCandidates,
  threadFactKey,
  withinLimit,
} from '../../../electron/engine/thread-policy.ts';

describe('the choice of threads', () => {
  it('measures a few counts up to the physical cores', () => {
    expect(threadCandidates(16)).toEqual([16, 12, 8, 4, 1]);
    expect(threadCandidates(2)).toEqual([2, 1]);
    expect(threadCandidates(1)).toEqual([1]);
  });

  it('takes the fewest threads within 3 % of the fastest', () => {
    const measured = [
      { threads: 8, stepMs: 10 },
      { threads: 4, stepMs: 10.2 },
      { threads: 2, stepMs: 14 },
    ];
    expect(chooseThreads(measured)).toBe(4);
    expect(chooseThreads([])).toBe(1);
  });

  it('shares the cores among busy engines, and leaves each at least one', () => {
    expect([0, 1, 2, 3, 20].map((busy) => shareThreads(8, busy))).toEqual([8, 8, 4, 2, 1]);
  });

  it('stays within a limit and never at zero', () => {
    expect(withinLimit({ decode: 6, prefill: 8 }, 4)).toEqual({ decode: 4, prefill: 4 });
    expect(withinLimit({ decode: 6, prefill: 8 }, 0)).toEqual({ decode: 1, prefill: 1 });
  });

  it('remembers a choice by cores and model size, and reads back only what it wrote', () => {
    expect(threadFactKey(8, 1_000_000_000)).toBe(threadFactKey(8, 1_050_000_000));
    expect(threadFactKey(8, 1_000_000_000)).not.toBe(threadFactKey(8, 4_000_000_000));
    expect(threadFactKey(8, 1_000_000_000)).not.toBe(threadFactKey(4, 1_000_000_000));
    expect(readThreadChoice({ decode: 3, prefill: 4 })).toEqual({ decode: 3, prefill: 4 });
    expect([null, {}, { decode: 0, prefill: 1 }, { decode: '2', prefill: 1 }].map(readThreadChoice)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
