import { describe, expect, it } from 'vitest';
import {
  allowedBytes,
  chooseEvictions,
  isWorthSaving,
  leastGainOf,
  type SaveQuestion,
} from '../../../../../electron/engine/host/prefix-store/policy.ts';

/** A 0.5B model on two cores: 515 tokens, 11.6 MB, 6.5 ms of prefill a token. */
const question = (more: Partial<SaveQuestion> = {}): SaveQuestion => ({
  tokens: 515,
  keptTokens: 0,
  bytesPerToken: 22_500,
  msPerPrefillToken: 6.5,
  isBusy: false,
  ...more,
});

describe('what is saved', () => {
  it('is a long prompt whose prefill outlasts the write', () => {
    expect(isWorthSaving(question())).toBe(true);
    expect(isWorthSaving(question({ isBusy: true }))).toBe(true);
  });

  it('is no short prompt, and nothing before the prefill was measured', () => {
    expect(isWorthSaving(question({ tokens: 200 }))).toBe(false);
    expect(isWorthSaving(question({ msPerPrefillToken: null }))).toBe(false);
  });

  it('is nothing that a file or the slot keeps anyway', () => {
    expect(isWorthSaving(question({ keptTokens: 400 }))).toBe(false);
  });

  it('is nothing that a GPU computes as fast as the disk takes it', () => {
    expect(isWorthSaving(question({ msPerPrefillToken: 0.1 }))).toBe(false);
  });

  it('is nothing that would keep the others waiting, unless there are none', () => {
    const large = question({ tokens: 3_000, bytesPerToken: 60_000 });
    expect(isWorthSaving(large)).toBe(true);
    expect(isWorthSaving({ ...large, isBusy: true })).toBe(false);
    expect(isWorthSaving({ ...large, tokens: 30_000 })).toBe(false);
  });
});

describe('what is read', () => {
  it('spares a prompt 128 tokens at least, and more where the read takes longer than they do', () => {
    expect(leastGainOf(11_600_000, 6.5)).toBe(128);
    expect(leastGainOf(400_000_000, 0.5)).toBe(2_010);
  });
});

describe('room in the folder', () => {
  it('is the limit, but no more than a tenth of the free disk', () => {
    expect(allowedBytes(2_000, 0, 1_000_000)).toBe(2_000);
    expect(allowedBytes(2_000, 500, 9_500)).toBe(1_000);
  });

  it('is made by removing what was unused longest', () => {
    const stored = [
      { paths: ['b'], sizeBytes: 40, usedMs: 2 },
      { paths: ['a'], sizeBytes: 40, usedMs: 1 },
      { paths: ['c'], sizeBytes: 40, usedMs: 3 },
    ];
    const removed = (newBytes: number, mostBytes: number) =>
      chooseEvictions(stored, newBytes, mostBytes).flatMap(({ paths }) => paths);
    expect(removed(0, 120)).toEqual([]);
    expect(removed(30, 120)).toEqual(['a']);
    expect(removed(60, 100)).toEqual(['a', 'b']);
    expect(removed(0, 0)).toEqual(['a', 'b', 'c']);
  });
});
