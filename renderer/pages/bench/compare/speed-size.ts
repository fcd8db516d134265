import type { Comparison, ComparisonRow } from '../../../../shared/contract/bench.ts';
import { isPicked } from '../../../../shared/contract/bench-pick.ts';
import { toGib } from '../../../../shared/units/format.ts';
import type { ScatterPoint, ScatterSpec } from '../../../charts/scatter-chart.ts';
import { nameOfRow } from './row-name.ts';

/** What a row is among the others. */
export const roleOf = (row: ComparisonRow, pick: Comparison['pick']): ScatterPoint['role'] => {
  if (isPicked(row, pick)) return 'pick';
  if (row.isBase) return 'base';
  return row.isDominated ? 'dominated' : 'plain';
};

/** Decode speed over file size; the frontier joins the files that no other one beats in both. */
export const speedSizeSpec = (comparison: Comparison, availableBytes: number | null): ScatterSpec => {
  const measured = comparison.rows.flatMap((row) =>
    row.decodeTps === null ? [] : [{ row, x: toGib(row.sizeBytes), speed: row.decodeTps }],
  );
  const hasSeveralNames = new Set(comparison.rows.map((row) => row.name)).size > 1;
  return {
    points: measured.map(({ row, x, speed }) => ({
      label: hasSeveralNames ? `${row.name} ${nameOfRow(row)}` : nameOfRow(row),
      x,
      y: speed.median,
      yMin: speed.min,
      yMax: speed.max,
      role: roleOf(row, comparison.pick),
    })),
    frontier: measured
      .filter(({ row }) => !row.isDominated || isPicked(row, comparison.pick))
      .map(({ x, speed }) => ({ x, y: speed.median }))
      .toSorted((left, right) => left.x - right.x),
    xTitle: 'File size (GiB) ◂ smaller is better',
    yTitle: 'Decode (t/s) ▸ faster is better',
    xLimit: availableBytes === null ? null : { x: toGib(availableBytes), label: 'free memory' },
  };
};
