import type { Estimate } from '../../shared/contract/common.ts';
import { writeEstimate } from '../../shared/units/estimate.ts';
import { Explained } from './explained.tsx';
import classes from './estimate-text.module.css';
import { Unknown } from './unknown.tsx';

interface EstimateTextProps {
  readonly estimate: Estimate | null | undefined;
  /** Why there is none. */
  readonly reason?: string;
  /** From the stored unit to the one in the column head. */
  readonly divisor?: number;
}

/** `61.4 ± 0.8 n 5`: the median, its spread in a lighter tone, and how often it was measured. */
export const EstimateText = ({
  estimate,
  reason = 'not measured in this run',
  divisor = 1,
}: EstimateTextProps) => {
  if (estimate === null || estimate === undefined) return <Unknown reason={reason} />;
  const written = writeEstimate(estimate, divisor);
  return (
    <Explained reason={written.detail} className={classes.estimate}>
      <span className={classes.value}>{written.value}</span>
      <span className={classes.spread}>
        {written.spread === null ? '' : ` ± ${written.spread}`}{' '}
        <span className={classes.n}>n {written.n}</span>
      </span>
    </Explained>
  );
};
