import type { Comparison, ComparisonRow } from '../../../shared/contract/bench.ts';
import type { QualityFigure } from '../../../shared/contract/bench-judge.ts';
import type { FullComparison } from '../../../shared/contract/imports.ts';
import type { Estimate } from '../../../shared/contract/common.ts';
import { energyDevices, energyNote, rowEnergyOf, writeRowEnergy } from '../../../shared/units/energy.ts';
import { writeEstimate, writeWithError } from '../../../shared/units/estimate.ts';
import { formatFigure, formatGib, UNKNOWN } from '../../../shared/units/format.ts';
import { speedVerdict } from '../../../shared/units/verdict.ts';
import { renderImportedRows } from './report.ts';
import { renderTable, type Column } from './table.ts';

const estimateCell = (estimate: Estimate | null): string => {
  if (estimate === null) return UNKNOWN;
  const { value, spread } = writeEstimate(estimate);
  return spread === null ? value : `${value} ± ${spread}`;
};

const againstBase = ({ isBase, decodeRatio }: ComparisonRow): string => {
  if (isBase) return 'base';
  if (decodeRatio === null) return UNKNOWN;
  const { shape, text } = speedVerdict(decodeRatio.ratio, decodeRatio.verdict);
  return `${shape} ${text}`;
};

const figureCell = (figure: QualityFigure | undefined): string =>
  figure === undefined ? UNKNOWN : writeWithError(figure.value, figure.standardError);

const tasksCell = ({ quality }: ComparisonRow): string => {
  const tasks = quality?.tasks ?? null;
  return tasks === null ? UNKNOWN : `${tasks.correct}/${tasks.n}`;
};

/** Shown where the run judged quality. */
const qualityColumns: readonly Column<ComparisonRow>[] = [
  { head: 'KLD nats', align: 'right', cell: ({ quality }) => figureCell(quality?.kld) },
  { head: 'PPL', align: 'right', cell: ({ quality }) => figureCell(quality?.ppl) },
];
const tasksColumn: Column<ComparisonRow> = { head: 'tasks', align: 'right', cell: tasksCell };

const columns: readonly Column<ComparisonRow>[] = [
  { head: 'type', cell: (row) => row.quantization },
  { head: 'size GiB', align: 'right', cell: (row) => formatGib(row.sizeBytes) },
  { head: 'bpw', align: 'right', cell: (row) => formatFigure(row.bitsPerWeight) },
  { head: 'prefill t/s', align: 'right', cell: (row) => estimateCell(row.prefillTps) },
  { head: 'decode t/s', align: 'right', cell: (row) => estimateCell(row.decodeTps) },
  { head: 'against base', cell: againstBase },
  { head: 'TTFT ms', align: 'right', cell: (row) => estimateCell(row.ttftMs) },
  { head: 'API t/s', align: 'right', cell: (row) => estimateCell(row.apiDecodeTps) },
  {
    head: 'overhead %',
    align: 'right',
    cell: (row) => formatFigure(row.servingOverheadPercent),
  },
  { head: 'n', align: 'right', cell: (row) => String(row.decodeTps?.n ?? row.ttftMs?.n ?? 0) },
  { head: 'peak GiB', align: 'right', cell: (row) => formatGib(row.peakResidentBytes) },
  { head: 'trust', cell: (row) => row.trust?.level ?? UNKNOWN },
  { head: 'model', cell: (row) => row.modelId },
];

/** The comparison as a table, the pick, and every reason for doubt. */
export const renderComparison = (comparison: Comparison & Partial<FullComparison>): string => {
  const { imported = [] } = comparison;
  const doubts = comparison.rows.flatMap((row) =>
    (row.trust?.reasons ?? []).map(
      (reason) => `${reason.level.padEnd(6)}${row.quantization}: ${reason.message}`,
    ),
  );
  const judged = comparison.rows.flatMap(({ quality }) => quality ?? []);
  const devices = energyDevices(comparison.rows);
  const shown = [
    ...columns.slice(0, 6),
    ...(judged.length > 0 ? qualityColumns : []),
    ...(judged.some(({ tasks }) => tasks !== null) ? [tasksColumn] : []),
    ...devices.map((device): Column<ComparisonRow> => ({
      head: `${device} J/token`,
      align: 'right',
      cell: (row) => writeRowEnergy(rowEnergyOf(row, device)),
    })),
    ...columns.slice(6),
  ];
  return [
    renderTable(shown, comparison.rows),
    '± is one standard deviation over n repetitions; prefill and decode are the engine ladder, TTFT and API the server; overhead is what the server costs: 1 − API / engine decode, one stream; none where the server came out faster, which only a disturbed machine shows.',
    ...(judged.length === 0
      ? []
      : [
          `KLD is the mean divergence from the unquantized file, PPL the perplexity, ± one standard error (block bootstrap over windows), n ${judged[0]?.n} positions.`,
        ]),
    ...(devices.length === 0 ? [] : [energyNote]),
    ...(imported.length === 0 ? [] : ['', renderImportedRows(imported)]),
    ...(comparison.pick === null ? [] : ['', comparison.pick.sentence]),
    ...(comparison.differences.length === 0
      ? []
      : ['', 'Not all of these may be compared:', ...comparison.differences]),
    ...(doubts.length === 0 ? [] : ['', 'Remarks:', ...new Set(doubts)]),
  ].join('\n');
};
