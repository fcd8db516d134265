import type { Cell } from '../contract/bench.ts';
import type { DeviceEnergy } from '../contract/conditions.ts';
import { formatDuration, formatFigure } from './format.ts';

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

/** `0.600 J per token, 0.500 J above idle; 60.0 W over 10.0 s`, or the reason why there is none. */
export const writeEnergy = ({ per, energy: { value, reason } }: EnergyRow): string => {
  if (value === null) return `unknown: ${reason ?? 'not measured'}`;
  const above =
    value.joulesPerTokenAboveIdle === null
      ? 'idle draw not known'
      : `${formatFigure(value.joulesPerTokenAboveIdle)} J above idle`;
  return `${formatFigure(value.joulesPerToken)} J per ${per}, ${above}; ${formatFigure(value.joules / value.seconds)} W over ${formatDuration(value.seconds * 1000)}, n ${value.readings}`;
};
