import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planStep, prefillBudget, updatePrefillCost } from '../../../../electron/engine/host/scheduler.ts';

const need = (sequence: number, remaining: number) => ({ sequence, remaining });

describe('the plan of a step', () => {
  it('decodes every running sequence in one batch', () => {
    const plan = planStep({ decoding: [0, 2, 3], prefilling: [], msPerPrefillToken: 1, batchSize: 512 });
    expect(plan).toEqual({ decode: [0, 2, 3], prefill: [] });
  });

  it('keeps a prefill chunk within 250 ms while somebody waits for a next token', () => {
    const asked = { decoding: [1], prefilling: [need(0, 5000)], batchSize: 512 };
    expect(planStep({ ...asked, msPerPrefillToken: 2 }).prefill).toEqual([{ sequence: 0, tokens: 112 }]);
    expect(planStep({ ...asked, msPerPrefillToken: 0.01 }).prefill).toEqual([{ sequence: 0, tokens: 512 }]);
  });

  it('stretches the gap at most twofold to reach an efficient chunk', () => {
    const asked = { decoding: [1], prefilling: [need(0, 5000)], batchSize: 512 };
    expect(prefillBudget({ ...asked, msPerPrefillToken: 6 })).toBe(64);
    expect(prefillBudget({ ...asked, msPerPrefillToken: 15 })).toBe(32);
  });

  it('weighs by heads: many prompts that wait stretch the gap of few readers', () => {
    const prefilling = [1, 2, 3, 4, 5, 6].map((sequence) => need(sequence, 200));
    const asked = { prefilling, batchSize: 512, msPerPrefillToken: 5 };
    expect(prefillBudget({ ...asked, decoding: [0, 7] })).toBe(144);
    expect(prefillBudget({ ...asked, decoding: [0, 7, 8, 9, 10, 11] })).toBe(64);
  });

  it('takes larger chunks when nobody decodes, but never more than half a second of them', () => {
    const asked = { decoding: [], prefilling: [need(0, 5000)], batchSize: 512 };
    expect(prefillBudget({ ...asked, msPerPrefillToken: 2 })).toBe(240);
    expect(prefillBudget({ ...asked, msPerPrefillToken: 0.1 })).toBe(512);
  });

  it('begins with a small chunk while the speed is unknown', () => {
    const asked = { decoding: [], prefilling: [need(0, 5000)], msPerPrefillToken: null };
    expect(prefillBudget({ ...asked, batchSize: 512 })).toBe(64);
    expect(prefillBudget({ ...asked, batchSize: 32 })).toBe(32);
  });

  it('moves on even when one group of tokens is over the budget', () => {
    const asked = { decoding: [0], prefilling: [need(1, 5000)], batchSize: 512 };
    expect(prefillBudget({ ...asked, msPerPrefillToken: 400 })).toBe(16);
  });

  it('serves equal prompts one after the other', () => {
    const prefilling = [need(0, 400), need(1, 400), need(2, 400)];
    const plan = planStep({ decoding: [], prefilling, msPerPrefillToken: 2, batchSize: 512 });
    expect(plan.prefill).toEqual([{ sequence: 0, tokens: 240 }]);
  });

  it('lets a short question overtake a long document, which still gets half', () => {
    const prefilling = [need(0, 5000), need(1, 4000), need(2, 20), need(3, 200)];
    const plan = planStep({ decoding: [], prefilling, msPerPrefillToken: 2, batchSize: 512 });
    expect(plan.prefill).toEqual([
      { sequence: 2, tokens: 20 },
      { sequence: 0, tokens: 220 },
    ]);
  });

  it('packs whole short prompts into one batch', () => {
    const prefilling = [need(0, 20), need(1, 30), need(2, 10)];
    const plan = planStep({ decoding: [], prefilling, msPerPrefillToken: 0.1, batchSize: 512 });
    expect(plan.prefill.map(({ tokens }) => tokens).toSorted((a, b) => a - b)).toEqual([10, 20, 30]);
  });

  it('leaves a small rest of the budget unused rather than cut a prompt in inefficient pieces', () => {
    const prefilling = [need(0, 490), need(1, 400)];
    const plan = planStep({ decoding: [], prefilling, msPerPrefillToken: 0.1, batchSize: 512 });
    expect(plan.prefill).toEqual([{ sequence: 0, tokens: 490 }]);
  });

  it('never plans more than a batch, never an empty piece, and always moves the oldest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0.001, max: 500, noNaN: true }),
        fc.boolean(),
        (remaining, msPerPrefillToken, isDecoding) => {
          const prefilling = remaining.map((tokens, sequence) => need(sequence, tokens));
          const plan = planStep({
            decoding: isDecoding ? [9] : [],
            prefilling,
            msPerPrefillToken,
            batchSize: 512,
          });
          const total = plan.prefill.reduce((sum, { tokens }) => sum + tokens, 0);
          expect(total).toBeLessThanOrEqual(512);
          expect(plan.prefill.every(({ tokens }) => tokens > 0)).toBe(true);
          expect(plan.prefill.some(({ sequence }) => sequence === 0)).toBe(true);
          expect(plan.prefill.every(({ sequence, tokens }) => tokens <= (remaining[sequence] ?? 0))).toBe(
            true,
          );
        },
      ),
    );
  });
});

describe('the prefill cost', () => {
  it('follows measurements and ignores pieces too small to tell', () => {
    expect(updatePrefillCost(null, 64, 32)).toBe(0.5);
    expect(updatePrefillCost(0.5, 64, 96)).toBeCloseTo(0.8);
    expect(updatePrefillCost(0.5, 3, 96)).toBe(0.5);
  });
});
