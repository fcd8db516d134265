import { Button } from '@mantine/core';
import type { Model } from '../../../../shared/contract/models.ts';
import { formatFigure, formatGib } from '../../../../shared/units/format.ts';
import { useLive } from '../../../live/use-live.ts';
import { useServices } from '../../../services-context.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';

const columns = (measure: (model: Model) => void): readonly Column<Model>[] => [
  { id: 'name', title: 'Model', isRowHeader: true, render: ({ name }) => name, sortBy: ({ name }) => name },
  {
    id: 'type',
    title: 'Type',
    render: ({ quantization }) => <span className="mono">{quantization}</span>,
    sortBy: ({ quantization }) => quantization,
  },
  {
    id: 'size',
    title: 'Size, GiB',
    isNumeric: true,
    render: ({ sizeBytes }) => formatGib(sizeBytes),
    sortBy: ({ sizeBytes }) => sizeBytes,
  },
  {
    id: 'bits',
    title: 'Bits per weight',
    isNumeric: true,
    render: ({ bitsPerWeight }) => formatFigure(bitsPerWeight),
    sortBy: ({ bitsPerWeight }) => bitsPerWeight,
  },
  {
    id: 'measure',
    title: '',
    render: (model) => (
      <Button variant="default" size="compact-xs" onClick={() => measure(model)}>
        Measure it
      </Button>
    ),
  },
];

/** Synthetic files of the library, each a press away from a benchmark. */
export const SyntheticFiles = () => {
  const { router } = useServices();
  const models = useLive('models').filter(({ isSynthetic, problem }) => isSynthetic && problem === null);
  if (models.length === 0)
    return <EmptyState text="No synthetic file yet: choose a shape or an address, then Make the file." />;
  return (
    <DataTable
      label="Synthetic files"
      columns={columns((model) => router.go({ page: 'bench-new', modelIds: [model.id] }))}
      rows={models}
      rowKey={({ id }) => id}
    />
  );
};
