import { describe, expect, test } from 'vitest';
import {
  createImatrixSums,
  type Activations,
  type ImatrixSums,
} from '../../../../electron/engine/inspector/imatrix-sums.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

/** Contiguous activations of that shape. */
const rows = (sizes: Activations['sizes'], values: readonly number[]): Activations => {
  const [columns, count, planes] = sizes;
  const row = columns * 4;
  return {
    sizes,
    strides: [4, row, row * count, row * count * planes],
    values: Float32Array.from(values),
  };
};

const found = (sums: ImatrixSums): unknown =>
  Object.fromEntries(
    [...sums.entries()].map(([name, entry]) => [name, { sums: [...entry.sums], counts: entry.counts }]),
  );

describe('sums of squares', () => {
  test('add up over rows and over calls', () => {
    const sums = createImatrixSums();
    const plain = { depth: 1, width: 1 };
    sums.addDense('w', plain, rows([2, 3, 1, 1], [1, 2, 3, 4, 5, 6]));
    sums.addDense('w', plain, rows([2, 1, 1, 1], [10, 0]));
    expect(found(sums)).toEqual({ w: { sums: [135, 56], counts: [4] } });
  });

  test('follow the strides of rows that do not lie side by side', () => {
    const sums = createImatrixSums();
    const values = Float32Array.of(1, 2, 99, 3, 4, 99);
    const strides = [4, 12, 24, 24] as const;
    sums.addDense('w', { depth: 1, width: 1 }, { sizes: [2, 2, 1, 1], strides, values });
    expect(found(sums)).toEqual({ w: { sums: [10, 20], counts: [2] } });
  });

  test('flatten planes onto a plain matrix, and keep them apart for a stack of matrices', () => {
    const sums = createImatrixSums();
    const planes = rows([1, 1, 4, 1], [1, 2, 3, 4]);
    sums.addDense('plain', { depth: 1, width: 1 }, planes);
    sums.addDense('stack', { depth: 2, width: 1 }, planes);
    expect(found(sums)).toEqual({
      plain: { sums: [30], counts: [4] },
      stack: { sums: [10, 20], counts: [2] },
    });
  });

  test('go to the experts the ids name, whose ids lie in a wider table', () => {
    const sums = createImatrixSums();
    // two tokens, one row each for both of their experts; the table has three ranks, of which two are used
    const ids = { sizes: [2, 2], strides: [4, 12], values: Int32Array.of(2, 0, 1, 2, 1, 0) } as const;
    sums.addExperts('e', 3, rows([1, 1, 2, 1], [3, 5]), ids);
    expect(found(sums)).toEqual({ e: { sums: [9, 25, 34], counts: [1, 1, 2] } });
  });

  test('refuse values that are no numbers and experts there are not', async () => {
    const refused = async (act: (sums: ImatrixSums) => void): Promise<string> => {
      const error = await thrownBy(async () => {
        act(createImatrixSums());
        return Promise.resolve();
      });
      return error.code;
    };
    expect(
      await refused((sums) => sums.addDense('w', { depth: 1, width: 1 }, rows([1, 1, 1, 1], [NaN]))),
    ).toBe('models.imatrix-failed');
    const ids = { sizes: [1, 1], strides: [4, 4], values: Int32Array.of(7) } as const;
    expect(await refused((sums) => sums.addExperts('e', 2, rows([1, 1, 1, 1], [1]), ids))).toBe(
      'models.imatrix-failed',
    );
  });
});
