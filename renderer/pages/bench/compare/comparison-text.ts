import type { ComparisonRow } from '../../../../shared/contract/bench.ts';
import type { Estimate } from '../../../../shared/contract/common.ts';
import type { RowEnergy } from '../../../../shared/contract/conditions.ts';
import { energyDevices, rowEnergyOf, writeRowEnergy } from '../../../../shared/units/energy.ts';
import { writeEstimate } from '../../../../shared/units/estimate.ts';
import { formatFigure, formatGib, UNKNOWN } from '../../../../shared/units/format.ts';
import { speedVerdict } from '../../../../shared/units/verdict.ts';

const written = (estimate: Estimate | null): string => {
  if (estimate === null) return UNKNOWN;
  const { value, spread, n } = writeEstimate(estimate);
  return spread === null ? `${value}, n ${n}` : `${value} ± ${spread}, n ${n}`;
};

const writtenEnergy = (energy: RowEnergy | undefined): string =>
  energy === undefined || energy.perToken === null ? writeRowEnergy(energy) : written(energy.perToken);

const against = (row: ComparisonRow): string => {
  if (row.isBase) return 'base';
  if (row.decodeRatio === null) return UNKNOWN;
  const { shape, text } = speedVerdict(row.decodeRatio.ratio, row.decodeRatio.verdict);
  return `${shape} ${text}`;
};

const headOf = (devices: readonly string[]): readonly string[] => [
  'model',
  'type',
  'size (GiB)',
  'bpw',
  'prefill (t/s)',
  'decode (t/s)',
  'against base',
  'TTFT (ms)',
  'API decode (t/s)',
  'system output (t/s)',
  'memory (GiB)',
  ...devices.map((device) => `${device} (J/token)`),
  'trust',
];

/** The comparison for an issue or a chat: rounded figures with their spread and n. */
export const comparisonMarkdown = (rows: readonly ComparisonRow[]): string => {
  const devices = energyDevices(rows);
  const head = headOf(devices);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    line(head.map((_, index) => (index < 2 ? '---' : '---:'))),
    ...rows.map((row) =>
      line([
        row.name.replaceAll('|', '\\|'),
        row.quantization,
        formatGib(row.sizeBytes),
        formatFigure(row.bitsPerWeight),
        written(row.prefillTps),
        written(row.decodeTps),
        against(row),
        written(row.ttftMs),
        written(row.apiDecodeTps),
        written(row.systemTps),
        formatGib(row.peakResidentBytes),
        ...devices.map((device) => writtenEnergy(rowEnergyOf(row, device))),
        row.trust?.level ?? UNKNOWN,
      ]),
    ),
  ].join('\n');
};

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The comparison for a spreadsheet: unrounded medians, empty where unknown. */
export const comparisonCsv = (rows: readonly ComparisonRow[]): string => {
  const cell = (value: string | number | null | undefined): string =>
    value === null || value === undefined ? '' : quoted(String(value));
  const estimateCells = (estimate: Estimate | null): readonly (number | null)[] => [
    estimate?.median ?? null,
    estimate?.min ?? null,
    estimate?.max ?? null,
    estimate?.n ?? null,
  ];
  /** All repetitions as one count once, and have no range. */
  const energyCells = (energy: RowEnergy | undefined): readonly (number | null)[] =>
    energy?.perToken === null && energy.windowJoulesPerToken !== null
      ? [energy.windowJoulesPerToken, null, null, 1]
      : estimateCells(energy?.perToken ?? null);
  const devices = energyDevices(rows);
  const metrics = [
    'prefill_tps',
    'decode_tps',
    'ttft_ms',
    'api_decode_tps',
    'system_tps',
    ...devices.map((device) => `${device.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}_joules_per_token`),
  ];
  return [
    [
      'model',
      'type',
      'size_bytes',
      'bits_per_weight',
      ...metrics.flatMap((metric) => [metric, `${metric}_min`, `${metric}_max`, `${metric}_n`]),
      'decode_ratio',
      'decode_verdict',
      'peak_resident_bytes',
      'trust',
    ],
    ...rows.map((row) => [
      row.name,
      row.quantization,
      row.sizeBytes,
      row.bitsPerWeight,
      ...[row.prefillTps, row.decodeTps, row.ttftMs, row.apiDecodeTps, row.systemTps].flatMap(estimateCells),
      ...devices.flatMap((device) => energyCells(rowEnergyOf(row, device))),
      row.decodeRatio?.ratio ?? null,
      row.isBase ? 'base' : (row.decodeRatio?.verdict ?? null),
      row.peakResidentBytes,
      row.trust?.level ?? null,
    ]),
  ]
    .map((cells) => cells.map(cell).join(','))
    .join('\n');
};
