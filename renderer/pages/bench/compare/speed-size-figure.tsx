import { useMemo } from 'react';
import type { Comparison } from '../../../../shared/contract/bench.ts';
import { ComparisonScatter } from './comparison-scatter.tsx';
import { speedSizeSpec } from './speed-size.ts';

interface SpeedSizeFigureProps {
  readonly comparison: Comparison;
  readonly availableBytes: number | null;
}

/** The trade-off in one picture: up is faster, left is smaller. */
export const SpeedSizeFigure = ({ comparison, availableBytes }: SpeedSizeFigureProps) => {
  const spec = useMemo(() => speedSizeSpec(comparison, availableBytes), [comparison, availableBytes]);
  return (
    <ComparisonScatter
      rows={comparison.rows}
      spec={spec}
      caption="Decode speed of the engine over file size; the bars reach from the slowest to the fastest repetition, the dotted line joins the files that none beats in both."
      xUnit="GiB"
      columns={[]}
    />
  );
};
