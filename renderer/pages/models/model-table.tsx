import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { Model } from '../../../shared/contract/models.ts';
import { formatCount, formatFigure, formatGib, formatParameters } from '../../../shared/units/format.ts';
import { useModelActions } from '../../actions/use-model-actions.ts';
import { formatRoute } from '../../router/route.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { MetricName } from '../../ui/metric-name.tsx';
import { Unknown } from '../../ui/unknown.tsx';
import { HashState } from './hash-state.tsx';
import classes from './model-table.module.css';
import { sourceNames } from './source-names.ts';

const ModelName = ({ model }: { readonly model: Model }) => (
  <div className={classes.name}>
    <a href={formatRoute({ page: 'models', modelId: model.id })}>{model.id}</a>
    {model.problem === null ? (
      <span className={classes.under}>
        {model.architecture} · {sourceNames[model.source]}
      </span>
    ) : (
      <span className={classes.problem}>
        {model.problem.message} {model.problem.hint ?? ''}
      </span>
    )}
  </div>
);

const RowActions = ({ model }: { readonly model: Model }) => {
  const actions = useModelActions();
  const isUsable = model.problem === null;
  return (
    <div className={classes.actions}>
      {isUsable ? (
        <>
          <Button size="compact-xs" variant="default" onClick={() => actions.bench([model.id])}>
            Bench
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => actions.serve.run(model.id)}
            loading={actions.serve.isRunning}
          >
            Serve
          </Button>
        </>
      ) : null}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size="sm" aria-label={`More actions for ${model.id}`}>
            <IconDots size={15} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {isUsable ? <Menu.Item onClick={() => actions.quantize(model)}>Quantize…</Menu.Item> : null}
          {model.sha256 === null ? (
            <Menu.Item onClick={() => actions.hash.run(model.id)}>Compute SHA-256</Menu.Item>
          ) : null}
          <Menu.Item onClick={() => actions.remove(model)}>Remove…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
};

const columns: readonly Column<Model>[] = [
  {
    id: 'name',
    title: 'Model',
    render: (model) => <ModelName model={model} />,
    sortBy: (model) => model.id,
    isRowHeader: true,
  },
  {
    id: 'quantization',
    title: 'Type',
    render: (model) => <span className="mono">{model.quantization}</span>,
    sortBy: (model) => model.quantization,
  },
  {
    id: 'parameters',
    title: 'Parameters',
    isNumeric: true,
    render: (model) =>
      model.problem === null ? (
        formatParameters(model.parameterCount)
      ) : (
        <Unknown reason="the header cannot be used" />
      ),
    sortBy: (model) => model.parameterCount,
  },
  {
    id: 'size',
    title: 'Size',
    head: <MetricName metric="sizeBytes" withUnit />,
    isNumeric: true,
    render: (model) => formatGib(model.sizeBytes),
    sortBy: (model) => model.sizeBytes,
  },
  {
    id: 'bpw',
    title: 'Bits per weight',
    head: <MetricName metric="bitsPerWeight" label="bpw" />,
    isNumeric: true,
    render: (model) =>
      model.problem === null ? (
        formatFigure(model.bitsPerWeight)
      ) : (
        <Unknown reason="the header cannot be used" />
      ),
    sortBy: (model) => model.bitsPerWeight,
  },
  {
    id: 'context',
    title: 'Context',
    head: <MetricName metric="contextLength" withUnit />,
    isNumeric: true,
    render: (model) =>
      model.contextLength === null ? (
        <Unknown reason="the file does not name its training context" />
      ) : (
        formatCount(model.contextLength)
      ),
    sortBy: (model) => model.contextLength,
  },
  { id: 'sha256', title: 'SHA-256', isSpare: true, render: (model) => <HashState model={model} /> },
  { id: 'actions', title: '', render: (model) => <RowActions model={model} /> },
];

/** The library as a table. A file that cannot be used says why, where its name stands. */
export const ModelTable = (props: {
  readonly models: readonly Model[];
  readonly openModelId: string | null;
}) => (
  <DataTable
    label="Models"
    columns={columns}
    rows={props.models}
    rowKey={(model) => model.id}
    initialSorting={{ columnId: 'name', isDescending: false }}
    rowMark={(model) => (model.id === props.openModelId ? 'selected' : undefined)}
  />
);
