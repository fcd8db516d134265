import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseSlot, commonPrefix, type SlotView } from '../../../../electron/engine/host/prefix-cache.ts';

const slot = (sequence: number, tokens: readonly number[], more: Partial<SlotView> = {}): SlotView => ({
  sequence,
  tokens,
  adapters: '',
  isBusy: false,
  lastUsed: 0,
  ...more,
});
const range = (count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, index) => index + from);
const ask = (prompt: readonly number[], slots: readonly SlotView[]) =>
  ({ prompt, adapters: '', slots, reuse: 'any-prefix', canCopy: true }) as const;

describe('the choice of a slot', () => {
  it('reads a state from disk into the slot that is worth least, when that spares enough', () => {
    const slots = [slot(0, range(300, 5), { lastUsed: 9 }), slot(1, [...range(100), 7_000], { lastUsed: 2 })];
    const stored = { commonTokens: 400, leastGain: 128 };
    const prompt = range(500);
    expect(chooseSlot({ ...ask(prompt, slots), stored })).toEqual({ sequence: 1, keep: 400, isStored: true });
    expect(chooseSlot({ ...ask(range(400), slots), stored })).toMatchObject({ keep: 399 });
    expect(chooseSlot({ ...ask(prompt, slots), stored: { ...stored, leastGain: 301 } })).toEqual({
      sequence: 1,
      keep: 100,
    });
    expect(chooseSlot({ ...ask(prompt, slots), stored, reuse: 'whole' })).toEqual({ sequence: 1, keep: 0 });
    const holder = slot(2, range(390), { isBusy: true });
    expect(chooseSlot({ ...ask(prompt, [...slots, holder]), stored })).toMatchObject({ copyFrom: 2 });
  });

  it('takes the free slot with the longest common prefix and keeps it', () => {
    const slots = [slot(0, [1, 2, 9]), slot(1, [1, 2, 3, 9]), slot(2, [])];
    expect(chooseSlot(ask([1, 2, 3, 4], slots))).toEqual({ sequence: 1, keep: 3 });
  });

  it('always computes the last prompt token, which gives the logits', () => {
    expect(chooseSlot(ask([1, 2, 3], [slot(0, [1, 2, 3, 4])]))).toEqual({ sequence: 0, keep: 2 });
  });

  it('spares what others may need: an empty slot first, then the longest unused', () => {
    const used = [slot(0, [7], { lastUsed: 5 }), slot(1, [8], { lastUsed: 2 })];
    expect(chooseSlot(ask([1, 2], [...used, slot(2, [])]))?.sequence).toBe(2);
    expect(chooseSlot(ask([1, 2], used))?.sequence).toBe(1);
  });

  it('copies a long system prompt from a busy slot', () => {
    const slots = [slot(0, range(200), { isBusy: true }), slot(1, [])];
    expect(chooseSlot(ask([...range(150), 999, 1], slots))).toEqual({ sequence: 1, keep: 150, copyFrom: 0 });
  });

  it('does not copy for a handful of tokens', () => {
    const slots = [slot(0, range(40), { isBusy: true }), slot(1, [])];
    expect(chooseSlot(ask([...range(40), 999], slots))).toEqual({ sequence: 1, keep: 0 });
  });

  it('goes on with a state that cannot be cut only from its very end', () => {
    const slots = [slot(0, [1, 2, 3])];
    const whole = { slots, adapters: '', reuse: 'whole', canCopy: false } as const;
    expect(chooseSlot({ ...whole, prompt: [1, 2, 3, 4] })).toEqual({ sequence: 0, keep: 3 });
    expect(chooseSlot({ ...whole, prompt: [1, 2, 4, 5] })).toEqual({ sequence: 0, keep: 0 });
  });

  it('keeps nothing when the request asks for no reuse', () => {
    const slots = [slot(0, [1, 2, 3])];
    expect(chooseSlot({ ...ask([1, 2, 3, 4], slots), reuse: 'nothing' })).toEqual({
      sequence: 0,
      keep: 0,
    });
  });

  it('neither keeps nor copies what other adapters computed', () => {
    const made = { adapters: 'a*1' };
    const slots = [slot(0, range(200), { ...made, isBusy: true }), slot(1, range(90), made), slot(2, [])];
    const prompt = [...range(150), 999];
    expect(chooseSlot({ ...ask(prompt, slots), adapters: '' })).toEqual({ sequence: 2, keep: 0 });
    expect(chooseSlot({ ...ask(prompt, slots), adapters: 'a*0.5' })).toEqual({ sequence: 2, keep: 0 });
    expect(chooseSlot({ ...ask(prompt, slots), adapters: 'a*1' })).toEqual({ sequence: 1, keep: 90 });
    const whole = { ...ask(range(91), slots), reuse: 'whole', canCopy: false } as const;
    expect(chooseSlot(whole)).toEqual({ sequence: 2, keep: 0 });
    expect(chooseSlot({ ...whole, adapters: 'a*1' })).toEqual({ sequence: 1, keep: 90 });
  });

  it('waits while every slot is busy', () => {
    expect(chooseSlot(ask([1], [slot(0, [], { isBusy: true })]))).toBeUndefined();
  });

  it('never keeps a token the prompt does not begin with', () => {
    const tokens = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(tokens, { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1 }),
        (contents, prompt) => {
          const choice = chooseSlot(
            ask(
              prompt,
              contents.map((content, sequence) => slot(sequence, content)),
            ),
          );
          const source = contents[choice?.copyFrom ?? choice?.sequence ?? 0] ?? [];
          expect(source.slice(0, choice?.keep)).toEqual(prompt.slice(0, choice?.keep));
          expect(choice?.keep).toBeLessThan(prompt.length);
        },
      ),
    );
  });
});

describe('the common prefix', () => {
  it('ends at the first difference or the shorter end', () => {
    expect(commonPrefix([1, 2, 3], [1, 2, 4])).toBe(2);
    expect(commonPrefix([1], [1, 2])).toBe(1);
    expect(commonPrefix([], [1])).toBe(0);
  });
});
