import { Button } from '@mantine/core';
import type { Comparison, ComparisonRow } from '../../../../shared/contract/bench.ts';
import { isPicked } from '../../../../shared/contract/bench-pick.ts';
import { energyDevices, rowEnergyOf } from '../../../../shared/units/energy.ts';
import { formatFigure, formatGib } from '../../../../shared/units/format.ts';
import { useModelActions } from '../../../actions/use-model-actions.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EnergyFigure } from '../../../ui/energy-figure.tsx';
import { EstimateText } from '../../../ui/estimate-text.tsx';
import { Explained } from '../../../ui/explained.tsx';
import { FigureText } from '../../../ui/figure-text.tsx';
import { MetricName } from '../../../ui/metric-name.tsx';
import { TrustBadge } from '../../../ui/trust-badge.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import { VerdictText } from '../../../ui/verdict-text.tsx';
import classes from './comparison-table.module.css';

const ServeButton = ({ row }: { readonly row: ComparisonRow }) => {
  const { serve } = useModelActions();
  return (
    <Button
      size="compact-xs"
      variant="default"
      onClick={() => serve.run(row.variant?.of ?? row.modelId)}
      loading={serve.isRunning}
      aria-label={`Serve ${row.name} ${row.quantization}`}
    >
      Serve
    </Button>
  );
};

const outdoneBy = ({ quality }: ComparisonRow): string =>
  quality === null
    ? 'Another file is at least as fast and at least as small.'
    : 'Another file is at least as fast and diverges no more.';

const TypeCell = ({ row, isPick }: { readonly row: ComparisonRow; readonly isPick: boolean }) => (
  <span className={classes.type}>
    <span className="mono">{row.quantization}</span>
    {row.variant === null ? null : <span>{row.variant.label}</span>}
    {isPick ? <span className={classes.pick}>take this</span> : null}
    {row.isBase ? <span className={classes.tag}>base</span> : null}
    {row.isDominated && !isPick ? (
      <span className={classes.tag} title={outdoneBy(row)}>
        outdone
      </span>
    ) : null}
  </span>
);

const TaskText = ({ quality }: Pick<ComparisonRow, 'quality'>) => {
  const tasks = quality?.tasks ?? null;
  if (tasks === null) return <Unknown reason="no tasks were judged in this run" />;
  const percent = (share: number): string => formatFigure(share * 100);
  return (
    <Explained
      reason={`${tasks.correct} of ${tasks.n} right; 95 % Wilson interval ${percent(tasks.low)} to ${percent(tasks.high)} %${tasks.verdict === null ? '' : `; against the base: ${tasks.verdict.replaceAll('-', ' ')}`}`}
    >
      {percent(tasks.share)} <span className="muted">n {tasks.n}</span>
    </Explained>
  );
};

const versusBase = (row: ComparisonRow) => {
  if (row.isBase) return <span className="muted">1 ×</span>;
  if (row.decodeRatio === null) return <Unknown reason="this file or the base has no decode result" />;
  return <VerdictText ratio={row.decodeRatio} />;
};

/** Energy of one device in the decode test. */
const energyColumn = (device: string, showsAll: boolean): Column<ComparisonRow> => {
  const energyOf = (row: ComparisonRow) => rowEnergyOf(row, device);
  return {
    id: `energy ${device}`,
    title: `${device}, J/token`,
    head: <MetricName metric="energyPerToken" label={device} withUnit />,
    isNumeric: true,
    isSpare: !showsAll,
    render: (row) => (
      <EnergyFigure
        estimate={energyOf(row)?.perToken ?? null}
        window={energyOf(row)?.windowJoulesPerToken ?? null}
        reason={energyOf(row)?.reason ?? 'this device was not watched in the decode test'}
      />
    ),
    sortBy: (row) => energyOf(row)?.perToken?.median ?? energyOf(row)?.windowJoulesPerToken ?? null,
  };
};

