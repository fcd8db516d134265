import type { NoiseFloor } from '../contract/noise-floor.ts';
import { formatAgo, formatFigure } from './format.ts';

/** Which noise floor verdicts used, or that there is none. */
export const floorSentence = (floor: NoiseFloor | null, nowMs: number): string =>
  floor === null
    ? 'No noise floor was measured for this machine, so a difference counts once the test finds it: "dyno calibrate" measures one.'
    : `Noise floor: the difference between ${floor.arms} equal arms of ${floor.modelId}, ${floor.n} repetitions each, measured ${formatAgo(floor.measuredAtMs, nowMs)}; a smaller difference is not claimed.`;

/** Which noise floor the verdicts of a sweep used, or that there is none. */
export const sweepFloorText = (floorShare: number | null): string =>
  floorShare === null
    ? 'No noise floor was measured for this machine: "dyno calibrate" measures one.'
    : `A gain under ${formatFigure(floorShare * 100)} %, the noise floor of this machine, is not claimed.`;
