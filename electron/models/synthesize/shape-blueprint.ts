import type { Blueprint } from './blueprint.ts';
import { chatMlTemplate, describeModel } from './model-metadata.ts';
import { createQuantizerRecipe, type SynthesizedType } from './recipe.ts';
import { planTensors } from './tensor-plan.ts';
import { createVocabulary } from './vocabulary.ts';
import type { WellKnownShape } from './well-known-shapes.ts';

/** A well-known shape with a made-up vocabulary of the real size and the commonest chat template. */
export const blueprintOfShape = ({ id, title, shape }: WellKnownShape, type: SynthesizedType): Blueprint => {
  const recipe = createQuantizerRecipe(type, shape.blockCount);
  return {
    source: `shape ${id}`,
    name: title,
    slug: id,
    architecture: shape.architecture,
    type,
    layerCount: shape.blockCount,
    contextLength: shape.contextLength,
    kvBytesPerToken: 4 * shape.headCountKv * shape.headLength * shape.blockCount,
    expertShare: shape.experts === undefined ? 1 : shape.experts.usedCount / shape.experts.count,
    entries: describeModel(shape, createVocabulary(shape.tokenizer, shape.vocabularySize), {
      name: title,
      ftype: recipe.ftype,
      chatTemplate: chatMlTemplate,
    }),
    tensors: planTensors(shape, recipe),
  };
};
