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

  it('takes larger chunks when nobody decodes, but never more than half a second of them', () => {
    expect(prefillBudget({ decoding: [], msPerPrefillToken: 2, batchSize: 512 })).toBe(240);
    expect(prefillBudget({ decoding: [], msPerPrefillToken: 0.1, batchSize: 512 })).toBe(512);
  });

  it('begins with a small chunk while the speed is unknown', () => {
    expect(prefillBudget({ decoding: [], msPerPrefillToken: null, batchSize: 512 })).toBe(64);
    expect(prefillBudget({ decoding: [], msPerPrefillToken: null, batchSize: 32 })).toBe(32);
  });

  it('moves on even when one group of tokens is over the budget', () => {
    expect(prefillBudget({ decoding: [0], msPerPrefillToken: 400, batchSize: 512 })).toBe(16);
  });

  it('gives the oldest prompt at least half and the rest to the shortest', () => {
    const plan = planStep({
      decoding: [],
      prefilling: [need(0, 5000), need(1, 900), need(2, 20)],
      msPerPrefillToken: 0.5,
      batchSize: 512,
    });
    expect(plan.prefill).toEqual([
      { sequence: 0, tokens: 256 },
      { sequence: 2, tokens: 20 },
      { sequence: 1, tokens: 236 },
    ]);
  });

  it('packs whole short prompts into one batch', () => {
    const prefilling = [need(0, 20), need(1, 30), need(2, 10)];
    const plan = planStep({ decoding: [], prefilling, msPerPrefillToken: 0.1, batchSize: 512 });
    expect(plan.prefill.map(({ tokens }) => tokens).reduce((sum, tokens) => sum + tokens)).toBe(60);
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