/** What decides stands first; what the file is stands behind it. */
const columnsFor = (
  pick: Comparison['pick'],
  {
    hasSeveralNames,
    showsAll,
    devices,
  }: {
    readonly hasSeveralNames: boolean;
    readonly showsAll: boolean;
    readonly devices: readonly string[];
  },
): readonly Column<ComparisonRow>[] => [
  {
    id: 'type',
    title: 'Type',
    isRowHeader: true,
    render: (row) => <TypeCell row={row} isPick={isPicked(row, pick)} />,
    sortBy: (row) => row.bitsPerWeight,
  },
  ...(hasSeveralNames
    ? [
        {
          id: 'name',
          title: 'Model',
          render: (row: ComparisonRow) => row.name,
          sortBy: (row: ComparisonRow) => row.name,
        },
      ]
    : []),
  {
    id: 'decode',
    title: 'Decode',
    head: <MetricName metric="decodeTps" withUnit />,
    isNumeric: true,
    render: (row) => <EstimateText estimate={row.decodeTps} />,
    sortBy: (row) => row.decodeTps?.median ?? null,
  },
  {
    id: 'ratio',
    title: 'Against base',
    head: <MetricName metric="decodeRatio" />,
    render: versusBase,
    sortBy: (row) => (row.isBase ? 1 : (row.decodeRatio?.ratio ?? null)),
  },
  {
    id: 'kld',
    title: 'KLD',
    head: <MetricName metric="kldMean" withUnit />,
    isNumeric: true,
    render: (row) => <FigureText figure={row.quality?.kld} n={row.quality?.n} />,
    sortBy: (row) => row.quality?.kld.value ?? null,
  },
  {
    id: 'trust',
    title: 'Trust',
    head: <MetricName metric="trust" />,
    render: (row) => <TrustBadge trust={row.trust} />,
  },
  {
    id: 'ppl',
    title: 'PPL',
    head: <MetricName metric="perplexity" />,
    isNumeric: true,
    render: (row) => <FigureText figure={row.quality?.ppl} n={row.quality?.n} />,
    sortBy: (row) => row.quality?.ppl.value ?? null,
  },
  {
    id: 'tasks',
    title: 'Tasks',
    head: <MetricName metric="taskAccuracy" withUnit />,
    isNumeric: true,
    render: (row) => <TaskText quality={row.quality} />,
    sortBy: (row) => row.quality?.tasks?.share ?? null,
  },
  {
    id: 'ttft',
    title: 'TTFT',
    head: <MetricName metric="ttftMs" withUnit />,
    isNumeric: true,
    render: (row) => <EstimateText estimate={row.ttftMs} />,
    sortBy: (row) => row.ttftMs?.median ?? null,
  },
  {
    id: 'api',
    title: 'API decode',
    head: <MetricName metric="apiDecodeTps" withUnit />,
    isNumeric: true,
    render: (row) => <EstimateText estimate={row.apiDecodeTps} />,
    sortBy: (row) => row.apiDecodeTps?.median ?? null,
  },
  {
    id: 'system',
    title: 'System output',
    head: <MetricName metric="systemTps" withUnit />,
    isNumeric: true,
    render: (row) => <EstimateText estimate={row.systemTps} />,
    sortBy: (row) => row.systemTps?.median ?? null,
  },
  {
    id: 'overhead',
    title: 'Overhead',
    head: <MetricName metric="servingOverheadPercent" withUnit />,
    isNumeric: true,
    render: (row) =>
      row.servingOverheadPercent === null ? (
        <Unknown reason="needs a decode result of both ladders, the engine’s the faster one" />
      ) : (
        formatFigure(row.servingOverheadPercent)
      ),
    sortBy: (row) => row.servingOverheadPercent,
  },
  {
    id: 'prefill',
    title: 'Prefill',
    head: <MetricName metric="prefillTps" withUnit />,
    isNumeric: true,
    render: (row) => <EstimateText estimate={row.prefillTps} />,
    sortBy: (row) => row.prefillTps?.median ?? null,
  },
  {
    id: 'size',
    title: 'Size',
    head: <MetricName metric="sizeBytes" withUnit />,
    isNumeric: true,
    render: (row) => formatGib(row.sizeBytes),
    sortBy: (row) => row.sizeBytes,
  },
  {
    id: 'bpw',
    title: 'Bits per weight',
    head: <MetricName metric="bitsPerWeight" label="bpw" />,
    isNumeric: true,
    isSpare: !showsAll,
    render: (row) => formatFigure(row.bitsPerWeight),
    sortBy: (row) => row.bitsPerWeight,
  },
  {
    id: 'memory',
    title: 'Memory',
    head: <MetricName metric="peakResidentBytes" withUnit />,
    isNumeric: true,
    isSpare: !showsAll,
    render: (row) =>
      row.peakResidentBytes === null ? (
        <Unknown reason="the system did not tell the process's memory" />
      ) : (
        formatGib(row.peakResidentBytes)
      ),
    sortBy: (row) => row.peakResidentBytes,
  },
  ...devices.map((device) => energyColumn(device, showsAll)),
  { id: 'serve', title: '', render: (row) => <ServeButton row={row} /> },
];

/** Shown with “All figures”. */
const secondary: ReadonlySet<string> = new Set(['ppl', 'api', 'system', 'overhead']);

/** Columns that would say nothing of these rows: what was not judged, and a base that stands alone. */
const silentColumns = (rows: readonly ComparisonRow[]): ReadonlySet<string> =>
  new Set([
    ...(rows.length > 1 ? [] : ['ratio']),
    ...(rows.some(({ quality }) => quality !== null) ? [] : ['kld', 'ppl']),
    ...(rows.some(({ quality }) => (quality?.tasks ?? null) !== null) ? [] : ['tasks']),
  ]);

interface ComparisonTableProps {
  readonly rows: readonly ComparisonRow[];
  readonly pick: Comparison['pick'];
  readonly showsAll: boolean;
}

/** One row per file: the base and the pick are named, a row that another one beats in everything steps back. */
export const ComparisonTable = ({ rows, pick, showsAll }: ComparisonTableProps) => (
  <DataTable
    label="Comparison"
    columns={columnsFor(pick, {
      hasSeveralNames: new Set(rows.map((row) => row.name)).size > 1,
      showsAll,
      devices: energyDevices(rows),
    }).filter(({ id }) => (showsAll || !secondary.has(id)) && !silentColumns(rows).has(id))}
    rows={rows}
    rowKey={(row) => `${row.runId} ${row.modelId}`}
    rowMark={(row) =>
      [row.isDominated && !isPicked(row, pick) ? 'dominated' : '', isPicked(row, pick) ? 'pick' : '']
        .join(' ')
        .trim()
    }
  />
);
