import type { BudgetUse } from '../../../../shared/contract/budgets.ts';
import classes from './budgets.module.css';
import { shareText } from './budget-words.ts';

interface UseBarProps {
  readonly use: BudgetUse;
  /** What a screen reader says of it. */
  readonly label: string;
}

/** How much of a budget is used, with a mark at each share that is told; a mark that was passed is filled. */
export const UseBar = ({ use, label }: UseBarProps) => {
  const { budget, used, alerts } = use;
  const share = used / budget.limit;
  const told = new Set(alerts.map(({ percent }) => percent));
  return (
    <div className={classes.share}>
      <span
        className={classes.bar}
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(100, Math.round(100 * share))}
      >
        <span
          className={classes.fill}
          data-tone={share >= 1 ? 'bad' : told.size > 0 ? 'warn' : 'good'}
          style={{ width: `${Math.min(100, 100 * share)}%` }}
        />
        {budget.alertPercents.map((percent) => (
          <span
            key={percent}
            className={classes.mark}
            data-told={told.has(percent)}
            style={{ left: `${percent}%` }}
            title={told.has(percent) ? `told at ${percent} %` : `will be told at ${percent} %`}
          />
        ))}
      </span>
      <span className="figures">{shareText(use)}</span>
    </div>
  );
};
