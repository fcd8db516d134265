import type { Comparison, ComparisonRow } from '../../../../shared/contract/bench.ts';
import { toGib } from '../../../../shared/units/format.ts';
import type { ScatterPoint, ScatterSpec } from '../../../charts/scatter-chart.ts';

/** What a row is among the others. */
export const roleOf = (row: ComparisonRow, pickModelId: string | null): ScatterPoint['role'] => {
  if (row.modelId === pickModelId) return 'pick';
  if (row.isBase) return 'base';
  return row.isDominated ? 'dominated' : 'plain';
};

/** Decode speed over file size; the frontier joins the files that no other one beats in both. */
export const speedSizeSpec = (comparison: Comparison, availableBytes: number | null): ScatterSpec => {
  const pickModelId = comparison.pick?.modelId ?? null;
  const measured = comparison.rows.flatMap((row) =>
    row.decodeTps === null ? [] : [{ row, x: toGib(row.sizeBytes), speed: row.decodeTps }],
  );
  const hasSeveralNames = new Set(comparison.rows.map((row) => row.name)).size > 1;
  return {
    points: measured.map(({ row, x, speed }) => ({
      label: hasSeveralNames ? `${row.name} ${row.quantization}` : row.quantization,
      x,
      y: speed.median,
      yMin: speed.min,
      yMax: speed.max,
      role: roleOf(row, pickModelId),
    })),
    frontier: measured
      .filter(({ row }) => !row.isDominated || row.modelId === pickModelId)
      .map(({ x, speed }) => ({ x, y: speed.median }))
      .toSorted((left, right) => left.x - right.x),
    xTitle: 'File size (GiB) ◂ smaller is better',
    yTitle: 'Decode (t/s) ▸ faster is better',
    xLimit: availableBytes === null ? null : { x: toGib(availableBytes), label: 'free memory' },
  };
};
