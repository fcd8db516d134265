import type { NoiseFloor } from '../../../shared/contract/noise-floor.ts';
import { floorShare } from '../verdicts/noise-floor.ts';

/**
 * How far apart the scores of equal arms come out, as a share: decode and prefill at their floors, both in the same
 * direction, weighted as the score decode^w × prefill^(1 − w) is. `null` where a metric that counts has no floor.
 */
export const scoreFloor = (floor: NoiseFloor | null, decodeWeight: number): number | null => {
  const parts = [
    { weight: decodeWeight, share: floorShare(floor, 'engine', 'decodeTps') },
    { weight: 1 - decodeWeight, share: floorShare(floor, 'engine', 'prefillTps') },
  ].filter(({ weight }) => weight > 0);
  return parts.reduce<number | null>(
    (whole, { weight, share }) =>
      whole === null || share === null ? null : (1 + whole) * (1 + share) ** weight - 1,
    0,
  );
};
