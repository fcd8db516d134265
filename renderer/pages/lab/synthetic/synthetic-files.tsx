import { Button } from '@mantine/core';
import { isJobActive } from '../../../../shared/events/reduce-app.ts';
import type { Model } from '../../../../shared/contract/models.ts';
import { formatEta, formatFigure, formatFraction, formatGib } from '../../../../shared/units/format.ts';
import { useAction } from '../../../live/use-action.ts';
import { useLive } from '../../../live/use-live.ts';
import { useServices } from '../../../services-context.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ProgressBar } from '../../../ui/progress-bar.tsx';
import classes from '../lab.module.css';

/** The file in the making, with the way to stop it. */
export const SynthProgress = () => {
  const { client } = useServices();
  const job = useLive('jobs').find((one) => one.kind === 'synth' && isJobActive(one));
  const cancel = useAction(async () => {
    if (job !== undefined) await client.jobs.cancel({ jobId: job.id });
  });
  if (job?.state.type !== 'running') return null;
  const { fraction, etaMs, note } = job.state;
  return (
    <div className={classes.state}>
      <ProgressBar label={job.title} fraction={fraction} />
      <span className="figures">
        {formatFraction(fraction)} · {formatEta(etaMs)}
      </span>
      <span className={classes.now}>{note}</span>
      <Button variant="default" size="xs" onClick={() => cancel.run()} loading={cancel.isRunning}>
        Cancel
      </Button>
    </div>
  );
};

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
