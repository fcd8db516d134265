import { describe, expect, it } from 'vitest';
import { planTarget } from '../../../../electron/bench/load/plan-load.ts';
import { loadStartInputSchema } from '../../../../shared/contract/load.ts';
import { benchModel } from '../../../support/bench-world.ts';

const input = loadStartInputSchema.parse({
  target: { type: 'model', model: 'river' },
  shape: 'single-stream',
});

describe('the target of a load run', () => {
  it('remembers that its model is synthetic, so that all that is measured on it says so', () => {
    const targets = [true, false].map((isSynthetic) =>
      planTarget(input, benchModel('Q8_0', { isSynthetic })),
    );
    expect(targets.map(({ target }) => target.isSynthetic)).toEqual([true, false]);
  });
});
