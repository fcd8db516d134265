import type { ImportedFigure, ImportedRow, ImportedRun } from '../../../shared/contract/imports.ts';
import type { Delta, ReportDiff, Verification } from '../../../shared/contract/report.ts';
import { changeText, deltaVerdict, nothingChanged, ratioText } from '../../../shared/units/diff-text.ts';
import { formatFigure, formatGib, UNKNOWN } from '../../../shared/units/format.ts';
import { metricDefinitions } from '../../../shared/metrics/definitions.ts';
import { renderTable, type Column } from './table.ts';
import { toolNames } from '../../../shared/units/tool-names.ts';

const coverNames = { data: 'data', text: 'text' } as const;

export const renderVerification = ({ fileName, verdict, checks, contentHash, runs }: Verification): string =>
  [
    `${fileName}: ${verdict === 'valid' ? 'as it was written' : 'CHANGED after it was written'}`,
    ...checks.map((check) => `  ${coverNames[check.covers]}  ${check.state.padEnd(11)}  ${check.detail}`),
    ...(contentHash === null ? [] : [`  content SHA-256 ${contentHash}`]),
    ...runs.map((name) => `  run ${name}`),
    'A hash shows a change, not who made the report.',
  ].join('\n');

const deltaColumns: readonly Column<Delta>[] = [
  { head: 'model', cell: (delta) => delta.model },
  { head: 'test', cell: (delta) => delta.test },
  { head: 'metric', cell: (delta) => `${delta.metric}${delta.unit === '' ? '' : `, ${delta.unit}`}` },
  { head: 'A', align: 'right', cell: (delta) => formatFigure(delta.a) },
  { head: 'n', align: 'right', cell: (delta) => String(delta.nA ?? UNKNOWN) },
  { head: 'B', align: 'right', cell: (delta) => formatFigure(delta.b) },
  { head: 'n', align: 'right', cell: (delta) => String(delta.nB ?? UNKNOWN) },
  { head: 'B over A', cell: ratioText },
  {
    head: 'verdict',
    cell: (delta) => {
      const { shape, text } = deltaVerdict(delta);
      return `${shape} ${text}`;
    },
  },
];

const when = (atMs: number | null): string =>
  atMs === null ? 'time not said' : `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Causes first, then the figures. */
export const renderDiff = (diff: ReportDiff): string => {
  const { a, b, changes, deltas, unmatched, remarks } = diff;
  return [
    `A  ${a.title} (${a.id}, ${a.kind}, ${when(a.atMs)})`,
    `B  ${b.title} (${b.id}, ${b.kind}, ${when(b.atMs)})`,
    ...remarks,
    '',
    'What changed:',
    ...(changes.length === 0
      ? [`  ${nothingChanged(diff)}`]
      : changes.map((change) => `  ${changeText(change)}`)),
    '',
    ...(deltas.length === 0 ? ['No figure is on both sides.'] : [renderTable(deltaColumns, deltas)]),
    ...(unmatched.length === 0 ? [] : ['', 'On one side only:', ...unmatched.map((line) => `  ${line}`)]),
  ].join('\n');
};

const figureText = (figure: ImportedFigure | null): string =>
  figure === null
    ? UNKNOWN
    : `${formatFigure(figure.value)}${figure.deviation === null ? '' : ` ± ${formatFigure(figure.deviation)}`}`;

const rowColumns: readonly Column<ImportedRow>[] = [
  { head: 'from', cell: (row) => toolNames[row.tool] },
  { head: 'size GiB', align: 'right', cell: (row) => formatGib(row.sizeBytes) },
  { head: 'prefill t/s', align: 'right', cell: (row) => figureText(row.prefillTps) },
  { head: 'decode t/s', align: 'right', cell: (row) => figureText(row.decodeTps) },
  { head: 'TTFT ms', align: 'right', cell: (row) => figureText(row.ttftMs) },
  { head: 'API t/s', align: 'right', cell: (row) => figureText(row.apiDecodeTps) },
  { head: 'shared t/s', align: 'right', cell: (row) => figureText(row.systemTps) },
  { head: 'statistic', cell: (row) => (row.decodeTps ?? row.prefillTps ?? row.ttftMs)?.statistic ?? UNKNOWN },
  { head: 'model', cell: (row) => row.name },
];

/** Imported rows below the measured ones, under their own heads: they are not judged. */
export const renderImportedRows = (rows: readonly ImportedRow[]): string =>
  ['Imported, measured by other tools and not judged:', renderTable(rowColumns, rows)].join('\n');

interface FigureLine {
  readonly model: string;
  readonly test: string;
  readonly figure: ImportedFigure;
}

const figureColumns: readonly Column<FigureLine>[] = [
  { head: 'model', cell: (line) => line.model },
  { head: 'test', cell: (line) => line.test },
  {
    head: 'metric',
    cell: ({ figure }) =>
      `${metricDefinitions[figure.metric].name}, ${metricDefinitions[figure.metric].unit}`,
  },
  { head: 'value', align: 'right', cell: ({ figure }) => figureText(figure) },
  { head: 'n', align: 'right', cell: ({ figure }) => String(figure.n ?? UNKNOWN) },
  { head: 'statistic', cell: ({ figure }) => figure.statistic },
  { head: 'origin', cell: ({ figure }) => figure.origin },
];

/** An imported run: every figure with the field it came from, and what was not converted. */
export const renderImported = (run: ImportedRun): string => {
  const lines = run.cells.flatMap((cell) =>
    cell.figures.map((figure) => ({
      model: run.models.find(({ modelId }) => modelId === cell.modelId)?.name ?? cell.modelId,
      test: cell.test,
      figure,
    })),
  );
  const remarks = [...new Set(lines.flatMap(({ figure }) => figure.remark ?? []))];
  return [
    `${run.name} (${run.id}), imported from ${toolNames[run.tool]}${run.toolVersion === null ? '' : ` ${run.toolVersion}`}`,
    renderTable(figureColumns, lines),
    ...(remarks.length === 0
      ? []
      : ['', 'Definitions that are not exactly Dyno’s:', ...remarks.map((text) => `  ${text}`)]),
    ...(run.notConverted.length === 0
      ? []
      : ['', 'Not converted:', ...run.notConverted.map(({ field, reason }) => `  ${field}: ${reason}`)]),
  ].join('\n');
};
