import type { ImportedRow } from '../../../../shared/contract/imports.ts';
import { formatGib } from '../../../../shared/units/format.ts';
import { formatRoute } from '../../../router/route.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { ImportedFigureText } from './imported-figure-text.tsx';
import classes from './imported.module.css';
import { toolNames } from '../../../../shared/units/tool-names.ts';

const columns: readonly Column<ImportedRow>[] = [
  {
    id: 'name',
    title: 'Model',
    isRowHeader: true,
    render: (row) => <a href={formatRoute({ page: 'imported', runId: row.runId })}>{row.name}</a>,
  },
  { id: 'tool', title: 'From', render: (row) => toolNames[row.tool] },
  { id: 'size', title: 'Size, GiB', isNumeric: true, render: (row) => formatGib(row.sizeBytes) },
  {
    id: 'prefill',
    title: 'Prefill, t/s',
    isNumeric: true,
    render: (row) => <ImportedFigureText figure={row.prefillTps} />,
  },
  {
    id: 'decode',
    title: 'Decode, t/s',
    isNumeric: true,
    render: (row) => <ImportedFigureText figure={row.decodeTps} />,
  },
  {
    id: 'ttft',
    title: 'TTFT, ms',
    isNumeric: true,
    render: (row) => <ImportedFigureText figure={row.ttftMs} />,
  },
  {
    id: 'user',
    title: 'One user, t/s',
    isNumeric: true,
    render: (row) => <ImportedFigureText figure={row.apiDecodeTps} />,
  },
  {
    id: 'all',
    title: 'All users, t/s',
    isNumeric: true,
    render: (row) => <ImportedFigureText figure={row.systemTps} />,
  },
];

/** What other tools measured, under heads of its own: never judged against Dyno's rows. */
export const ImportedRows = ({ rows }: { readonly rows: readonly ImportedRow[] }) => (
  <Panel title="Measured by other tools" isFlush>
    <DataTable
      label="Imported results"
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.runId} ${row.modelId}`}
    />
    <p className={classes.note}>
      Each figure as its tool says it. No verdict: the workload and the clock were not Dyno’s.
    </p>
  </Panel>
);
