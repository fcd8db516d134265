import { imatrixLabel } from '../../shared/contract/imatrix.ts';
import type { ModelDetails } from '../../shared/contract/models.ts';
import { quantTypes } from './quant-types.ts';

const splitSuffix = /-\d{5}-of-\d{5}$/i;
/** Besides our own names, those other converters give. */
const otherNames = ['FP16', 'FP32', 'NVFP4', 'MXFP4', 'Q3_K', 'Q4_K', 'Q5_K'] as const;
const typeNames = [...quantTypes.map(({ name }) => name), ...otherNames];
/** Longest first, so that `Q4_K` does not take a part of `Q4_K_M`. */
const typeSuffix = new RegExp(`[-._](${typeNames.toSorted((a, b) => b.length - a.length).join('|')})$`, 'i');

/** How the name of a file says that an importance matrix weighed it. */
const imatrixSuffix = `-${imatrixLabel}`;

/** `llama-3b-f16.gguf` → `llama-3b`; the type and the part number of a split file go. */
const baseName = (path: string): string => {
  const file = path.split(/[\\/]/).at(-1) ?? path;
  return file
    .replace(/\.gguf$/i, '')
    .replace(splitSuffix, '')
    .replace(/-imatrix$/i, '')
    .replace(typeSuffix, '');
};

/** `llama-3b-f16.gguf` → `llama-3b-Q4_K_M.gguf`, with an importance matrix `llama-3b-Q4_K_M-imatrix.gguf`. */
export const quantizedName = (
  { path }: Pick<ModelDetails, 'path'>,
  typeName: string,
  hasImatrix = false,
): string => `${baseName(path)}-${typeName}${hasImatrix ? imatrixSuffix : ''}.gguf`;

/** `llama-3b-f16.gguf` → `llama-3b-imatrix.gguf`: the importance matrix of that model. */
export const imatrixName = ({ path }: Pick<ModelDetails, 'path'>): string =>
  `${baseName(path)}${imatrixSuffix}.gguf`;
