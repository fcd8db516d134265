import { Button } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Problem } from '../transport/problem.ts';
import classes from './states.module.css';

interface FailedStateProps {
  readonly problem: Problem;
  readonly onRetry?: (() => void) | undefined;
  readonly action?: ReactNode;
}

/** What happened, why, and the next step as a button. */
export const FailedState = ({ problem, onRetry, action }: FailedStateProps) => (
  <div className={classes.failed} role="alert">
    <IconAlertCircle size={18} aria-hidden className={classes.failedIcon} />
    <div>
      <p className={classes.failedTitle}>{problem.title}</p>
      {problem.detail === undefined ? null : <p>{problem.detail}</p>}
      {problem.hint === undefined ? null : <p className={classes.hint}>{problem.hint}</p>}
      <div className={classes.failedActions}>
        {onRetry === undefined ? null : (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
        {action}
        <span className={`mono ${classes.code}`}>{problem.code}</span>
      </div>
    </div>
  </div>
);
