import { basename } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { formatCount } from '../../../shared/units/format.ts';

const AGAIN = 'Download or copy the file again, or make it anew with a current converter.';

/** The header breaks a rule llama.cpp relies on; `problem` is a clause: "key 3 is empty". */
export const badHeader = (path: string, problem: string, hint: string = AGAIN): AppError =>
  new AppError('models.bad-header', `${basename(path)} cannot be loaded: ${problem}.`, {
    hint,
    details: { path },
  });

export const notGguf = (path: string, found: string): AppError =>
  new AppError('models.not-gguf', `${basename(path)} does not begin with "GGUF" but with ${found}.`, {
    hint: 'Choose a .gguf file. Safetensors and PyTorch files have to be converted with llama.cpp first.',
    details: { path },
  });

/**
 * The file ends before what its header announces.
 * @param neededBytes size the file must have; a lower bound while the header itself is cut
 */
export const truncated = (path: string, sizeBytes: number, neededBytes: number, isBound = false): AppError =>
  new AppError(
    'models.truncated',
    `${basename(path)} has ${formatCount(sizeBytes)} bytes; its header asks for ${isBound ? 'at least ' : ''}${formatCount(neededBytes)}.`,
    {
      hint: 'The download or copy did not finish: download or copy the file again.',
      details: { path, sizeBytes, neededBytes },
    },
  );

/** A folder was named where a file is needed. */
export const folderNamed = (path: string): AppError =>
  new AppError('models.not-found', `${path} is a folder, not a model.`, {
    hint: 'Name a .gguf file in it, or add the folder to the library in Settings (modelFolders).',
    details: { path },
  });
