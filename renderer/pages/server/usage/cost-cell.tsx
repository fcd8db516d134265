import type { UsageCost } from '../../../../shared/contract/usage.ts';
import { formatCounted } from '../../../../shared/units/format.ts';
import { formatAmount } from '../../../../shared/units/micro.ts';
import { Explained } from '../../../ui/explained.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import classes from '../access/access.module.css';

/** What a group came to, a line per currency; what has no price is told apart, never 0. */
export const CostCell = ({ costs }: { readonly costs: readonly UsageCost[] }) => {
  if (costs.length === 0)
    return <Unknown reason="no price held when these requests came: set one on the tab Costs" />;
  return costs.map(({ currency, amount, requests, unpricedTokens }) => (
    <div key={currency}>
      <Explained
        className={classes.whole}
        reason={`priced in ${currency}: ${formatCounted(requests, 'request')}; without a price in it: ${formatCounted(unpricedTokens, 'token')}`}
      >
        {formatAmount(amount)} {currency}
      </Explained>
      {unpricedTokens === 0 ? null : (
        <div className={classes.sub}>and {formatCounted(unpricedTokens, 'token')} without a price</div>
      )}
    </div>
  ));
};
