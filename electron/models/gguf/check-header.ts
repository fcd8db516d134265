import { basename } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { findArchitecture, PROJECTOR_ARCHITECTURE } from './architectures.ts';
import { checkHyperparameters } from './check-hyperparameters.ts';
import { badHeader, truncated } from './header-errors.ts';
import { readString, type Metadata } from './metadata.ts';
import type { GgufHeader } from './read-header.ts';

/** The file is long enough for its tensors. */
export const checkLength = (header: GgufHeader): AppError | undefined =>
  header.neededBytes > header.fileBytes
    ? truncated(header.path, header.fileBytes, header.neededBytes)
    : undefined;

const checkArchitecture = (architecture: string, path: string): AppError | undefined => {
  if (findArchitecture(architecture) !== undefined) return undefined;
  const isProjector = architecture === PROJECTOR_ARCHITECTURE;
  return new AppError(
    'models.unsupported-architecture',
    isProjector
      ? `${basename(path)} is a vision or audio projector, not a language model.`
      : `The bundled llama.cpp does not know the architecture "${architecture}" of ${basename(path)}.`,
    {
      hint: isProjector
        ? 'Choose the model file beside it, without "mmproj" in its name.'
        : 'Update Dyno, or choose another model.',
      details: { path, architecture },
    },
  );
};

/** What is put on top of a model is none itself. */
const checkKind = (metadata: Metadata, path: string): AppError | undefined =>
  readString(metadata, 'general.type') === 'adapter'
    ? new AppError('models.unsupported-architecture', `${basename(path)} is a LoRA adapter, not a model.`, {
        hint: `Serve its base model with it: dyno serve MODEL --lora ${path}`,
        details: { path },
      })
    : undefined;

/** A tokenizer llama.cpp can build: it aborts on a model whose weights come without one. */
const checkTokenizer = (metadata: Metadata, path: string): AppError | undefined => {
  const model = readString(metadata, 'tokenizer.ggml.model');
  if (model === undefined) return badHeader(path, 'tokenizer.ggml.model is missing');
  const tokens = metadata.get('tokenizer.ggml.tokens');
  if (tokens?.type === 'array' && tokens.itemType === 'string' && tokens.count > 0) return undefined;
  return model === 'none' || model === 'no_vocab'
    ? undefined
    : badHeader(path, 'tokenizer.ggml.tokens is missing or empty');
};

/**
 * Everything in the header of a model's first file that llama.cpp would answer with a crash or an empty "failed to
 * load". The first problem found; `undefined` when the file may be loaded.
 */
export const checkHeader = (header: GgufHeader): AppError | undefined => {
  const { metadata, path } = header;
  const architecture = readString(metadata, 'general.architecture');
  if (architecture === undefined) return badHeader(path, 'general.architecture is missing');
  return (
    checkKind(metadata, path) ??
    checkArchitecture(architecture, path) ??
    checkHyperparameters(metadata, architecture, path) ??
    checkTokenizer(metadata, path)
  );
};
