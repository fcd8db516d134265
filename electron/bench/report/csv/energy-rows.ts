import type { DeviceEnergy } from '../../../../shared/contract/conditions.ts';
import type { ReportedRun } from '../../../../shared/contract/report.ts';
import { metricDefinitions } from '../../../../shared/metrics/definitions.ts';
import { leftOutOf, noSpreadReason, silenceOf } from '../../../../shared/units/energy.ts';
import { cellColumns, estimateColumns, type Row } from './columns.ts';

const figures = [
  ['energyPerToken', 'perToken', 'joulesPerToken'],
  ['energyPerTokenAboveIdle', 'perTokenAboveIdle', 'joulesPerTokenAboveIdle'],
] as const;

/** The columns of one figure; where the repetitions have none, the window over all of them stands in, as `window`. */
const figureColumns = (energy: DeviceEnergy, [, over, within]: (typeof figures)[number]): Row => {
  const estimate = energy[over];
  if (estimate !== null) return { ...estimateColumns(estimate), reason: leftOutOf(energy) };
  const silence = silenceOf(energy);
  if (silence !== null) return { reason: silence };
  const window = energy.perToken === null ? (energy.value?.[within] ?? null) : null;
  return window === null
    ? { reason: 'the idle draw was not seen, or lay above the draw under load' }
    : { value: window, n: 1, statistic: 'window', reason: noSpreadReason(energy) };
};

/** Joules per token of every cell and device, gross and above idle; where a figure is missing, `reason` says why. */
export const energyCsvRows = ({ run }: ReportedRun): readonly Row[] =>
  run.cells.flatMap((cell) =>
    (cell.conditions?.energy ?? []).flatMap((energy) =>
      figures.map((figure): Row => ({
        ...cellColumns(run, cell),
        metric: figure[0],
        unit: metricDefinitions.energyPerToken.unit,
        device: energy.device,
        ...figureColumns(energy, figure),
      })),
    ),
  );
