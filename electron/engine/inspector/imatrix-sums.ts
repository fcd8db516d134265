import { AppError } from '../../../shared/errors/app-error.ts';
import type { ImatrixEntry } from '../../models/gguf/imatrix.ts';

/** Activations as ggml lays them out: sizes in elements, strides in bytes. */
export interface Activations {
  readonly sizes: readonly [number, number, number, number];
  readonly strides: readonly [number, number, number, number];
  readonly values: Float32Array;
}

/** Expert ids of `MUL_MAT_ID`: `[experts used, tokens]`, strides in bytes. */
export interface ExpertIds {
  readonly sizes: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly values: Int32Array;
}

/** Sums of squares per column of all weights seen, and how many rows went in. */
export interface ImatrixSums {
  /** Rows that a matrix of shape `[columns, rows, depth, width]` is multiplied with. */
  addDense(
    name: string,
    weights: { readonly depth: number; readonly width: number },
    rows: Activations,
  ): void;
  /** Rows `[columns, slots, tokens]`, of which each goes to the expert the ids name. */
  addExperts(name: string, expertCount: number, rows: Activations, ids: ExpertIds): void;
  entries(): ReadonlyMap<string, ImatrixEntry>;
}

interface Sum {
  /** Double precision: a million squares added in single precision lose the fourth digit. */
  readonly squares: Float64Array;
  readonly counts: number[];
}

const floatBytes = Float32Array.BYTES_PER_ELEMENT;

/** The loop of the collection, columns × tokens × matrices: it allocates nothing. */
const addRow = (squares: Float64Array, at: number, values: Float32Array, from: number, columns: number) => {
  for (let column = 0; column < columns; column += 1) {
    const value = values[from + column] ?? NaN;
    squares[at + column] = (squares[at + column] ?? NaN) + value * value;
  }
};

const notFinite = (name: string): AppError =>
  new AppError('models.imatrix-failed', `The model computes values that are no numbers at ${name}.`, {
    hint: 'The weights are damaged: check the SHA-256, or get the file again.',
  });

const assertFinite = (name: string, { squares }: Sum): void => {
  if (!squares.every(Number.isFinite)) throw notFinite(name);
};

/**
 * Adds up as tools/imatrix/imatrix.cpp of llama.cpp v0.5.0 does: a plain matrix has one count, a stack of experts one
 * per expert, and activations with more dimensions than the weights are flattened onto them.
 */
export const createImatrixSums = (): ImatrixSums => {
  const sums = new Map<string, Sum>();
  const sumOf = (name: string, size: number, countLength: number): Sum => {
    const known = sums.get(name);
    if (known === undefined) {
      const made = { squares: new Float64Array(size), counts: Array.from({ length: countLength }, () => 0) };
      sums.set(name, made);
      return made;
    }
    if (known.squares.length === size) return known;
    throw new AppError('models.imatrix-failed', `${name} changes its size within the model.`, {
      hint: 'Importance matrices of this architecture cannot be made.',
    });
  };

  return {
    addDense: (name, { depth, width }, { sizes: [columns, rows, planes, blocks], strides, values }) => {
      const matrices = depth * width;
      const sum = sumOf(name, columns * matrices, 1);
      for (let block = 0; block < blocks; block += 1) {
        for (let plane = 0; plane < planes; plane += 1) {
          const matrix = (block % width) * depth + (plane % depth);
          for (let row = 0; row < rows; row += 1) {
            const from = (row * strides[1] + plane * strides[2] + block * strides[3]) / floatBytes;
            addRow(sum.squares, matrix * columns, values, from, columns);
          }
        }
      }
      assertFinite(name, sum);
      const added = (rows * planes * blocks) / matrices;
      sum.counts.forEach((count, index) => (sum.counts[index] = count + added));
    },
    addExperts: (name, expertCount, { sizes: [columns, slots, tokens], strides, values }, ids) => {
      const sum = sumOf(name, columns * expertCount, expertCount);
      for (let rank = 0; rank < ids.sizes[0]; rank += 1) {
        for (let token = 0; token < tokens; token += 1) {
          const expert = ids.values[(rank * ids.strides[0] + token * ids.strides[1]) / floatBytes] ?? -1;
          if (expert < 0 || expert >= expertCount)
            throw new AppError('models.imatrix-failed', `${name} was asked for expert ${expert}.`);
          const from = ((rank % slots) * strides[1] + token * strides[2]) / floatBytes;
          addRow(sum.squares, expert * columns, values, from, columns);
          sum.counts[expert] = (sum.counts[expert] ?? 0) + 1;
        }
      }
      assertFinite(name, sum);
    },
    entries: () =>
      new Map(
        [...sums].map(([name, { squares, counts }]) => [name, { sums: Float32Array.from(squares), counts }]),
      ),
  };
};
