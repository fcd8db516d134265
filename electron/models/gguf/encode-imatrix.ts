import { AppError } from '../../../shared/errors/app-error.ts';
import { DEFAULT_ALIGNMENT, encodeHeader, padTo, type TensorSpec } from './encode-header.ts';
import { countsSuffix, imatrixKeys as keys, sumsSuffix, type Imatrix } from './imatrix.ts';
import { arrayOf, text, uint32 } from './metadata.ts';
import { findTensorTypeByName } from './tensor-types.ts';

/** As ggml counts dimensions: trailing ones do not count, and one is the least. */
const shapeOf = (columns: number, rows: number): readonly number[] =>
  rows === 1 ? [columns] : [columns, rows];

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;

/** The file in pieces, byte for byte as llama-imatrix writes it but for Dyno's own key. */
export function* encodeImatrix(imatrix: Imatrix): Generator<Uint8Array> {
  const type = findTensorTypeByName('F32');
  if (type === undefined) throw new AppError('app.internal', 'F32 is no tensor type.');
  const tensors: { readonly spec: TensorSpec; readonly values: Float32Array }[] = [];
  for (const [name, { sums, counts }] of [...imatrix.entries].toSorted(byName)) {
    const rows = counts.length;
    tensors.push(
      { spec: { name: name + sumsSuffix, shape: shapeOf(sums.length / rows, rows), type }, values: sums },
      {
        spec: { name: name + countsSuffix, shape: shapeOf(1, rows), type },
        values: Float32Array.from(counts),
      },
    );
  }
  yield encodeHeader(
    [
      [keys.type, text('imatrix')],
      [keys.datasets, arrayOf('string', imatrix.datasets)],
      [keys.chunkCount, uint32(imatrix.chunkCount)],
      [keys.chunkSize, uint32(imatrix.chunkSize)],
      ...(imatrix.textSha256 === null ? [] : [[keys.textSha256, text(imatrix.textSha256)] as const]),
    ],
    tensors.map(({ spec }) => spec),
  );
  for (const { values } of tensors) {
    const bytes = new Uint8Array(padTo(values.byteLength, DEFAULT_ALIGNMENT));
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    yield bytes;
  }
}
