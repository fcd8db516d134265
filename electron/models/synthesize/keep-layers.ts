import { AppError } from '../../../shared/errors/app-error.ts';
import { findArchitecture } from '../gguf/architectures.ts';
import { arrayOf, uint32 } from '../gguf/metadata.ts';
import { withEntries, layerOf, type Blueprint } from './blueprint.ts';

/** Names and shapes of a layer's tensors without its number: equal for layers of one kind. */
const kindsOf = ({ tensors, layerCount }: Blueprint): readonly string[] => {
  const kinds = Array.from({ length: layerCount }, (): string[] => []);
  for (const { name, shape } of tensors) {
    kinds[layerOf(name) ?? -1]?.push(`${name.replace(/^blk\.\d+\./, '')}[${shape.join('x')}]`);
  }
  return kinds.map((kind) => kind.join(' '));
};

/**
 * Which layers stay: spread evenly where all are of one kind, because mixes give the first layers better types; else the
 * first ones, because the kind follows from the number.
 */
const chosenLayers = (blueprint: Blueprint, count: number): readonly number[] => {
  const isUniform = new Set(kindsOf(blueprint)).size === 1;
  return Array.from({ length: count }, (_, index) =>
    isUniform ? Math.floor((index * blueprint.layerCount) / count) : index,
  );
};

/**
 * The model cut to `count` of its layers, renumbered. Embedding and output stay whole, so that its speed is not the
 * whole model's times a factor: nothing measured on it is scaled.
 * @throws AppError `app.bad-input` for more layers than there are, and for models whose layers depend on each other
 */
export const keepLayers = (blueprint: Blueprint, count: number): Blueprint => {
  const { layerCount, architecture, entries, tensors } = blueprint;
  if (count === layerCount) return blueprint;
  if (count > layerCount) {
    throw new AppError('app.bad-input', `${blueprint.name} has ${layerCount} layers, not ${count}.`, {
      hint: 'Give fewer layers, or leave the number away.',
      details: { param: 'layers' },
    });
  }
  const isPlain = findArchitecture(architecture) === 'transformer';
  const hasTail = entries.some(([key]) => key === `${architecture}.nextn_predict_layers`);
  if (!isPlain || hasTail) {
    throw new AppError(
      'app.bad-input',
      `The layers of ${architecture} depend on their number and cannot be cut.`,
      { hint: 'Leave the number of layers away.', details: { param: 'layers' } },
    );
  }
  const chosen = chosenLayers(blueprint, count);
  const kept = new Map(chosen.map((layer, index) => [layer, index]));
  const perLayer = entries.flatMap(([key, value]) =>
    value.type === 'array' && value.items?.length === layerCount && key.startsWith(`${architecture}.`)
      ? [
          [
            key,
            arrayOf(
              value.itemType,
              chosen.flatMap((layer) => value.items?.slice(layer, layer + 1) ?? []),
            ),
          ] as const,
        ]
      : [],
  );
  return {
    ...blueprint,
    layerCount: count,
    kvBytesPerToken: (blueprint.kvBytesPerToken * count) / layerCount,
    entries: withEntries(entries, [...perLayer, [`${architecture}.block_count`, uint32(count)]]),
    tensors: tensors.flatMap((tensor) => {
      const layer = layerOf(tensor.name);
      if (layer === undefined) return [tensor];
      const index = kept.get(layer);
      return index === undefined
        ? []
        : [{ ...tensor, name: tensor.name.replace(/^blk\.\d+/, `blk.${index}`) }];
    }),
  };
};
