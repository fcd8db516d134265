import { useMemo } from 'react';
import type { Comparison, ComparisonRow } from '../../../../shared/contract/bench.ts';
import type { Column } from '../../../ui/data-table.tsx';
import { FigureText } from '../../../ui/figure-text.tsx';
import { ComparisonScatter } from './comparison-scatter.tsx';
import { kldSpeedSpec, memoryWords } from './kld-speed.ts';

interface KldSpeedFigureProps {
  readonly comparison: Comparison;
  readonly availableBytes: number | null;
}

const columns: readonly Column<ComparisonRow>[] = [
  {
    id: 'kld',
    title: 'KLD, nats',
    isNumeric: true,
    render: (row) => <FigureText figure={row.quality?.kld} n={row.quality?.n} />,
    sortBy: (row) => row.quality?.kld.value ?? null,
  },
];

/** The trade-off a quantization is: up is faster, left is nearer to the unquantized file. */
export const KldSpeedFigure = ({ comparison, availableBytes }: KldSpeedFigureProps) => {
  const spec = useMemo(() => kldSpeedSpec(comparison, availableBytes), [comparison, availableBytes]);
  return (
    <ComparisonScatter
      rows={comparison.rows}
      spec={spec}
      caption={`Decode speed of the engine over mean KL divergence from the unquantized file; area = file size, bars from the slowest to the fastest repetition, the dotted line joins the files that none beats in both, and the recommended one; a cross is beaten. ${memoryWords(comparison, availableBytes)}`}
      xUnit="nats"
      columns={columns}
    />
  );
};
