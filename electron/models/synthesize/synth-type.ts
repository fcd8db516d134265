import { AppError } from '../../../shared/errors/app-error.ts';
import { tensorTypes } from '../gguf/tensor-types.ts';
import { isWeightType } from './fill-tensor.ts';
import { mixNames, type SynthesizedType } from './recipe.ts';

/** Every type random weights can be written in: the mixes, then the plain tensor types from large to small. */
export const synthTypes: readonly SynthesizedType[] = [
  ...mixNames,
  ...tensorTypes
    .toSorted((a, b) => b.blockBytes / b.blockElements - a.blockBytes / a.blockElements)
    .map(({ name }) => name)
    .filter(isWeightType),
];

/**
 * The type of that name, in any letter case. `Q4_K_S` and the like are read as their one tensor type.
 * @throws AppError `app.bad-input` naming the types there are
 */
export const readSynthType = (name: string): SynthesizedType => {
  const wanted = name.trim().toUpperCase().replaceAll('-', '_');
  const found = synthTypes.find((type) => type === wanted || type === wanted.replace(/_(S|MOE)$/, ''));
  if (found !== undefined) return found;
  throw new AppError('app.bad-input', `"${name}" is no type random weights are written in.`, {
    hint: `Choose one of ${synthTypes.join(', ')}.`,
    details: { param: 'type', choices: [...synthTypes] },
  });
};
