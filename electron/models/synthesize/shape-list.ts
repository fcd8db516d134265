import type { SynthShape } from '../../../shared/contract/synth.ts';
import { elementsOf, tensorBytes } from '../gguf/encode-header.ts';
import { createQuantizerRecipe } from './recipe.ts';
import { planTensors } from './tensor-plan.ts';
import { wellKnownShapes } from './well-known-shapes.ts';

/** The built-in shapes as people choose among them. Computed from the tensors each would have. */
export const listShapes = (): readonly SynthShape[] =>
  wellKnownShapes.map(({ id, title, source, shape }) => {
    const tensors = planTensors(shape, createQuantizerRecipe('Q4_K_M', shape.blockCount));
    const { experts } = shape;
    const share = experts === undefined ? 1 : experts.usedCount / experts.count;
    return {
      id,
      title,
      source,
      architecture: shape.architecture,
      parameterCount: tensors.reduce((sum, tensor) => sum + elementsOf(tensor), 0),
      activeParameterCount: tensors.reduce(
        (sum, tensor) => sum + elementsOf(tensor) * (tensor.name.includes('_exps') ? share : 1),
        0,
      ),
      isMixture: experts !== undefined,
      layerCount: shape.blockCount,
      contextLength: shape.contextLength,
      sizeBytes: tensors.reduce((sum, tensor) => sum + tensorBytes(tensor), 0),
    };
  });
