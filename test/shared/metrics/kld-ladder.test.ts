import { expect, it } from 'vitest';
import { kldInWords } from '../../../shared/metrics/kld-ladder.ts';

it('a divergence is told by the types of a model many know', () => {
  const exact = { kind: 'exact', capturedMass: 1 } as const;
  expect([0.001, 0.03, 0.5].map((value) => kldInWords({ ...exact, mean: { value } }))).toEqual([
    '0.00100 nats is finer than Q8_0 of Llama-3-8B',
    '0.0300 nats is between Q4_K_M and Q3_K_M of Llama-3-8B',
    '0.500 nats is coarser than Q2_K of Llama-3-8B',
  ]);
});

it('a lower bound is called one, with the captured mass, and promises no more than the best place', () => {
  expect(kldInWords({ kind: 'lower-bound', capturedMass: 0.935, mean: { value: 0.001 } })).toBe(
    'at least 0.00100 nats is at best finer than Q8_0 of Llama-3-8B (a lower bound: the reference pack captured 93.5 % of the base’s probability)',
  );
});
