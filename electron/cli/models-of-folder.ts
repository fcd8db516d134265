import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';

/** Parts of a split model after its first: the first one stands for all. */
const laterPart = /-(?!00001)\d{5}-of-\d{5}\.gguf$/;

/**
 * What a model argument stands for: the model itself, or every GGUF of the folder it names, sorted by name.
 * @throws AppError `files.not-found` for a folder without one
 */
export const modelsOf = async (argument: string): Promise<readonly string[]> => {
  const found = await stat(argument).catch(() => undefined); // an id is no path: the library will say
  if (found?.isDirectory() !== true) return [argument];
  const names = await readdir(argument);
  const files = names.filter((name) => name.endsWith('.gguf') && !laterPart.test(name)).sort();
  if (files.length > 0) return files.map((name) => join(argument, name));
  throw new AppError('files.not-found', `There is no GGUF file in ${argument}.`, {
    hint: 'Name a folder of quantizations, or one model and --types.',
  });
};
