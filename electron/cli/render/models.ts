import type { Model, ModelDetails } from '../../../shared/contract/models.ts';
import {
  formatCount,
  formatFigure,
  formatGib,
  formatParameters,
  UNKNOWN,
} from '../../../shared/units/format.ts';
import { renderFacts, renderTable } from './table.ts';

const MIB = 1024 ** 2;

const sizeText = (bytes: number): string =>
  bytes < 100 * MIB ? `${formatFigure(bytes / MIB)} MiB` : `${formatGib(bytes)} GiB`;

/** Nothing of its weights is known: the zeros of such a model are no figures. */
const isUnread = ({ tensorTypes }: Model): boolean => Object.keys(tensorTypes).length === 0;

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
      {
        head: 'bits/weight',
        align: 'right',
        cell: (model) => (isUnread(model) ? UNKNOWN : formatFigure(model.bitsPerWeight)),
      },
      {
        head: 'parameters',
        align: 'right',
        cell: (model) => (isUnread(model) ? UNKNOWN : formatParameters(model.parameterCount)),
      },
      { head: 'architecture', cell: (model) => model.architecture },
      {
        head: 'source',
        cell: (model) =>
          model.problem === null ? model.source : `${model.source} (${model.problem.message})`,
      },
    ],
    models,
  );

const sizeFact = ({ sizeBytes }: Model) =>
  ['Size', `${sizeText(sizeBytes)} (${formatCount(sizeBytes)} bytes)`] as const;

const problemFacts = ({ problem }: Model) =>
  problem === null ? [] : [['Problem', `${problem.message} ${problem.hint ?? ''}`.trim()] as const];

/** What a header says. */
const headerFacts = (model: ModelDetails) =>
  [
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
    sizeFact(model),
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
  ] as const;

/** All that is known of a model; of a file that could not be read, that is its place, its size and its problem. */
export const renderModelDetails = (model: ModelDetails): string =>
  isUnread(model)
    ? renderFacts([['Path', model.path], sizeFact(model), ...problemFacts(model)])
    : renderFacts([
        ['Id', model.id],
        ['Name', model.name],
        ['Path', model.path],
        ...headerFacts(model),
        ...problemFacts(model),
      ]);
