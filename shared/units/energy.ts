import type { Cell, ComparisonRow } from '../contract/bench.ts';
import type { DeviceEnergy, RowEnergy } from '../contract/conditions.ts';
import { writeEstimate } from './estimate.ts';
import { formatDuration, formatFigure, UNKNOWN } from './format.ts';

/** A device's energy in one cell, in the unit it is told in. */
export interface EnergyRow {
  readonly cell: Pick<Cell, 'id' | 'modelId' | 'test' | 'ladder'>;
  /** What the joules are divided by: prompt tokens, generated tokens, or answer tokens with their prompts' work in. */
  readonly per: string;
  readonly energy: DeviceEnergy;
}

const perWords = {
  prefill: 'prompt token',
  decode: 'token',
  mixed: 'answer token, prompts included',
} as const;

/** One row per measured cell and device. */
export const energyRows = (cells: readonly Cell[]): readonly EnergyRow[] =>
  cells.flatMap((cell) =>
    (cell.conditions?.energy ?? []).map((energy) => ({
      cell,
      per: perWords[cell.conditions?.phase ?? 'mixed'],
      energy,
    })),
  );

/** Why there is no figure at all, neither over the repetitions nor over all of them as one; `null` where there is. */
export const silenceOf = ({ value, reason, perToken }: DeviceEnergy): string | null =>
  value === null && perToken === null ? (reason ?? 'not measured') : null;

/** Why a device has no figure over repetitions, where it has one over all of them as one. */
export const noSpreadReason = ({ repetitions }: Pick<DeviceEnergy, 'repetitions'>): string =>
  repetitions.find(({ reason }) => reason !== null)?.reason ?? 'this run did not tell the repetitions apart';

/** Repetitions left out of the median, `1 of 5 repetitions left out: …`; `null` where none was. */
export const leftOutOf = ({ repetitions }: Pick<DeviceEnergy, 'repetitions'>): string | null => {
  const silent = repetitions.filter(({ value }) => value === null);
  return silent.length === 0
    ? null
    : `${silent.length} of ${repetitions.length} repetitions left out: ${noSpreadReason({ repetitions })}`;
};

const figureOf = (estimate: NonNullable<DeviceEnergy['perToken']>): string => {
  const { value, spread } = writeEstimate(estimate);
  return spread === null ? value : `${value} ± ${spread}`;
};

const perTokenParts = (per: string, energy: DeviceEnergy): readonly string[] => {
  const { perToken, perTokenAboveIdle, value } = energy;
  if (perToken === null) {
    if (value === null) return [];
    const above = value.joulesPerTokenAboveIdle;
    return [
      `${formatFigure(value.joulesPerToken)} J per ${per}`,
      above === null ? 'idle draw not known' : `${formatFigure(above)} J above idle`,
      `all repetitions as one, so without a spread (${noSpreadReason(energy)})`,
    ];
  }
  return [
    `${figureOf(perToken)} J per ${per} (n ${perToken.n})`,
    perTokenAboveIdle === null ? 'idle draw not known' : `${figureOf(perTokenAboveIdle)} J above idle`,
    ...[leftOutOf(energy) ?? []].flat(),
  ];
};

/**
 * `0.600 ± 0.012 J per token (n 5), 0.500 ± 0.012 J above idle; 60.0 W over 10.0 s, 21 readings`: median and standard
 * deviation over the repetitions, mean power over all of them; or the reason why there is none.
 */
export const writeEnergy = ({ per, energy }: EnergyRow): string => {
  const silence = silenceOf(energy);
  if (silence !== null) return `unknown: ${silence}`;
  const { value, reason } = energy;
  const power =
    value === null
      ? `mean power unknown: ${reason ?? 'not measured'}`
      : `${formatFigure(value.joules / value.seconds)} W over ${formatDuration(value.seconds * 1000)}, ${value.readings} readings`;
  return `${perTokenParts(per, energy).join(', ')}; ${power}`;
};

/** Devices that tell their energy in a row at least, in order: a column each. */
export const energyDevices = (rows: readonly Pick<ComparisonRow, 'energy'>[]): readonly string[] => [
  ...new Set(
    rows.flatMap(({ energy }) =>
      energy
        .filter(({ perToken, windowJoulesPerToken }) => perToken !== null || windowJoulesPerToken !== null)
        .map(({ device }) => device),
    ),
  ),
];

export const rowEnergyOf = (row: Pick<ComparisonRow, 'energy'>, device: string): RowEnergy | undefined =>
  row.energy.find((one) => one.device === device);

/** `0.600 ± 0.012 (n 5)`, or `0.600 (no spread)` where the repetitions are too short to be told one by one. */
export const writeRowEnergy = (energy: RowEnergy | undefined): string => {
  if (energy === undefined) return UNKNOWN;
  if (energy.perToken !== null) return `${figureOf(energy.perToken)} (n ${energy.perToken.n})`;
  return energy.windowJoulesPerToken === null
    ? UNKNOWN
    : `${formatFigure(energy.windowJoulesPerToken)} (no spread)`;
};

/** Said below a comparison with a column of energy. */
export const energyNote =
  'J/token is the energy of the named device alone in the decode test, idle draw included; no spread: the repetitions are too short to be told one by one.';
