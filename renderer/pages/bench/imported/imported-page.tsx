import type { ImportedCell, ImportedFigure, ImportedRun } from '../../../../shared/contract/imports.ts';
import { metricDefinitions } from '../../../../shared/metrics/definitions.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { KeyValues } from '../../../ui/key-values.tsx';
import { Page } from '../../../ui/page.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { ReportMenu } from '../report/report-menu.tsx';
import { ImportedFigureText } from './imported-figure-text.tsx';
import classes from './imported.module.css';
import { toolNames } from '../../../../shared/units/tool-names.ts';

interface Line {
  readonly model: string;
  readonly cell: ImportedCell;
  readonly figure: ImportedFigure;
}

const columns: readonly Column<Line>[] = [
  { id: 'model', title: 'Model', isRowHeader: true, render: ({ model }) => model },
  { id: 'test', title: 'Test', render: ({ cell }) => <span className="mono">{cell.test}</span> },
  {
    id: 'metric',
    title: 'Metric',
    render: ({ figure }) => {
      const { name, unit } = metricDefinitions[figure.metric];
      return (
        <>
          {name} <span className="muted">{unit}</span>
        </>
      );
    },
  },
  {
    id: 'value',
    title: 'Value',
    isNumeric: true,
    render: ({ figure }) => <ImportedFigureText figure={figure} />,
  },
  {
    id: 'origin',
    title: 'Origin',
    render: ({ figure }) => (
      <>
        <span className="mono">{figure.origin}</span>
        {figure.remark === null ? null : <span className={classes.remark}>{figure.remark}</span>}
      </>
    ),
  },
];

const linesOf = (run: ImportedRun): readonly Line[] =>
  run.cells.flatMap((cell) =>
    cell.figures.map((figure) => ({
      model: run.models.find(({ modelId }) => modelId === cell.modelId)?.name ?? cell.modelId,
      cell,
      figure,
    })),
  );

const Imported = ({ run }: { readonly run: ImportedRun }) => (
  <>
    <Panel title="Figures under Dyno’s names" isFlush>
      <DataTable
        label="Imported figures"
        columns={columns}
        rows={linesOf(run)}
        rowKey={({ cell, figure }) => `${cell.id} ${figure.metric} ${figure.origin}`}
      />
    </Panel>
    <div className={classes.pair}>
      <Panel title="As the file says">
        <KeyValues
          items={[
            ['Tool', `${toolNames[run.tool]}${run.toolVersion === null ? '' : ` ${run.toolVersion}`}`],
            ['File', run.fileName],
            [
              'Measured',
              run.measuredAtMs === null ? 'not said' : new Date(run.measuredAtMs).toLocaleString(),
            ],
            ...run.facts.map(({ name, value }) => [name, value] as const),
          ]}
        />
      </Panel>
      {run.notConverted.length === 0 ? null : (
        <Panel title="Not converted">
          <KeyValues items={run.notConverted.map(({ field, reason }) => [field, reason] as const)} />
        </Panel>
      )}
    </div>
  </>
);

/** A result of another tool: every figure with the field it came from, and what was not converted. */
export const ImportedPage = ({ runId }: { readonly runId: string }) => {
  const { queries } = useServices();
  const run = useQuery(queries.imported(runId));
  return (
    <Page
      title={run.data?.name ?? 'Imported run'}
      lead={
        run.data === undefined
          ? undefined
          : `Imported from ${toolNames[run.data.tool]}: Dyno measured none of it.`
      }
      actions={<ReportMenu runIds={[runId]} />}
    >
      <QueryView query={run} what="the imported run">
        {(data) => <Imported run={data} />}
      </QueryView>
    </Page>
  );
};
