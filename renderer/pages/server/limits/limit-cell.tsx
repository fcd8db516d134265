import type { LimitUse } from '../../../../shared/contract/limits.ts';
import { formatCount, formatRough } from '../../../../shared/units/format.ts';
import { Unknown } from '../../../ui/unknown.tsx';
import classes from './limits.module.css';

interface LimitCellProps {
  readonly limit: number | null;
  readonly use: LimitUse | undefined;
}

/** What is used of a limit now, and when all of it is there again. */
const UseText = ({ use }: { readonly use: LimitUse }) => {
  const used = Math.max(0, use.limit - use.remaining);
  const whole = use.resetMs === null || use.resetMs <= 0 ? '' : `, whole in ${formatRough(use.resetMs)}`;
  return (
    <>
      <meter
        className={classes.meter}
        min={0}
        max={use.limit}
        value={used}
        aria-label={`${used} of ${use.limit} used`}
      />
      <div className={classes.use}>
        {formatCount(used)} {use.resource === 'concurrency' ? 'in flight' : 'used'},{' '}
        {formatCount(use.remaining)} left{whole}
      </div>
    </>
  );
};

/** One limit with what is used of it now. */
export const LimitCell = ({ limit, use }: LimitCellProps) => {
  if (limit === null) return <Unknown reason="no limit of its own" />;
  return (
    <>
      {formatCount(limit)}
      {use === undefined ? null : <UseText use={use} />}
    </>
  );
};
