import type { ReactNode } from 'react';
import classes from './states.module.css';

/** One sentence that teaches, and one button. */
export const EmptyState = ({ text, action }: { readonly text: string; readonly action?: ReactNode }) => (
  <div className={classes.state}>
    <p>{text}</p>
    {action}
  </div>
);
