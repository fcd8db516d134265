import type {
  CostBasis,
  CostFigure,
  CostFigures,
  CostReport,
  LocalCost,
} from '../../../shared/contract/local-cost.ts';
import { formatCount, formatCounted, formatFigure } from '../../../shared/units/format.ts';
import { formatAmount, formatMicro } from '../../../shared/units/micro.ts';
import { renderFacts, renderTable } from './table.ts';

export const renderLocal = (local: LocalCost | null): string =>
  local === null
    ? 'What this machine costs is not set.'
    : renderFacts([
        ['energy', `${formatMicro(local.perKwhMicro)} ${local.currency}/kWh`],
        ['hardware', `${formatMicro(local.hardwareMicro)} ${local.currency}`],
        ['written off in', `${local.amortisationYears} years`],
        ['used', `${formatFigure(100 * local.usedShare)} % of the day`],
        [
          'assumed power',
          local.assumedWatts === null ? 'none' : `${local.assumedWatts} W where no counter tells`,
        ],
      ]);

interface Line {
  readonly name: string;
  readonly figures: Omit<CostFigures, 'perHour'> & Partial<Pick<CostFigures, 'perHour'>>;
}

const basisText: Readonly<Record<CostBasis, string>> = {
  measured: 'measured',
  assumed: 'assumed power',
  set: 'as set',
};

const toText = ({ fromMs, toMs, usedHours, settings }: CostReport): string => {
  const time = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
  return `${time(fromMs)} to ${time(toMs)} (UTC), ${formatFigure(usedHours)} h of use at ${formatFigure(100 * settings.usedShare)} % of the day`;
};

const energyText = ({ measured, requests, settings }: CostReport): string => {
  if (measured.requests > 0) {
    const missing = measured.reason === null ? '' : ` Missing: ${measured.reason}.`;
    return `Energy: measured (${measured.devices.join(' + ')}) in ${formatCount(measured.requests)} of ${formatCounted(requests, 'request')}, ${formatFigure(measured.requestJoules)} J, and ${formatFigure(measured.idleJoules)} J while none ran.${missing}`;
  }
  const { assumedWatts } = settings;
  const why = measured.reason ?? 'no request';
  return assumedWatts === null
    ? `Energy: not measured: ${why}.`
    : `Energy: assumed power of ${assumedWatts} W in every hour of use; not measured: ${why}.`;
};

const breakEvenText = ({ sheets }: CostReport): readonly string[] =>
  sheets.map(({ sheet, breakEvenPerHour: { value, reason, unit } }) => {
    const cheaper = value === null ? (reason ?? '') : `from ${formatFigure(value)} ${unit} on`;
    return `Cheaper here than ${sheet.model}: ${cheaper}.`;
  });

const recordedText = ({ recorded, requests, settings }: CostReport): string =>
  recorded === null
    ? `As written, no request was priced in ${settings.currency}.`
    : `As written: ${formatAmount(recorded.amount)} ${recorded.currency} for ${formatCount(recorded.requests)} of ${formatCounted(requests, 'request')}.`;

/** This machine against price sheets: a line each, then what its figures rest on. */
export const renderCosts = (report: CostReport): string => {
  const { currency } = report.settings;
  const lines: readonly Line[] = [
    { name: 'energy', figures: report.energy },
    { name: 'hardware', figures: report.hardware },
    { name: 'this machine', figures: report.total },
    ...report.sheets.map((figures) => ({
      name: `${figures.sheet.model} from ${figures.sheet.fromDay}`,
      figures,
    })),
  ];
  const cell = (figure: CostFigure | undefined): string => formatFigure(figure?.value);
  const reasons = new Set(lines.flatMap(({ figures }) => figures.perRequest.reason ?? []));
  return [
    toText(report),
    `${formatCounted(report.requests, 'request')}, ${formatCounted(report.promptTokens, 'prompt token')} (${formatCount(report.cachedTokens)} cached), ${formatCounted(report.outputTokens, 'output token')}`,
    '',
    renderTable<Line>(
      [
        { head: currency, cell: ({ name }) => name },
        { head: 'per hour of use', align: 'right', cell: ({ figures }) => cell(figures.perHour) },
        { head: 'per request', align: 'right', cell: ({ figures }) => cell(figures.perRequest) },
        {
          head: 'per 1,000 output tokens',
          align: 'right',
          cell: ({ figures }) => cell(figures.perThousandOutputTokens),
        },
        {
          head: 'basis',
          cell: ({ figures: { perRequest } }) =>
            perRequest.basis === null ? '' : basisText[perRequest.basis],
        },
      ],
      lines,
    ),
    '',
    ...[...reasons].map((reason) => `No figure: ${reason}.`),
    energyText(report),
    ...breakEvenText(report),
    recordedText(report),
  ].join('\n');
};
