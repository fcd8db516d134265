import type {
  CostBasis,
  CostFigure,
  CostFigures,
  CostReport,
  SheetComparison,
} from '../../../../shared/contract/local-cost.ts';
import { formatCount, formatCounted, formatFigure } from '../../../../shared/units/format.ts';
import { formatAmount } from '../../../../shared/units/micro.ts';

/** A line of the table: a part of what the machine costs, or a price sheet beside it. */
export interface CostLine {
  readonly name: string;
  readonly perHour: CostFigure | null;
  readonly perRequest: CostFigure;
  readonly perThousandOutputTokens: CostFigure;
  /** Requests in an hour of use; `null` for what is of this machine. */
  readonly breakEven: CostFigure | null;
}

const ofMachine = (name: string, figures: CostFigures): CostLine => ({ name, ...figures, breakEven: null });

const ofSheet = ({ sheet, breakEvenPerHour, ...figures }: SheetComparison): CostLine => ({
  name: `${sheet.model} from ${sheet.fromDay}`,
  perHour: null,
  perRequest: figures.perRequest,
  perThousandOutputTokens: figures.perThousandOutputTokens,
  breakEven: breakEvenPerHour,
});

/** This machine's energy, hardware and sum, then each price sheet of its currency. */
export const costLines = ({ energy, hardware, total, sheets }: CostReport): readonly CostLine[] => [
  ofMachine('Energy', energy),
  ofMachine('Hardware', hardware),
  ofMachine('This machine', total),
  ...sheets.map(ofSheet),
];

/** What a figure rests on, as people say it. */
export const basisWords: Readonly<Record<CostBasis, string>> = {
  measured: 'measured',
  assumed: 'assumed power',
  set: 'as set',
};

/** What the energy of the report rests on, in a sentence. */
export const energySentence = ({ measured, requests, settings }: CostReport): string => {
  if (measured.requests > 0) {
    const missing = measured.reason === null ? '' : ` Missing: ${measured.reason}.`;
    return `Energy is measured (${measured.devices.join(' + ')}) in ${formatCount(measured.requests)} of ${formatCounted(requests, 'request')}: ${formatFigure(measured.requestJoules)} J, and ${formatFigure(measured.idleJoules)} J while none ran.${missing}`;
  }
  const why = measured.reason ?? 'there was no request';
  return settings.assumedWatts === null
    ? `Energy is not measured (${why}) and no power is assumed, so this machine has no sum.`
    : `Energy is not measured (${why}): ${formatFigure(settings.assumedWatts)} W are assumed in every hour of use.`;
};

/** What the requests were priced at when they came, in a sentence. */
export const recordedSentence = ({ recorded, requests, settings }: CostReport): string =>
  recorded === null
    ? `No request of this time was priced in ${settings.currency} when it came.`
    : `Priced when they came: ${formatAmount(recorded.amount)} ${recorded.currency} for ${formatCount(recorded.requests)} of ${formatCounted(requests, 'request')}.`;
