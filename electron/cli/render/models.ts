import type { Model, ModelDetails } from '../../../shared/contract/models.ts';
import { formatCount, formatFigure, formatGib, formatParameters } from '../../../shared/units/format.ts';
import { renderFacts, renderTable } from './table.ts';

const MIB = 1024 ** 2;

const sizeText = (bytes: number): string =>
  bytes < 100 * MIB ? `${formatFigure(bytes / MIB)} MiB` : `${formatGib(bytes)} GiB`;

/** The listed fields of a model, without the long ones of `inspect`. */
export const brief = ({
  metadata: _metadata,
  tensors: _tensors,
  chatTemplate: _template,
  ...model
}: ModelDetails) => model;

export const renderModels = (models: readonly Model[]): string =>
  renderTable<Model>(
    [
      { head: 'id', cell: (model) => model.id },
      { head: 'quantization', cell: (model) => model.quantization },
      { head: 'size', align: 'right', cell: (model) => sizeText(model.sizeBytes) },
      { head: 'bits/weight', align: 'right', cell: (model) => formatFigure(model.bitsPerWeight) },
      { head: 'parameters', align: 'right', cell: (model) => formatParameters(model.parameterCount) },
      { head: 'architecture', cell: (model) => model.architecture },
      {
        head: 'source',
        cell: (model) =>
          model.problem === null ? model.source : `${model.source} (${model.problem.message})`,
      },
    ],
    models,
  );

export const renderModelDetails = (model: ModelDetails): string =>
  renderFacts([
    ['Id', model.id],
    ['Name', model.name],
    ['Path', model.path],
    ['Architecture', model.architecture],
    ...(model.isSynthetic
      ? [['Weights', 'random (synthetic): speed and memory count, answers do not'] as const]
      : []),
    ['Quantization', `${model.quantization} (${formatFigure(model.bitsPerWeight)} bits per weight)`],
    [
      'Tensor types',
      Object.entries(model.tensorTypes)
        .map(([type, count]) => `${type} × ${count}`)
        .join(', '),
    ],
    ['Parameters', formatParameters(model.parameterCount)],
    ['Size', `${sizeText(model.sizeBytes)} (${formatCount(model.sizeBytes)} bytes)`],
    ['Trained context', `${formatCount(model.trainedContextLength)} tokens`],
    ['Vocabulary', `${formatCount(model.vocabularySize)} tokens`],
    ['Layers', formatCount(model.layerCount)],
    ['Chat template', model.chatTemplate === null ? 'none' : `${model.chatTemplate.length} characters`],
    [
      'Features',
      Object.entries(model.features)
        .filter(([, has]) => has)
        .map(([name]) => name)
        .join(', ') || 'none',
    ],
    ['SHA-256', model.sha256 ?? 'not computed yet (dyno models hash)'],
    ...(model.problem === null
      ? []
      : [['Problem', `${model.problem.message} ${model.problem.hint ?? ''}`] as const]),
  ]);
