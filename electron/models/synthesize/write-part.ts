import { AppError } from '../../../shared/errors/app-error.ts';
import type { Files, FileWriter } from '../../platform/ports.ts';
import { DEFAULT_ALIGNMENT, padTo, tensorBytes } from '../gguf/encode-header.ts';
import { isWeightType, tensorPieces, type WeightPool } from './fill-tensor.ts';
import { createRandomSource } from './random-source.ts';
import type { PlannedTensor } from './tensor-plan.ts';

/** Gaussians drawn once per file; float tensors are runs of them. A prime, so that no row length divides it. */
export const POOL_ELEMENTS = 65_521;

interface Part {
  readonly path: string;
  readonly header: Uint8Array;
  readonly tensors: readonly PlannedTensor[];
  readonly seed: number;
  readonly pool: WeightPool;
}

interface PartProgress {
  readonly signal?: AbortSignal;
  /** Weight bytes just written. */
  readonly onBytes: (bytes: number) => void;
}

const writeTensor = async (
  writer: FileWriter,
  tensor: PlannedTensor,
  position: number,
  part: Part,
  progress: PartProgress,
): Promise<void> => {
  if (!isWeightType(tensor.type.name)) {
    throw new AppError('app.internal', `No random weights of type ${tensor.type.name}.`);
  }
  // A source per tensor: its weights do not depend on what was written before it.
  const random = createRandomSource(`${part.seed}:${tensor.name}`);
  let at = position;
  for (const piece of tensorPieces(tensor, tensor.type.name, tensor.distribution, random, part.pool)) {
    if (progress.signal?.aborted === true) throw new AppError('app.cancelled');
    await writer.write(piece, at);
    at += piece.length;
    progress.onBytes(piece.length);
  }
};

/** Writes one file beside its target and renames it. Resolves with its size in bytes. */
export const writePart = async (
  files: Pick<Files, 'openWrite' | 'rename' | 'remove'>,
  part: Part,
  progress: PartProgress,
): Promise<number> => {
  const temporary = `${part.path}.part`;
  const writeAll = async (): Promise<number> => {
    await using writer = await files.openWrite(temporary);
    await writer.write(part.header, 0);
    let position = part.header.length;
    for (const tensor of part.tensors) {
      await writeTensor(writer, tensor, position, part, progress);
      const bytes = tensorBytes(tensor);
      const padding = padTo(bytes, DEFAULT_ALIGNMENT) - bytes;
      if (padding > 0) await writer.write(new Uint8Array(padding), position + bytes);
      position += bytes + padding;
    }
    return position;
  };
  try {
    await files.remove(temporary); // openWrite does not truncate what a killed process left
    const sizeBytes = await writeAll();
    await files.rename(temporary, part.path);
    return sizeBytes;
  } catch (error) {
    await files.remove(temporary);
    throw error;
  }
};
