import { basename } from 'node:path';
import type { ModelDetails } from '../../../shared/contract/models.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Files } from '../../platform/ports.ts';
import { checkLength } from './check-header.ts';
import { readString } from './metadata.ts';
import { readGgufHeader, type GgufHeader } from './read-header.ts';

type Base = Pick<ModelDetails, 'id' | 'architecture' | 'tensors'>;

const FITTING = 'Choose an adapter that was trained on this very model and converted to GGUF.';

const mismatch = (path: string, problem: string, hint = FITTING): AppError =>
  new AppError('models.adapter-mismatch', `${basename(path)} ${problem}.`, { hint, details: { path } });

const checkKind = ({ metadata, path }: GgufHeader, base: Base): AppError | undefined => {
  const kind = readString(metadata, 'general.type');
  if (kind !== 'adapter' || readString(metadata, 'adapter.type') !== 'lora')
    return mismatch(
      path,
      `is no LoRA adapter${kind === undefined ? '' : ` but a ${kind}`}`,
      'Choose a LoRA adapter in GGUF.',
    );
  // llama.cpp switches such a one on in the middle of a prompt; here it would be on all the time
  if (metadata.has('adapter.alora.invocation_tokens'))
    return mismatch(
      path,
      'is an activated LoRA (aLoRA), which is not supported',
      'Choose a plain LoRA adapter.',
    );
  const architecture = readString(metadata, 'general.architecture') ?? 'unknown';
  return architecture === base.architecture
    ? undefined
    : mismatch(path, `is for the architecture ${architecture}; ${base.id} is ${base.architecture}`);
};

/** What the two factors of a weight must be for llama.cpp to multiply them: A first, then B. */
const checkPairs = ({ tensors, path }: GgufHeader, base: Base): AppError | undefined => {
  const shapes = new Map(tensors.map(({ name, shape }) => [name, shape]));
  const weights = new Map(base.tensors.map(({ name, shape }) => [name, shape]));
  const names = new Set(tensors.map(({ name }) => name.replace(/\.lora_[ab]$/u, '')));
  let pairs = 0;
  for (const name of names) {
    if (name.endsWith('_norm.weight') && shapes.has(name)) continue; // llama.cpp passes them over
    if (shapes.has(name)) return mismatch(path, `has a tensor ${name}, which is no part of a LoRA adapter`);
    const a = shapes.get(`${name}.lora_a`);
    const b = shapes.get(`${name}.lora_b`);
    const weight = weights.get(name);
    if (a === undefined || b === undefined)
      return mismatch(path, `lacks one half of ${name}`, 'Convert the adapter again.');
    if (weight === undefined) return mismatch(path, `changes ${name}, which ${base.id} does not have`);
    const isFitting = name.endsWith('token_embd.weight')
      ? weight[0] === b[1] && weight[1] === a[1]
      : weight[0] === a[0] && weight[1] === b[1] && a[1] === b[0];
    if (!isFitting)
      return mismatch(
        path,
        `changes ${name} as ${a.join('×')} and ${b.join('×')}; it is ${weight.join('×')} in ${base.id}`,
      );
    pairs += 1;
  }
  return pairs === 0 ? mismatch(path, 'changes nothing') : undefined;
};

/**
 * Reads the header of a LoRA adapter and holds it against the model, before native code sees it. Gives its size, bytes.
 * @throws AppError `models.adapter-mismatch`, `models.not-gguf`, `models.bad-header`, `models.truncated`,
 *   `models.not-found`, `files.not-allowed`
 */
export const validateAdapter = async (
  files: Pick<Files, 'stat' | 'openRead'>,
  path: string,
  base: Base,
): Promise<{ readonly sizeBytes: number }> => {
  if ((await files.stat(path))?.kind !== 'file')
    throw new AppError('models.not-found', `There is no adapter ${path}.`, {
      hint: 'Check the path.',
      details: { path },
    });
  await using file = await files.openRead(path);
  const header = await readGgufHeader(file, path);
  const problem = checkLength(header) ?? checkKind(header, base) ?? checkPairs(header, base);
  if (problem !== undefined) throw problem;
  return { sizeBytes: header.fileBytes };
};
