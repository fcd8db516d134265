import type { Model, ModelDetails } from '../../../shared/contract/models.ts';
import { formatCount, formatFigure, formatGib, formatParameters } from '../../../shared/units/format.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { KeyValues, type KeyValue } from '../../ui/key-values.tsx';
import { Unknown } from '../../ui/unknown.tsx';
import classes from './model-overview.module.css';
import { HashState } from './hash-state.tsx';
import { sourceNames } from './source-names.ts';

const count = (value: number | null | undefined) =>
  value === null ? (
    <Unknown reason="the file does not say" />
  ) : value === undefined ? (
    '…'
  ) : (
    formatCount(value)
  );

const metadataText = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? formatFigure(value) : JSON.stringify(value);

const features = (details: ModelDetails): string => {
  const names = [
    details.hasChatTemplate ? 'chat' : null,
    details.features.tools ? 'tool calls' : null,
    details.features.reasoning ? 'reasoning' : null,
    details.features.embeddings ? 'embeddings' : null,
  ].filter((name) => name !== null);
  return names.length === 0 ? 'text completion' : names.join(', ');
};

const path = (text: string) => (
  <span>
    <span className="mono">{text}</span> <CopyButton text={text} what="path" />
  </span>
);

/** The facts of a file, then every metadata entry of its header. */
export const ModelOverview = (props: {
  readonly model: Model;
  readonly details: ModelDetails | undefined;
}) => {
  const { model, details } = props;
  const facts: readonly KeyValue[] = [
    ['File', path(model.path)],
    ...(model.parts.length > 1 ? [['Parts', `${model.parts.length} files`] as const] : []),
    ['From', model.derivedFrom === null ? sourceNames[model.source] : `quantized from ${model.derivedFrom}`],
    ['Architecture', model.architecture],
    ['Parameters', formatParameters(model.parameterCount)],
    ['Quantization', `${model.quantization}, ${formatFigure(model.bitsPerWeight)} bits per weight`],
    ['Size', `${formatGib(model.sizeBytes)} GiB`],
    ['SHA-256', <HashState key="hash" model={model} />],
    ['Training context', <>{count(model.contextLength)} tokens</>],
    ['Layers', count(details?.layerCount)],
    ['Embedding length', count(details?.embeddingLength)],
    [
      'Heads, KV heads',
      <>
        {count(details?.headCount)}, {count(details?.kvHeadCount)}
      </>,
    ],
    ['Vocabulary', <>{count(details?.vocabularySize)} tokens</>],
    ['Can do', details === undefined ? '…' : features(details)],
  ];
  return (
    <>
      <KeyValues items={facts} />
      {details === undefined ? null : (
        <details className={classes.metadata}>
          <summary>All metadata of the header ({Object.keys(details.metadata).length})</summary>
          <KeyValues
            items={Object.entries(details.metadata).map(([key, value]) => [
              key,
              <span key={key} className="mono">
                {metadataText(value).slice(0, 400)}
              </span>,
            ])}
          />
        </details>
      )}
    </>
  );
};
