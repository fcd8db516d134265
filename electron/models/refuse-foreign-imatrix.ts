import type { ModelDetails } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Ports } from '../platform/ports.ts';
import { badImatrix } from './gguf/imatrix.ts';
import { readImatrix } from './gguf/read-imatrix.ts';

/**
 * Refuses an importance matrix of another model before hours of work: llama.cpp itself takes weights it does not find
 * for unimportant, in silence.
 * @throws AppError `models.bad-imatrix`, `files.not-found`
 */
export const refuseForeignImatrix = async (
  files: Pick<Ports['files'], 'stat' | 'openRead'>,
  path: string,
  source: Pick<ModelDetails, 'id' | 'tensors'>,
): Promise<void> => {
  if ((await files.stat(path))?.kind !== 'file')
    throw new AppError('files.not-found', `No such file: ${path}`, { hint: 'Check the path.' });
  await using file = await files.openRead(path);
  const { entries } = await readImatrix(file, path);
  const tensors = new Map(source.tensors.map(({ name, shape }) => [name, shape]));
  for (const [name, { sums }] of entries) {
    const shape = tensors.get(name);
    if (shape === undefined) throw badImatrix(path, `it weighs ${name}, which ${source.id} does not have`);
    const [columns = 1, , depth = 1, width = 1] = shape;
    if (columns * depth * width !== sums.length)
      throw badImatrix(
        path,
        `it has ${sums.length} columns for ${name}, ${source.id} has ${columns * depth * width}`,
      );
  }
};
