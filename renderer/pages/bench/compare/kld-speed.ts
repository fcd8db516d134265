import type { Comparison, ComparisonRow } from '../../../../shared/contract/bench.ts';
import { isPicked } from '../../../../shared/contract/bench-pick.ts';
import { toGib } from '../../../../shared/units/format.ts';
import type { ScatterPoint, ScatterSpec } from '../../../charts/scatter-chart.ts';
import { nameOfRow } from './row-name.ts';
import { roleOf } from './speed-size.ts';

const smallestPx = 4;
const largestPx = 15;

/** Area by file size, so that twice the size looks twice as large. */
const radiusOf = (sizeBytes: number, largestBytes: number): number =>
  Math.max(smallestPx, largestPx * Math.sqrt(sizeBytes / largestBytes));

interface Placed {
  readonly row: ComparisonRow;
  readonly kld: number;
  readonly sizeBytes: number;
}

/**
 * Between the files that fit into free memory and those that do not, where divergence parts them; `null` where all fit,
 * none does, or no line parts them.
 */
const memoryLine = (placed: readonly Placed[], availableBytes: number | null): number | null => {
  if (availableBytes === null) return null;
  const fitting = placed.filter(({ sizeBytes }) => sizeBytes <= availableBytes);
  const tooLarge = placed.filter((one) => !fitting.includes(one));
  if (fitting.length === 0 || tooLarge.length === 0) return null;
  const right = Math.min(...fitting.map(({ kld }) => kld));
  const left = Math.max(...tooLarge.map(({ kld }) => kld));
  return left < right ? ((Math.sqrt(left) + Math.sqrt(right)) / 2) ** 2 : null;
};

/** Decode speed over mean KL divergence; the frontier joins the files that no other one beats in both. */
export const kldSpeedSpec = (comparison: Comparison, availableBytes: number | null): ScatterSpec => {
  const placed = comparison.rows.flatMap((row) =>
    row.decodeTps === null || row.quality === null
      ? []
      : [{ row, kld: row.quality.kld.value, sizeBytes: row.sizeBytes, speed: row.decodeTps }],
  );
  const largestBytes = Math.max(...placed.map(({ sizeBytes }) => sizeBytes));
  const line = memoryLine(placed, availableBytes);
  return {
    points: placed.map(({ row, kld, sizeBytes, speed }): ScatterPoint => ({
      label: nameOfRow(row),
      x: kld,
      y: speed.median,
      yMin: speed.min,
      yMax: speed.max,
      radiusPx: radiusOf(sizeBytes, largestBytes),
      role: roleOf(row, comparison.pick),
    })),
    frontier: placed
      .filter(({ row }) => !row.isDominated || isPicked(row, comparison.pick))
      .map(({ kld, speed }) => ({ x: kld, y: speed.median }))
      .toSorted((left, right) => left.x - right.x),
    xTitle: 'Mean KL divergence (nats, square-root axis) ◂ nearer to the original is better',
    yTitle: 'Decode (t/s) ▸ faster is better',
    xScale: 'square-root',
    xLimit: line === null ? null : { x: line, label: 'left of it: too large for free memory' },
  };
};

/** Which files fit, in words, for the caption. */
export const memoryWords = (comparison: Comparison, availableBytes: number | null): string => {
  if (availableBytes === null) return '';
  const free = `${toGib(availableBytes).toFixed(1)} GiB of free memory`;
  const fitting = comparison.rows.filter(({ sizeBytes }) => sizeBytes <= availableBytes).length;
  return fitting === comparison.rows.length
    ? `All files fit into ${free}.`
    : `${fitting} of ${comparison.rows.length} files fit into ${free}.`;
};
